// The sample scene as browsers are given it: the layers as PNGs, the transform of each at every frame (of the product's own
// camera), and which word of the caption is marked. Particles, transition, grain and light are left out, in their favour.
import { createCanvas, ImageData } from '@napi-rs/canvas';

import { letterboxHeight } from '../../src/domain/scene-art.ts';
import { styleLooks } from '../../src/domain/styles.ts';
import type { RenderSceneInput } from '../../src/ports/media-tools.ts';
import { createCamera } from '../../src/render/camera.ts';
import { readLayer } from '../../src/render/planar.ts';
import { wholeLayer } from '../../test/support/whole-layer.ts';

export interface CapturedScene {
  width: number;
  height: number;
  fps: number;
  /** From the farthest to the nearest. */
  layers: { png: Buffer; width: number; height: number }[];
  words: string[];
  frames: CapturedFrame[];
  css: string;
}

interface CapturedFrame {
  /** One CSS transform for each layer. */
  transforms: string[];
  /** Index of the marked word; -1 for none. */
  spoken: number;
}

const cssWithBars = (barHeight: number) => `
  body::before, body::after { content: ''; position: absolute; z-index: 1; left: 0; width: 100%; height: ${barHeight}px;
      background: #000 }
  body::before { top: 0 }
  body::after { bottom: 0 }
  body { position: relative; margin: 0; height: 100vh; overflow: hidden; background: #000 }
  .layer { position: absolute; left: 0; top: 0; transform-origin: 0 0; will-change: transform }
  p { position: absolute; bottom: 12%; margin: 0; width: 100%; text-align: center; font: bold 64px sans-serif; color: #fff;
      text-shadow: 0 2px 8px #000 }
  .spoken { color: #fc5 }`;

export async function captureScene(input: RenderSceneInput): Promise<CapturedScene> {
  const { art, scene, format, style, seed } = input;
  const layers: CapturedScene['layers'] = [];
  for (const [index, info] of art.info.layers.entries()) {
    const png = await pngOf(wholeLayer(await readLayer(art.layers[index]!, info), info), info);
    layers.push({ png, width: info.width, height: info.height });
  }
  const count = scene.endFrame - scene.startFrame;
  const camera = createCamera({
    style,
    seed,
    energy: scene.energy,
    durationSeconds: count / format.fps,
    frame: format,
  });
  const frames = Array.from({ length: count }, (_, frame) => ({
    transforms: art.info.layers.map((layer) => {
      const { scale, left, top } = camera.view(frame / format.fps, layer);
      return `scale(${1 / scale}) translate(${-left}px,${-top}px)`;
    }),
    spoken: scene.words.findLastIndex(({ startMs }) => startMs <= (frame * 1000) / format.fps),
  }));
  const words = scene.words.map(({ text }) => text);
  const css = cssWithBars(letterboxHeight(format, styleLooks[style].letterbox));
  return { width: format.width, height: format.height, fps: format.fps, layers, words, frames, css };
}

/** Planar BT.709 back to a PNG. */
async function pngOf(
  planar: Uint8Array,
  { width, height, alpha }: { width: number; height: number; alpha: boolean },
): Promise<Buffer> {
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
  return canvas.encode('png');
}
