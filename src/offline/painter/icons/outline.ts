// What an icon looks like as a thing: where it is, what is its body, its fittings and its lines. Knows no light.
import { createCanvas, Path2D } from '@napi-rs/canvas';
import type { Brush } from '../stage.ts';
import { lucide } from './lucide.ts';
import { enclosed } from './paint-icon.ts';
import type { Icon } from './things.ts';

/** Of an icon's square, and what is left free around it for roundings and blur. */
export const units = 24;
export const free = 2;
/** Width of lines, in units. */
const tube = 1.7;

/** Lines that are no part of the thing: steam. */
export const vapour: Partial<Record<Icon, number[]>> = { coffee: [0, 1, 3], soup: [0, 1, 4] };

/** What a sign leaves out and a thing has: sockets, screens, frames. */
const additions: Partial<Record<Icon, string[]>> = {
  dog: [
    'M4.4 11.2C4 12.5 4 13.5 4 14.6C4 18.7 7.6 21 12 21s8-2.3 8-6.4c0-1.2 0-2.2-.5-3.4C19 8 17 5.3 12 5.3S5 8 4.4 11.2Z',
  ],
  castle: ['M2 11h20v8a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2Z', 'M6 5h12v6H6Z'],
  tent: ['M12 6.5 20.5 21H3.5Z'],
  croissant: [
    'M8.709 2.554a10 10 0 0 0-6.155 6.155 1.5 1.5 0 0 0 .676 1.626l9.807 5.42a2 2 0 0 0 2.718-2.718l-5.42-9.807a1.5 1.5 0 0 0-1.626-.676Z',
    'M10 3.3C14 2.3 16.5 2.8 18 4.8V10.4L14 11.5Z',
    'M3.3 10C2.3 14 2.8 16.5 4.8 18H10.4L11.5 14Z',
    'M18 5a4 3 0 0 1 4 3 2 2 0 0 1-2 2 10 10 0 0 0-5.139 1.42Z',
    'M5 18a3 4 0 0 0 3 4 2 2 0 0 0 2-2 10 10 0 0 1 1.42-5.14Z',
  ],
  hand: [
    'M7 15V6a1.8 1.8 0 0 1 3-1V4a2 2 0 0 1 4 0v1a2 2 0 0 1 4 1v2a2 2 0 1 1 4 0v6a8 8 0 0 1-8 8h-2c-2.8 0-4.5-.86-5.99-2.34l-3.6-3.6a2 2 0 0 1 2.83-2.82Z',
  ],
  handshake: ['M2.9 3.8h8.2l1.4.6 2.5-1.2 6 .8V14l-3 3-2.5 2-3 1.2-4-.2L2.4 14Z'],
  bath: ['M4 12h16v5a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2Z'],
  brain: [
    'M12 4.5a3 3 0 0 0-5.7 1.5a4 4 0 0 0-2.8 5A4 4 0 0 0 4 18a4 4 0 0 0 8 .5a4 4 0 0 0 8-.5a4 4 0 0 0 .5-7a4 4 0 0 0-2.8-5A3 3 0 0 0 12 4.5Z',
  ],
  'lamp-desk': [
    'M10.293 2.293a1 1 0 0 1 1.414 0l2.5 2.5 5.994 1.227a1 1 0 0 1 .506 1.687l-7 7a1 1 0 0 1-1.687-.506l-1.227-5.994-2.5-2.5a1 1 0 0 1 0-1.414Z',
  ],
  tv: ['M6 9.5h9.5v9h-9.5Z'],
  lightbulb: ['M9 15h6v5.5a1.5 1.5 0 0 1-1.5 1.5h-3a1.5 1.5 0 0 1-1.5-1.5Z'],
  smartphone: ['M7.6 4.8h8.8v11.6h-8.8Z'],
  laptop: ['M6.6 7.4h10.8v6.4h-10.8Z'],
  server: ['M5 8h14v8h-14Z'],
  'battery-charging': ['M2 8a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-12a2 2 0 0 1-2-2Z'],
  bed: ['M3 9h17a1.5 1.5 0 0 1 1.5 1.5v6h-18.5Z'],
  wallet: ['M4 5h14a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-14a2 2 0 0 1-2-2v-12a2 2 0 0 1 2-2Z'],
  coffee: ['M4.3 9.3a5.7 1.2 0 1 0 11.4 0a5.7 1.2 0 1 0 -11.4 0Z'],
  scale: ['M10 20h4v1.5h-4Z'],
};

