// Paints one scene, layer by layer, as planar pictures in memory, and measures the light behind captions. No files.
import { createCanvas } from '@napi-rs/canvas';
import { type LayerInfo, layerSize, type SceneArtInfo } from '../../domain/scene-art.ts';
import type { VisualsInput } from '../../ports/providers.ts';
import { rgbaToPlanar, visibleBox } from '../../render/planar.ts';
import { compose } from './compose.ts';
import { foregroundOf } from './foreground.ts';
import { iconsIn } from './icons/things.ts';
import { createLightMeter } from './light-meter.ts';
import { mentionsIn } from './props.ts';
import { createStage } from './stage.ts';
import { layTexture } from './texture.ts';

const mostLayers = 5;

export interface ScenePainting {
  /** How many layers `next` will give. */
  count: number;
  /** Paints the next layer, far to near; undefined when all are painted. The bytes are the caller's. */
  next(): { info: LayerInfo; planar: Uint8Array } | undefined;
  /** Complete once `next` has given every layer. */
  info(): SceneArtInfo;
}

/** Starts a painting; the same input gives the same bytes. Work happens in `next`, one layer (30–90 ms at 1080p) a call. */
export function paintScene({ scene, style, mood, width, height }: VisualsInput): ScenePainting {
  const size = layerSize({ width, height });
  const stage = createStage({
    ...size,
    style,
    mood,
    motif: scene.motif,
    energy: scene.energy,
    seed: scene.seed,
    mentions: mentionsIn(scene.keywords),
    icons: iconsIn(scene.keywords),
    variant: scene.variant ?? 0,
  });
  const { composition, frame } = compose(stage);
  const foreground = composition.indoors ? undefined : foregroundOf(stage);
  const painted = composition.layers.slice(0, mostLayers);
  if (foreground && painted.length < mostLayers) painted.push(foreground);
  const canvas = createCanvas(size.width, size.height);
  const brush = canvas.getContext('2d');
  const meter = createLightMeter(size);
  const layers: LayerInfo[] = [];
  return {
    count: painted.length,
    next() {
      const index = layers.length;
      const layer = painted[index];
      if (!layer) return undefined;
      brush.reset();
      frame(brush);
      layer.paint(brush);
      const { data } = brush.getImageData(0, 0, size.width, size.height);
      const alpha = index > 0;
      const box = alpha ? visibleBox(data, size) : { left: 0, top: 0, ...size };
      const info = { ...size, box, alpha, depth: layer.depth };
      const planar = rgbaToPlanar(data, size.width, size.height, info);
      layTexture(planar, { ...box, alpha }, stage.treatment.texture, stage.seed(`texture ${index}`));
      meter.add(planar, info);
      layers.push(info);
      return { info, planar };
    },
    info: () => ({
      layers,
      particles: composition.particles && { ...composition.particles, seed: stage.seed('particles') },
      luma: meter.read(),
    }),
  };
}
