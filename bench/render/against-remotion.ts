// The way of videos made with Remotion, which captures a browser too: our few lines as its composition, the same layers,
// camera, caption and settings of x264, JPEG frames as is its default, rendered by one page and by two; then once more
// with every setting as it comes (crf 18, medium). Its packages are installed into a folder that is removed after, and
// none of its code is kept. Its licence (LICENSE.md in 4.0.529) allows that: "You are eligible to use Remotion for free if
// you are: […] evaluating whether Remotion is a good fit, and are not yet using it in a commercial way". Whoever runs this
// must be eligible themselves.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { RenderSceneInput } from '../../src/ports/media-tools.ts';
import { captureScene } from './captured-scene.ts';
import { installWithChromium, orNotToBeHad } from './carried-chromium.ts';
import { type Contestant, type Measured, takeTurns } from './turns.ts';

const packages = [
  ...['remotion', '@remotion/bundler', '@remotion/renderer'].map((name) => `${name}@4.0.529`),
  ...['react', 'react-dom'].map((name) => `${name}@19.3.1`),
];
const rounds = 3;
const answerMs = 600_000;
const stopMs = 20_000;
/** Those of src/render/encoder.ts: what Remotion has no option for goes straight to FFmpeg. */
const likeOurs = {
  crf: 20,
  x264Preset: 'veryfast',
  colorSpace: 'bt709',
  x264: [
    '-bf',
    '0',
    '-x264-params',
    'open-gop=0:scenecut=0:aq-mode=1:partitions=none:8x8dct=0:subme=1:me=dia:rc-lookahead=5:merange=4',
  ],
};
const itsOwn = { x264: [] };

/** `ours` first. Throws `NotToBeHad`, and Error with what Remotion said when it fails. */
export async function compareWithRemotion(
  ours: Contestant,
  input: RenderSceneInput,
  folder: string,
): Promise<{ measured: Measured[]; bundleSeconds: number }> {
  const prefix = join(folder, 'remotion');
  const { executablePath } = await installWithChromium(prefix, packages);
  const project = join(prefix, 'project');
  await layOut(project, input);
  const driver = fork(join(project, 'driver.mjs'), [executablePath], {
    cwd: prefix,
    env: { ...process.env, TMPDIR: prefix },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  try {
    const answers = listen(driver);
    const { bundleSeconds } = (await orNotToBeHad(answers())) as { bundleSeconds: number };
    const contestant = (name: string, settings: object): Contestant => ({
      name: `Remotion, ${name}`,
      run: async () => {
        driver.send(settings);
        return ((await answers()) as { frames: number }).frames;
      },
    });
    const contestants = [
      ours,
      contestant('one page', { ...likeOurs, concurrency: 1 }),
      contestant('two pages', { ...likeOurs, concurrency: 2 }),
      contestant('all as it comes', itsOwn),
    ];
    return { measured: await takeTurns(contestants, rounds), bundleSeconds };
  } finally {
    await stop(driver);
  }
}

async function layOut(project: string, input: RenderSceneInput): Promise<void> {
  await mkdir(join(project, 'public'), { recursive: true });
  for (const name of ['composition.js', 'driver.mjs']) {
    await copyFile(fileURLToPath(new URL(`remotion/${name}`, import.meta.url)), join(project, name));
  }
  const { layers, ...scene } = await captureScene(input);
  const files = layers.map((layer, i) => ({ ...layer, file: `layer-${i}.png` }));
  for (const { png, file } of files) await writeFile(join(project, 'public', file), png);
  const named = files.map(({ file, width, height }) => ({ file, width, height }));
  await writeFile(join(project, 'scene.json'), JSON.stringify({ ...scene, layers: named }));
}

/** Each call gives the driver's next answer. */
function listen(driver: ChildProcess): () => Promise<unknown> {
  let said = '';
  driver.stderr!.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2_000);
  });
  return async () => {
    const waiting = new AbortController();
    const signal = AbortSignal.any([waiting.signal, AbortSignal.timeout(answerMs)]);
    try {
      const [answer] = await Promise.race([
        once(driver, 'message', { signal }),
        once(driver, 'exit', { signal }).then(([code]) => [{ error: `ended with ${code}: ${said.trim()}` }]),
      ]);
      if (answer.error !== undefined) throw new Error(`Remotion: ${answer.error}`);
      return answer;
    } finally {
      waiting.abort();
    }
  };
}

/** It closes its browser and ends by itself once nobody listens. */
async function stop(driver: ChildProcess): Promise<void> {
  if (driver.exitCode !== null || driver.signalCode !== null) return;
  const ended = once(driver, 'exit');
  if (driver.connected) driver.disconnect();
  const tooLong = setTimeout(() => driver.kill(), stopMs);
  await ended;
  clearTimeout(tooLong);
}