/** What is seen through: within handles, the eyes of keys. */
const holes: Partial<Record<Icon, string>> = {
  lock: 'M9.2 9.8V7a2.8 2.8 0 0 1 5.6 0v2.8Z',
  coffee: 'M18.4 10.4h.4a1.7 1.7 0 0 1 0 3.4h-.4Z',
  'key-round': 'M15 7.5a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0Z',
  palette: 'M12.2 16.5a1.4 1.4 0 1 0 2.8 0a1.4 1.4 0 1 0 -2.8 0Z',
};

/** The outlines of a thing, and how much each encloses, in square units. */
const linesOf = (icon: Icon): { path: Path2D; area: number }[] => [
  ...lucide[icon]
    .filter((_, i) => !vapour[icon]?.includes(i))
    .map((line) => ({ path: new Path2D(line), area: enclosed(line, icon) })),
  ...(additions[icon] ?? []).map((line) => ({ path: new Path2D(line), area: enclosed(line) })),
];

function scaled(brush: Brush, side: number): void {
  brush.scale(side / (units + 2 * free), side / (units + 2 * free));
  brush.translate(free, free);
  brush.lineCap = brush.lineJoin = 'round';
}

/** Fills its outline into `side` pixels, its square and `free` units around it. */
export function silhouette(brush: Brush, icon: Icon, side: number): void {
  brush.save();
  scaled(brush, side);
  brush.lineWidth = tube;
  for (const { path, area } of linesOf(icon)) {
    if (area > 0) brush.fill(path);
    brush.stroke(path);
  }
  brush.restore();
}

/** Keeps the brush from what is seen through, until it is restored. */
export function leaveHoles(brush: Brush, icon: Icon, side: number): void {
  if (holes[icon] === undefined) return;
  const all = `M-${units} -${units}h${units * 3}v${units * 3}h-${units * 3}Z`;
  const before = brush.getTransform();
  scaled(brush, side);
  brush.clip(new Path2D(`${all}${holes[icon]}`), 'evenodd');
  brush.setTransform(before);
}

export interface Shape {
  /** 0..1: how much of each pixel is the thing, is its body (not a line beside it), and is a line. */
  cover: Float32Array;
  body: Float32Array;
  lines: Float32Array;
  /** What has a colour of its own. */
  fittings: Float32Array;
  /** In units of the icon. */
  left: number;
  right: number;
  top: number;
  bottom: number;
  footWidth: number;
  footMiddle: number;
}

/** Reads a thing at `side` pixels. */
export function readShape(icon: Icon, side: number): Shape {
  const read = (draw: (brush: Brush) => void) => {
    const canvas = createCanvas(side, side);
    const brush = canvas.getContext('2d');
    draw(brush);
    const { data } = brush.getImageData(0, 0, side, side);
    const out = new Float32Array(side * side);
    for (let i = 0, at = 3; i < out.length; i++, at += 4) out[i] = data[at]! / 255;
    return out;
  };
  const paths = linesOf(icon);
  const cover = read((brush) => {
    leaveHoles(brush, icon, side);
    silhouette(brush, icon, side);
  });
  const body = read((brush) => {
    scaled(brush, side);
    brush.lineWidth = tube;
    for (const { path } of paths.filter(({ area }) => area > 0)) {
      brush.fill(path);
      brush.stroke(path);
    }
  });
  const most = Math.max(...paths.map(({ area }) => area));
  const lines = read((brush) => {
    scaled(brush, side);
    brush.lineWidth = 0.95;
    for (const { path } of paths) brush.stroke(path);
  });
  const fittings = read((brush) => {
    scaled(brush, side);
    brush.lineWidth = 1.1;
    for (const { path, area } of paths) {
      if (area > most * 0.45) continue;
      if (area > 0) brush.fill(path);
      brush.stroke(path);
    }
  });
  let [left, right, top, bottom] = [side, 0, side, 0];
  for (let i = 0; i < cover.length; i++) {
    if (cover[i]! < 0.5) continue;
    const x = i % side;
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, Math.floor(i / side));
    bottom = Math.max(bottom, Math.floor(i / side) + 1);
  }
  const scale = (units + 2 * free) / side;
  let [footLeft, footRight] = [side, 0];
  for (let row = Math.max(0, Math.floor(bottom - 1.1 / scale)); row < bottom; row++) {
    for (let x = 0; x < side; x++) {
      if (cover[row * side + x]! < 0.5) continue;
      footLeft = Math.min(footLeft, x);
      footRight = Math.max(footRight, x + 1);
    }
  }
  return {
    cover,
    body,
    lines,
    fittings,
    left: left * scale - free,
    right: right * scale - free,
    top: top * scale - free,
    bottom: bottom * scale - free,
    footWidth: (footRight - footLeft) * scale,
    footMiddle: ((footLeft + footRight) / 2) * scale - free,
  };
}
