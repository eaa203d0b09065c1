// The way of browser-made videos: the same layers as pictures moved by CSS, the same caption, each frame a screenshot
// over the DevTools protocol, into the same encoder. Chromium is fetched from npm into a folder that is removed after.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createCanvas, loadImage } from '@napi-rs/canvas';

import type { RenderSceneInput } from '../../src/ports/media-tools.ts';
import { createSceneEncoder } from '../../src/render/encoder.ts';
import { rgbaToPlanar } from '../../src/render/planar.ts';
import { type CapturedScene, captureScene } from './captured-scene.ts';
import { installWithChromium, orNotToBeHad } from './carried-chromium.ts';
import { type Contestant, type Measured, takeTurns } from './turns.ts';

const playwright = 'playwright-core@1.65.1';
const mostFrames = 40;
const rounds = 5;

interface Page {
  setContent(html: string, options: { waitUntil: 'load' }): Promise<void>;
  evaluate(script: string): Promise<unknown>;
  context(): {
    newCDPSession(page: Page): Promise<{ send(method: string, params: object): Promise<{ data: string }> }>;
  };
}
interface Browser {
  newPage(options: { viewport: { width: number; height: number } }): Promise<Page>;
  close(): Promise<void>;
}
interface Playwright {
  chromium: {
    launch(options: { executablePath: string; args: string[]; headless: boolean }): Promise<Browser>;
  };
}

/** `ours` first. Throws `NotToBeHad`. */
export async function compareWithBrowser(
  ours: Contestant,
  input: RenderSceneInput,
  folder: string,
): Promise<Measured[]> {
  const browser = await launch(join(folder, 'browser'));
  try {
    const page = await browser.newPage({ viewport: input.format });
    await page.setContent(pageOf(await captureScene(input)), { waitUntil: 'load' });
    const run = () => capture(page, input, join(folder, 'browser.mp4'));
    return await takeTurns([ours, { name: 'headless Chromium, captured', run }], rounds);
  } finally {
    await browser.close();
  }
}

async function launch(prefix: string): Promise<Browser> {
  const carried = await installWithChromium(prefix, [playwright]);
  const path = createRequire(join(prefix, 'package.json')).resolve('playwright-core');
  const { default: loaded } = (await import(pathToFileURL(path).href)) as { default: Playwright };
  return orNotToBeHad(loaded.chromium.launch({ ...carried, headless: true }));
}

async function capture(page: Page, { format }: RenderSceneInput, file: string): Promise<number> {
  const { width, height } = format;
  const devtools = await page.context().newCDPSession(page);
  const encoder = await createSceneEncoder(file, format);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  try {
    for (let frame = 0; frame < mostFrames; frame++) {
      await page.evaluate(`show(${frame})`);
      const shot = await devtools.send('Page.captureScreenshot', { format: 'jpeg', quality: 95 });
      context.drawImage(await loadImage(Buffer.from(shot.data, 'base64')), 0, 0);
      const planar = rgbaToPlanar(context.getImageData(0, 0, width, height).data, width, height, {
        alpha: false,
      });
      await encoder.write(({ planes }) => {
        const full = width * height;
        planes[0].set(planar.subarray(0, full));
        planes[1].set(planar.subarray(full, full * 1.25));
        planes[2].set(planar.subarray(full * 1.25));
      });
    }
    await encoder.finish();
  } finally {
    await encoder.close();
  }
  return mostFrames;
}

function pageOf({ layers, words, frames, css }: CapturedScene): string {
  const images = layers.map(
    ({ png }) => `<img class="layer" src="data:image/png;base64,${png.toString('base64')}">`,
  );
  const spans = words.map((text) => `<span>${text}</span>`).join(' ');
  return `<style>${css}</style>${images.join('')}<p>${spans}</p><script>
    const frames = ${JSON.stringify(frames)};
    function show(frame) {
      const { transforms, spoken } = frames[frame];
      document.querySelectorAll('.layer').forEach((layer, i) => layer.style.transform = transforms[i]);
      document.querySelectorAll('span').forEach((word, i) => word.className = i === spoken ? 'spoken' : '');
      return new Promise((shown) => requestAnimationFrame(() => shown()));
    }
  </script>`;
}
