// A simple painted scene for tests of the renderer: sky, hills and a near ridge as layer files.
import path from 'node:path';

import { createCanvas } from '@napi-rs/canvas';

import { type LayerInfo, layerSize, type Particles } from '../../src/domain/scene-art.ts';
import type { SceneArtFiles } from '../../src/ports/media-tools.ts';
import { rgbaToPlanar, visibleBox, writeLayer } from '../../src/render/planar.ts';

export interface PaintedSceneOptions {
  folder: string;
  name: string;
  frame: { width: number; height: number };
  /** Hue in degrees. */
  hue: number;
  /** Lightness of the sky, percent. */
  lightness?: number;
  particles?: Particles;
}

export async function paintScene({
  folder,
  name,
  frame,
  hue,
  lightness = 55,
  particles,
}: PaintedSceneOptions): Promise<SceneArtFiles> {
  const { width, height } = layerSize(frame);
  const files: string[] = [];
  const layers: LayerInfo[] = [];
  const save = async (rgba: Uint8ClampedArray, alpha: boolean) => {
    const file = path.join(folder, `${name}-${files.length}.layer`);
    const box = alpha ? visibleBox(rgba, { width, height }) : { left: 0, top: 0, width, height };
    await writeLayer(file, rgbaToPlanar(rgba, width, height, { alpha, box }));
    layers.push({ width, height, box, alpha, depth: files.length / 3 });
    files.push(file);
  };
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const sky = context.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, `hsl(${hue} 55% ${lightness * 0.45}%)`);
  sky.addColorStop(0.6, `hsl(${hue + 20} 60% ${lightness}%)`);
  sky.addColorStop(1, `hsl(${hue + 40} 70% ${Math.min(95, lightness * 1.3)}%)`);
  context.fillStyle = sky;
  context.fillRect(0, 0, width, height);
  context.fillStyle = `hsl(${hue + 45} 90% 85%)`;
  context.beginPath();
  context.arc(width * 0.68, height * 0.4, height * 0.09, 0, 7);
  context.fill();
  await save(context.getImageData(0, 0, width, height).data, false);
  for (let layer = 1; layer <= 3; layer++) {
    context.clearRect(0, 0, width, height);
    context.fillStyle = `hsl(${hue + 10} ${40 - 6 * layer}% ${lightness * (0.62 - 0.17 * layer)}%)`;
    context.beginPath();
    context.moveTo(0, height);
    for (let x = 0; x <= width; x += width / 60) {
      const wave =
        Math.sin((x / width) * (5 + 3 * layer) + hue + layer) + 0.4 * Math.sin((x / width) * 31 * layer);
      context.lineTo(x, height * (0.5 + 0.12 * layer - 0.07 * wave));
    }
    context.lineTo(width, height);
    context.fill();
    await save(context.getImageData(0, 0, width, height).data, true);
  }
  const info = {
    layers,
    particles: particles ?? null,
    luma: { bottom: 40, middle: 2.2 * lightness, top: lightness },
  };
  return { info, layers: files };
}
