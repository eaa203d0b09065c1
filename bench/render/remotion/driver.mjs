// Renders the composition beside it whenever it is told to, as a process of its own with Remotion's packages around it.
// Bundling, starting the browser and choosing the composition are done once, before the first rendering.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from '@remotion/bundler';
import { openBrowser, renderMedia, selectComposition } from '@remotion/renderer';

const beside = (name) => fileURLToPath(new URL(name, import.meta.url));
const [browserExecutable] = process.argv.slice(2);
const inputProps = JSON.parse(await readFile(beside('scene.json'), 'utf8'));
const startedAt = performance.now();
const serveUrl = await bundle({ entryPoint: beside('composition.js'), publicDir: beside('public') });
const bundleSeconds = (performance.now() - startedAt) / 1000;
const puppeteerInstance = await openBrowser('chrome', { browserExecutable });
const browser = { browserExecutable, puppeteerInstance };
const composition = await selectComposition({ serveUrl, id: 'scene', inputProps, ...browser });

process.on('message', async ({ x264, ...settings }) => {
  try {
    await renderMedia({
      ...browser,
      serveUrl,
      composition,
      inputProps,
      codec: 'h264',
      muted: true,
      ...settings,
      outputLocation: beside('remotion.mp4'),
      ffmpegOverride: ({ args }) => [...args.slice(0, -1), ...x264, args.at(-1)],
    });
    process.send({ frames: composition.durationInFrames });
  } catch (error) {
    process.send({ error: error.message });
  }
});
process.on('disconnect', async () => {
  await puppeteerInstance.close({ silent: true });
  process.exit();
});
process.send({ bundleSeconds });
