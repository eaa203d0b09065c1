// Lines of land across the picture: their shape, and what may be said about their look.
import type { Colour } from './colour.ts';
import { createLine } from './noise.ts';
import type { Stage } from './stage.ts';
import type { Treatment } from './treatment.ts';

/** Heights of a line of land in pixels from the top, one every `step` pixels from x = 0. */
export interface Ridge {
  step: number;
  ys: Float32Array;
  top: number;
}

export interface RidgeShape {
  /** Share of the height where it lies on average. */
  base: number;
  /** How far it rises and falls, as a share of the short side. */
  swing: number;
  /** How many rises across one short side. */
  waves: number;
  edges?: Treatment['edges'] | 'dunes' | 'peaks';
}

export function createRidge(stage: Stage, name: string, shape: RidgeShape): Ridge {
  const { width, height, short } = stage;
  const edges = shape.edges ?? stage.treatment.edges;
  const seed = stage.seed(name);
  const octaves = { jagged: 7, peaks: 1, natural: 6, smooth: 2, angular: 1, lush: 5, dunes: 1 }[edges];
  const line = createLine(seed, octaves);
  const bumps = edges === 'lush' ? createLine(seed + 5, 3) : undefined;
  const step = Math.max(1, Math.round(short / 540));
  const count = Math.ceil(width / step) + 2;
  const start = (seed % 1000) / 7;
  const crags = createLine(seed + 11, 6);
  const dunes = edges === 'dunes';
  const plain = dunes || stage.treatment.relief < 0.4;
  /** One summit in each cell, with straight flanks that are broken by smaller crags. */
  const peak = (at: number): number => {
    const cell = Math.floor(at);
    const f = at - cell;
    const summit = 0.28 + 0.44 * line(cell + 64);
    const left = f < summit;
    const foot = 0.4 * line(cell + (left ? 128 : 129));
    const t = left ? f / summit : (1 - f) / (1 - summit);
    const rough = plain ? 0 : 0.42 * (crags(at * 5) - 0.5) * (1.15 - 0.75 * t);
    return foot + (0.55 + 0.6 * line(cell) - foot) * t ** (dunes ? 1.7 : 1.2) + rough;
  };
  const value = (x: number): number => {
    const at = start + x * shape.waves;
    if (edges === 'jagged') return 1 - Math.abs(line(at) * 2 - 1) * 1.15;
    // Lesser summits on the flanks, or a mountain is a pyramid.
    if (edges === 'peaks') return plain ? peak(at) : Math.max(peak(at), 0.74 * peak(at * 2.3 + 31.7));
    if (edges === 'natural') return 0.55 * (1 - Math.abs(line(at) * 2 - 1)) + 0.45 * line(at * 1.4 + 9);
    if (edges === 'angular') {
      // Straight between corners.
      const cell = Math.floor(at * 1.7);
      const f = at * 1.7 - cell;
      return line(cell + 0.5) * (1 - f) + line(cell + 1.5) * f;
    }
    if (edges === 'dunes') return 0.25 + 0.7 * peak(at);
    return line(at) + (bumps ? 0.05 * bumps(at * 24) : 0);
  };
  const ys = new Float32Array(count);
  let top = height;
  for (let i = 0; i < count; i++) {
    const y = shape.base * height - (value((i * step) / short) - 0.45) * 2 * shape.swing * short;
    ys[i] = y;
    top = Math.min(top, y);
  }
  return { step, ys, top };
}

/** Height in pixels at `x` pixels. */
export function ridgeAt({ step, ys }: Ridge, x: number): number {
  const place = Math.max(0, Math.min(ys.length - 1.001, x / step));
  const i = Math.floor(place);
  return ys[i]! + (ys[i + 1]! - ys[i]!) * (place - i);
}

export interface RidgeLook {
  /** Colour at the crest and at the foot of the picture. */
  top: Colour;
  bottom: Colour;
  /** 0..1 of the style's roughness. */
  rough?: number;
  steep?: number;
  /** 0..1: snow down from the peaks. */
  snow?: number;
  /** Facets lit from the side. */
  faceted?: 'rock' | 'dune';
  /** 0..1: a pool of light below the sun. */
  pool?: number;
  /** 0..1: mist over its foot. */
  mist?: number;
}
