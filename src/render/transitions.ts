// How one scene gives way to the next: the old picture, still moving, turns into the new one over a few frames.
// Captions take no part in it.
import { cutOf, styleLooks, type TransitionKind } from '../domain/styles.ts';
import type { StyleName } from '../domain/video-request.ts';
import { black, white } from './finishing.ts';
import { paintLeakLight } from './leak-light.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';

export interface TransitionPlan {
  kind: Exclude<TransitionKind, 'cut'>;
  frames: number;
}

/** Fading that belongs to the transition, for `Finishing.apply`. */
export interface Fade {
  gain: number;
  towards: number;
}

export interface Pictures {
  /** The last picture of the scene before, `index` frames after its end. */
  drawOld(target: Planes, index: number): void;
  drawNew(target: Planes, index: number): void;
}

export interface Transition {
  /** Draws frame `index` (0 ≤ index < frames of the plan) into `target`, rows `firstRow`..`endRow - 1`. */
  draw(target: Planes, index: number, pictures: Pictures): Fade;
}

const noFade: Fade = { gain: 1, towards: black };

/** Styles so bright that a dip to black would be a hole. They have no vignette: it would whiten the corners. */
const dipsToWhite: ReadonlySet<StyleName> = new Set(['minimal']);

/** How the scene at `index` of the video begins; undefined = with a cut. */
export function planTransition(
  style: StyleName,
  index: number,
  sceneFrames: number,
  fps: number,
): TransitionPlan | undefined {
  const kind = cutOf(style, index);
  const { transitionMs } = styleLooks[style];
  const frames = Math.min(Math.round((transitionMs * fps) / 1000), Math.floor(sceneFrames / 2));
  return kind === 'cut' || frames < 2 ? undefined : { kind, frames };
}

export interface TransitionInput {
  plan: TransitionPlan;
  style: StyleName;
  frame: { width: number; height: number };
  firstRow: number;
  endRow: number;
}

export function createTransition(memory: PictureMemory, input: TransitionInput): Transition {
  const { kind, frames } = input.plan;
  const makers = { dissolve, light_leak: lightLeak, wipe, whip, dip };
  const drawAt = makers[kind](memory, input);
  return {
    // Neither end is shown: frame -1 was the old picture, frame `frames` is the new one.
    draw: (target, index, pictures) => drawAt(target, index, (index + 1) / (frames + 1), pictures),
  };
}

type DrawAt = (target: Planes, index: number, progress: number, pictures: Pictures) => Fade;

function smooth(t: number): number {
  const x = Math.max(0, Math.min(1, t));
  return x * x * (3 - 2 * x);
}

function dip(_memory: PictureMemory, { style }: TransitionInput): DrawAt {
  const towards = dipsToWhite.has(style) ? white : black;
  return (target, index, progress, { drawOld, drawNew }) => {
    if (progress < 0.5) drawOld(target, index);
    else drawNew(target, index);
    return { gain: smooth(Math.abs(2 * progress - 1)), towards };
  };
}

function dissolve(memory: PictureMemory, { frame, firstRow, endRow }: TransitionInput): DrawAt {
  const other = memory.allocatePlanes(frame.width, frame.height);
  const ramp = memory.allocate(other.stride);
  return (target, index, progress, { drawOld, drawNew }) => {
    drawNew(target, index);
    drawOld(other, index);
    const weight = Math.round(255 * (1 - smooth(progress)));
    memory.bytes().fill(weight, ramp, ramp + other.stride);
    const { mixRows } = memory.kernels;
    const half = other.stride / 2;
    mixRows(target.y, other.y, other.stride, firstRow, endRow, ramp, 0, 0);
    mixRows(target.u, other.u, half, firstRow / 2, endRow / 2, ramp, 0, 0);
    mixRows(target.v, other.v, half, firstRow / 2, endRow / 2, ramp, 0, 0);
    return noFade;
  };
}

/** A dissolve under a veil of warm light that passes from the left. */
function lightLeak(memory: PictureMemory, input: TransitionInput): DrawAt {
  const { frame, firstRow, endRow } = input;
  const mixed = dissolve(memory, input);
  const light = paintLeakLight(memory, frame);
  return (target, index, progress, pictures) => {
    mixed(target, index, smooth((progress - 0.2) / 0.6), pictures);
    light.draw(target, progress, firstRow, endRow);
    return noFade;
  };
}

/** A slanted, soft edge that travels to the right; before it the new picture. */
function wipe(memory: PictureMemory, { frame, firstRow, endRow }: TransitionInput): DrawAt {
  const other = memory.allocatePlanes(frame.width, frame.height);
  const { stride } = other;
  const edges = [1, 2].map((size) => {
    const row = stride / size;
    const soft = Math.round((frame.width * 0.05) / size);
    const slant = Math.round((frame.height * 0.22) / size);
    const length = 2 * (row + soft + slant) + soft;
    const ramp = memory.allocate(length);
    const bytes = memory.bytes();
    const middle = row + soft + slant;
    for (let i = 0; i < length; i++) bytes[ramp + i] = Math.round(255 * smooth((i - middle) / soft));
    return { size, soft, slant, middle, ramp };
  });
  return (target, index, progress, { drawOld, drawNew }) => {
    drawNew(target, index);
    drawOld(other, index);
    for (const { size, soft, slant, middle, ramp } of edges) {
      const rows = frame.height / size;
      const travel = frame.width / size + slant + 2 * soft;
      // Where the edge meets the first row; further down it lags behind.
      const edge = travel * smooth(progress) - soft;
      const start = Math.round((middle - edge) * 65_536);
      const step = Math.round((slant / rows) * 65_536);
      const mixPlane = (plane: number, from: number) =>
        memory.kernels.mixRows(plane, from, stride / size, firstRow / size, endRow / size, ramp, start, step);
      if (size === 1) mixPlane(target.y, other.y);
      else {
        mixPlane(target.u, other.u);
        mixPlane(target.v, other.v);
      }
    }
    return noFade;
  };
}

/** The camera is thrown to the right: both pictures pass, blurred by their speed. */
function whip(memory: PictureMemory, { frame, firstRow, endRow }: TransitionInput): DrawAt {
  const old = memory.allocatePlanes(frame.width, frame.height);
  const fresh = memory.allocatePlanes(frame.width, frame.height);
  return (target, index, progress, { drawOld, drawNew }) => {
    drawOld(old, index);
    drawNew(fresh, index);
    const shift = Math.round((frame.width / 2) * smooth(progress));
    const speed = Math.sin(Math.PI * progress) ** 2;
    const radius = Math.round((frame.width / 2) * 0.06 * speed);
    const { whipRows } = memory.kernels;
    const { stride } = old;
    const [w, h] = [frame.width, frame.width / 2];
    whipRows(target.y, old.y, fresh.y, stride, w, firstRow, endRow, 2 * shift, 2 * radius);
    whipRows(target.u, old.u, fresh.u, stride / 2, h, firstRow / 2, endRow / 2, shift, radius);
    whipRows(target.v, old.v, fresh.v, stride / 2, h, firstRow / 2, endRow / 2, shift, radius);
    return noFade;
  };
}
