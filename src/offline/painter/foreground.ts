// What is right before the lens, out of focus or flat by style: the nearest layer of most scenes.
import { createCanvas } from '@napi-rs/canvas';
import { between, pick } from '../../domain/random.ts';
import type { Motif } from '../../domain/storyboard.ts';
import { blend, css, white } from './colour.ts';
import { circle } from './pixels.ts';
import type { Brush, PaintedLayer, Stage } from './stage.ts';
import { spray } from './vegetation.ts';

/** Places where something may grow before the lens. */
const open: ReadonlySet<Motif> = new Set<Motif>([
  'mountains',
  'forest',
  'river',
  'fields',
  'people',
  'travel',
  'night_sky',
  'sunrise',
]);
/** Undefined when the style leaves the view free. */
export function foregroundOf(stage: Stage): PaintedLayer | undefined {
  const kind = stage.treatment.foreground;
  if (kind === 'none') return undefined;
  const plants = kind === 'branches' || kind === 'leaves' || kind === 'grass';
  if (plants && !open.has(stage.motif)) return undefined;
  if (stage.random('foreground')() < (kind === 'branches' ? 0.35 : kind === 'frame' ? 0.55 : 0.1))
    return undefined;
  const paint = {
    branches: paintFoliage,
    leaves: paintFoliage,
    grass: paintBlades,
    panels: paintPanels,
    shapes: paintShapes,
    frame: paintStripes,
  }[kind];
  return { depth: 1, paint: (brush) => paint(brush, stage) };
}

/** Paints small and spreads it, which blurs it like a lens that looks past it. */
function outOfFocus(
  brush: Brush,
  { width, height }: Stage,
  blur: number,
  paint: (small: Brush) => void,
): void {
  const canvas = createCanvas(Math.ceil(width / blur), Math.ceil(height / blur));
  const small = canvas.getContext('2d');
  small.scale(1 / blur, 1 / blur);
  paint(small);
  const softer = createCanvas(Math.ceil(width / blur / 2), Math.ceil(height / blur / 2));
  const soft = softer.getContext('2d');
  soft.drawImage(canvas, 0, 0, softer.width, softer.height);
  brush.save();
  brush.imageSmoothingEnabled = true;
  brush.drawImage(softer, 0, 0, width, height);
  brush.restore();
}

function paintFoliage(brush: Brush, stage: Stage): void {
  const { width, height, short, palette, light } = stage;
  const random = stage.random('foliage');
  const colour = blend(palette.near, palette.haze, stage.treatment.foreground === 'leaves' ? 0.12 : 0.02);
  // On the side away from the light, where there is less to see.
  const left = light.x > 0.5;
  outOfFocus(brush, stage, Math.max(2, short / 300), (small) => {
    const count = stage.treatment.foreground === 'leaves' ? 9 : 5;
    for (let i = 0; i < count; i++) {
      const low = random() < 0.6;
      const x = left ? between(random, -0.06, 0.08) : between(random, 0.92, 1.06);
      spray(
        small,
        random,
        {
          x: x * width,
          y: (low ? between(random, 0.9, 1.05) : between(random, -0.05, 0.1)) * height,
          angle: (left ? 0 : Math.PI) + (low ? -1 : 1) * (left ? 1 : -1) * between(random, 0.15, 0.95),
          length: short * between(random, 0.26, 0.5),
        },
        colour,
      );
    }
  });
}

function paintBlades(brush: Brush, stage: Stage): void {
  const { width, height, short, palette } = stage;
  const random = stage.random('blades');
  const colours = [0, 0.08, 0.16].map((by) =>
    css(blend(palette.near, palette.grade([0.62, -0.07, 0.09]), by * 2.5)),
  );
  outOfFocus(brush, stage, Math.max(2, short / 360), (small) => {
    for (let i = 0; i < 130; i++) {
      const side = random() < 0.5 ? random() ** 2 * 0.42 : 1 - random() ** 2 * 0.42;
      const x = side * width;
      const tall = short * between(random, 0.06, 0.2) * (1.25 - Math.min(1, 2.2 * Math.min(side, 1 - side)));
      const lean = tall * between(random, -0.4, 0.5);
      const half = short * 0.004;
      small.fillStyle = pick(random, colours);
      small.beginPath();
      small.moveTo(x - half, height);
      small.quadraticCurveTo(x, height - short * 0.05 - tall * 0.6, x + lean, height - short * 0.05 - tall);
      small.quadraticCurveTo(x + half, height - short * 0.05 - tall * 0.6, x + half * 2, height);
      small.fill();
    }
  });
}

