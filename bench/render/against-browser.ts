// The way of browser-made videos: the same layers as pictures moved by CSS, the same caption, each frame a screenshot
// over the DevTools protocol, into the same encoder. Chromium is fetched from npm into a folder that is removed after.
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas';

import type { RenderSceneInput } from '../../src/ports/media-tools.ts';
import { createSceneEncoder } from '../../src/render/encoder.ts';
import { readLayer, rgbaToPlanar } from '../../src/render/planar.ts';

const packages = ['playwright-core@1.65.1', '@sparticuz/chromium@153.0.0'];
const installMs = 180_000;
const mostFrames = 40;

export type BrowserSpeed = { framesPerSecond: number } | { notRun: string };

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
interface CarriedChromium {
  executablePath(): Promise<string>;
  args: string[];
}

export async function measureBrowser(input: RenderSceneInput, folder: string): Promise<BrowserSpeed> {
  let browser: Browser;
  try {
    browser = await launch(join(folder, 'browser'));
  } catch (error) {
    return { notRun: (error as Error).message.split('\n')[0]! };
  }
  try {
    return { framesPerSecond: await capture(browser, input, folder) };
  } finally {
    await browser.close();
  }
}

async function launch(prefix: string): Promise<Browser> {
  await mkdir(prefix);
  const options = ['--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', '--prefix', prefix, ...options, ...packages], {
    timeout: installMs,
  });
  const { resolve } = createRequire(join(prefix, 'package.json'));
  const load = async (name: string): Promise<unknown> => {
    const loaded = await import(pathToFileURL(resolve(name)).href);
    return loaded.default ?? loaded;
  };
  const { chromium } = (await load('playwright-core')) as Playwright;
  const carried = (await load('@sparticuz/chromium')) as CarriedChromium;
  return chromium.launch({
    executablePath: await carried.executablePath(),
    args: carried.args,
    headless: true,
  });
}

async function capture(browser: Browser, input: RenderSceneInput, folder: string): Promise<number> {
  const { width, height } = input.format;
  const page = await browser.newPage({ viewport: { width, height } });
  await page.setContent(await pageOf(input), { waitUntil: 'load' });
  const devtools = await page.context().newCDPSession(page);
  const encoder = await createSceneEncoder(join(folder, 'browser.mp4'), input.format);
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const startedAt = performance.now();
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
  return mostFrames / ((performance.now() - startedAt) / 1000);
}

/** Layers on top of each other, each moved and scaled by its depth; the spoken word of the caption marked. */
async function pageOf({ art, scene, format }: RenderSceneInput): Promise<string> {
  const layers: string[] = [];
  for (const [index, info] of art.info.layers.entries()) {
    const url = await pngUrl(await readLayer(art.layers[index]!, info), info);
    layers.push(`<img class="layer" data-depth="${info.depth}" src="${url}">`);
  }
  const words = scene.words.map(({ text }) => `<span>${text}</span>`).join(' ');
  const starts = JSON.stringify(scene.words.map(({ startMs }) => startMs));
  return `<style>
    body { margin: 0; overflow: hidden; background: #000 }
    .layer { position: absolute; left: -8%; top: -8%; width: 116%; height: 116%; will-change: transform }
    p { position: absolute; bottom: 12%; width: 100%; text-align: center; font: bold 64px sans-serif; color: #fff;
        text-shadow: 0 2px 8px #000 }
    .spoken { color: #fc5 }
  </style>${layers.join('')}<p>${words}</p><script>
    const starts = ${starts};
    function show(frame) {
      const ms = frame * 1000 / ${format.fps};
      for (const layer of document.querySelectorAll('.layer')) {
        const depth = Number(layer.dataset.depth);
        layer.style.transform = 'translate(' + -frame * 0.3 * (1 + depth) + 'px,0) scale(' + (1 + frame * 0.0002 * (1 + depth)) + ')';
      }
      document.querySelectorAll('span').forEach((word, i) =>
        word.className = ms >= starts[i] && ms < (starts[i + 1] ?? 1e9) ? 'spoken' : '');
      return new Promise((shown) => requestAnimationFrame(() => shown()));
    }
  </script>`;
}

/** Planar BT.709 back to a PNG. */
async function pngUrl(
  planar: Uint8Array,
  { width, height, alpha }: { width: number; height: number; alpha: boolean },
): Promise<string> {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const full = width * height;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const chroma = full + (row >> 1) * (width >> 1) + (column >> 1);
      const y = 1.1644 * (planar[at]! - 16);
      const u = planar[chroma]! - 128;
      const v = planar[chroma + full / 4]! - 128;
      rgba[4 * at] = y + 1.7927 * v;
      rgba[4 * at + 1] = y - 0.2132 * u - 0.5329 * v;
      rgba[4 * at + 2] = y + 2.1124 * u;
      rgba[4 * at + 3] = alpha ? planar[full * 1.5 + at]! : 255;
    }
  }
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  return `data:image/png;base64,${(await canvas.encode('png')).toString('base64')}`;
}
