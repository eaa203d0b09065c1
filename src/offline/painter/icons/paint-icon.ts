// Draws an icon as a thing of the style's world: lit tubes on dark walls, printed or cut shapes on light ones.
import { createCanvas, Path2D } from '@napi-rs/canvas';
import { blend, type Colour, css, lighter, white } from '../colour.ts';
import { type Brush, glowing, type Stage } from '../stage.ts';
import { lucide } from './lucide.ts';
import type { Icon } from './things.ts';

const units = 24;
/** Drawn by their lines alone: what these enclose is not a body. */
const hollow = new Set<Icon>([
  ...([
    'activity',
    'bath',
    'bed',
    'castle',
    'dna',
    'hand',
    'handshake',
    'headphones',
    'nut',
    'orbit',
  ] as const),
  ...(['radio', 'radio-tower', 'scissors', 'scale', 'snowflake', 'trending-up', 'wallet', 'wifi'] as const),
  ...(['squirrel', 'brain', 'croissant', 'tent', 'dog', 'glasses', 'stethoscope', 'lamp-desk'] as const),
]);

/** Of 24 × 24 units: an arc or a stroke that encloses less is a line. */
const leastBody = 5;
const areas = new Map<string, number>();

/** How much this line encloses as a body, in square units; 0 when it is a mere line, as all of a hollow icon's are. */
export function enclosed(line: string, icon?: Icon): number {
  if (icon !== undefined && hollow.has(icon)) return 0;
  let area = areas.get(line);
  if (area === undefined) {
    const brush = createCanvas(units, units).getContext('2d');
    brush.fill(new Path2D(line));
    const { data } = brush.getImageData(0, 0, units, units);
    area = 0;
    for (let at = 3; at < data.length; at += 4) area += data[at]! / 255;
    areas.set(line, area);
  }
  return area >= leastBody ? area : 0;
}

export interface IconPlace {
  /** Middle, in pixels. */
  x: number;
  y: number;
  /** Width, in pixels. */
  size: number;
  /** Radians. */
  turn?: number;
}

export interface IconLook {
  body: Colour;
  line: Colour;
  /** 0 = lines only … 1 = a solid body. */
  solid: number;
  /** 0..1: light that its lines give off. */
  lit: number;
  /** Of its lines, in units of the icon (24 wide). */
  stroke: number;
}

/** How this style shows a thing that matters. */
export function iconLook(stage: Stage, body: Colour = stage.palette.accent): IconLook {
  const { palette, treatment } = stage;
  if (treatment.sky === 'flat') return { body, line: palette.near, solid: 0.92, lit: 0, stroke: 0.9 };
  if (treatment.sky === 'mesh') return { body, line: white, solid: 1, lit: 0, stroke: 1.5 };
  if (treatment.sky === 'clean') return { body, line: palette.near, solid: 0.95, lit: 0, stroke: 1.15 };
  if (treatment.sky === 'bands') {
    return { body: lighter(palette.light, 0.04), line: palette.near, solid: 1, lit: 0, stroke: 1.5 };
  }
  if (glowing(stage)) {
    return { body, line: lighter(blend(palette.light, body, 0.3), 0.06), solid: 0.2, lit: 1, stroke: 1.05 };
  }
  return {
    body: blend(body, palette.near, 0.08),
    line: blend(palette.near, body, 0.12),
    solid: 0.95,
    lit: 0,
    stroke: 1.05,
  };
}

export function paintIcon(
  brush: Brush,
  icon: Icon,
  { x, y, size, turn = 0 }: IconPlace,
  look: IconLook,
): void {
  const lines = lucide[icon].map((line) => new Path2D(line));
  brush.save();
  brush.translate(x, y);
  brush.rotate(turn);
  brush.scale(size / units, size / units);
  brush.translate(-units / 2, -units / 2);
  brush.lineCap = brush.lineJoin = 'round';
  if (look.solid > 0 && !hollow.has(icon)) {
    const gradient = brush.createLinearGradient(4, 2, 20, 22);
    gradient.addColorStop(0, css(lighter(look.body, 0.07), look.solid));
    gradient.addColorStop(1, css(lighter(look.body, -0.07), look.solid));
    brush.fillStyle = gradient;
    for (const line of lines) brush.fill(line);
  }
  if (look.lit > 0) {
    brush.save();
    brush.globalCompositeOperation = 'screen';
    // Wide and faint to narrow and bright: the halo of a tube.
    for (let wide = 9; wide > 1.5; wide *= 0.8) {
      brush.strokeStyle = css(look.body, 0.34 / wide);
      brush.lineWidth = wide * look.lit;
      for (const line of lines) brush.stroke(line);
    }
    brush.restore();
  }
  brush.strokeStyle = css(look.line);
  brush.lineWidth = look.stroke;
  for (const line of lines) brush.stroke(line);
  brush.restore();
}

/** The soft shadow that it casts on what is right behind it, as a solid thing. */
export function paintIconShadow(
  brush: Brush,
  stage: Stage,
  icon: Icon,
  place: IconPlace,
  alpha: number,
): void {
  const { palette, treatment } = stage;
  const drop = place.size * 0.035;
  const soft = treatment.sky === 'bands' || treatment.sky === 'mesh' ? [0] : [0, 0.6, 1.2];
  for (const more of soft) {
    const look = { body: palette.near, line: palette.near, solid: 1, lit: 0, stroke: 1.6 + more };
    brush.save();
    brush.globalAlpha = alpha / soft.length;
    paintIcon(brush, icon, { ...place, x: place.x + drop, y: place.y + drop * 1.5 }, look);
    brush.restore();
  }
}