/** Slanted panes at one edge. */
function paintPanels(brush: Brush, stage: Stage): void {
  const { width, height, short, palette, light } = stage;
  const random = stage.random('panels');
  const right = light.x < 0.5;
  const lean = short * 0.34;
  const pane = (from: number, wide: number, colour: string) => {
    const x = right ? width - from : from;
    const d = right ? -1 : 1;
    brush.fillStyle = colour;
    brush.beginPath();
    brush.moveTo(x, height);
    brush.lineTo(x + d * wide, height);
    brush.lineTo(x + d * (wide - lean), height - lean * 2.1);
    brush.lineTo(x - d * lean, height - lean * 2.1);
    brush.fill();
  };
  const start = short * between(random, 0.02, 0.1);
  pane(start, short * 0.13, css(palette.near, 0.86));
  pane(start + short * 0.145, short * 0.03, css(palette.accent));
  pane(start + short * 0.19, short * 0.09, css(white, 0.35));
}

/** Stickers: rings, dots, waves and crosses around the edges. */
function paintShapes(brush: Brush, stage: Stage): void {
  const { width, height, short, palette } = stage;
  const random = stage.random('shapes');
  const colours = [palette.accent, palette.second, white, palette.light];
  for (let i = 0; i < 7; i++) {
    const edge = random() < 0.5;
    const x =
      width * (edge ? pick(random, [0.1, 0.9]) + between(random, -0.05, 0.05) : between(random, 0.1, 0.9));
    const y =
      height * (edge ? between(random, 0.1, 0.9) : pick(random, [0.1, 0.91]) + between(random, -0.04, 0.04));
    const size = short * between(random, 0.014, 0.045);
    const colour = css(pick(random, colours));
    brush.fillStyle = brush.strokeStyle = colour;
    brush.lineWidth = size * 0.34;
    brush.lineCap = 'round';
    brush.beginPath();
    const shape = pick(random, ['ring', 'dot', 'wave', 'cross', 'grid'] as const);
    if (shape === 'dot') circle(brush, x, y, size * 0.8);
    if (shape === 'ring') {
      brush.arc(x, y, size, 0, 7);
      brush.stroke();
    }
    if (shape === 'cross') {
      brush.moveTo(x - size, y);
      brush.lineTo(x + size, y);
      brush.moveTo(x, y - size);
      brush.lineTo(x, y + size);
      brush.stroke();
    }
    if (shape === 'wave') {
      brush.moveTo(x - size * 2, y);
      for (let k = 1; k <= 4; k++) {
        brush.quadraticCurveTo(x + size * (k - 2.5), y + (k % 2 ? -size : size), x + size * (k - 2), y);
      }
      brush.stroke();
    }
    if (shape === 'grid') {
      for (let k = 0; k < 16; k++)
        circle(brush, x + (k % 4) * size * 0.8, y + Math.floor(k / 4) * size * 0.8, size * 0.15);
    }
  }
}

/** Four printed stripes that bend round a lower corner. */
function paintStripes(brush: Brush, stage: Stage): void {
  const { width, height, short, palette, light } = stage;
  const colours = [palette.accent, blend(palette.accent, palette.second, 0.6), palette.second, palette.light];
  const wide = short * 0.03;
  const reach = short * between(stage.random('stripes'), 0.24, 0.34);
  const x = light.x > 0.5 ? 0 : width;
  brush.lineWidth = wide * 1.04;
  for (const [i, colour] of colours.entries()) {
    brush.strokeStyle = css(colour);
    brush.beginPath();
    brush.arc(x, height, reach - wide * i, 0, Math.PI * 2);
    brush.stroke();
  }
}
