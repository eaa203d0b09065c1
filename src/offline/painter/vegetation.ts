// What grows: firs, broad trees, palms, trunks, grass, reeds, leaves. Each drawn from chance at a foot in pixels.
import { between, type Random } from '../../domain/random.ts';
import { blend, type Colour, css, lighter } from './colour.ts';
import { type Ridge, ridgeAt } from './ridge.ts';
import type { Brush, Stage } from './stage.ts';

/** A fir with drooping branches, `tall` pixels high. */
export function fir(
  brush: Brush,
  random: Random,
  x: number,
  foot: number,
  tall: number,
  plain = false,
): void {
  const tiers = plain ? 1 : Math.max(5, Math.min(13, Math.round(tall / 9)));
  const wide = tall * between(random, 0.17, 0.23);
  const top = foot - tall;
  brush.beginPath();
  brush.moveTo(x, top);
  for (const side of [1, -1]) {
    for (let k = 1; k <= tiers; k++) {
      const tier = side === 1 ? k : tiers + 1 - k;
      const t = tier / tiers;
      const reach = wide * t ** 0.85 * (plain ? 1 : between(random, 0.8, 1.15));
      const y = top + tall * 0.94 * t;
      if (side === 1) {
        brush.lineTo(x + reach, y + tall * 0.015);
        if (!plain) brush.lineTo(x + reach * 0.42, y - tall * 0.012);
      } else {
        if (!plain) brush.lineTo(x - reach * 0.42, y - tall * 0.012);
        brush.lineTo(x - reach, y + tall * 0.015);
      }
    }
    if (side === 1) {
      brush.lineTo(x + tall * 0.018, foot - tall * 0.06);
      brush.lineTo(x + tall * 0.022, foot + tall * 0.05);
      brush.lineTo(x - tall * 0.022, foot + tall * 0.05);
      brush.lineTo(x - tall * 0.018, foot - tall * 0.06);
    }
  }
  brush.closePath();
  brush.fill();
}

/** A tree with a trunk, boughs and a crown of leaf masses lit from one side. */
export function broadTree(
  brush: Brush,
  random: Random,
  at: { x: number; foot: number; tall: number },
  tones: { bark: Colour; leaf: Colour; lit: Colour; side: number },
): void {
  const { x, foot, tall } = at;
  brush.fillStyle = css(tones.bark);
  brush.strokeStyle = css(tones.bark);
  brush.lineCap = 'round';
  trunk(brush, x, foot, tall * 0.05, tall * 0.5);
  for (const lean of [-0.2, -0.09, 0.1, 0.22]) {
    brush.lineWidth = tall * 0.024;
    brush.beginPath();
    brush.moveTo(x, foot - tall * between(random, 0.3, 0.45));
    brush.quadraticCurveTo(x + lean * tall * 0.5, foot - tall * 0.55, x + lean * tall, foot - tall * 0.66);
    brush.stroke();
  }
  const masses = Array.from({ length: 30 }, () => {
    const a = random() * Math.PI * 2;
    const r = Math.sqrt(random());
    return {
      x: x + Math.cos(a) * r * tall * 0.28,
      y: foot - tall * 0.69 + Math.sin(a) * r * tall * 0.21,
      size: tall * between(random, 0.045, 0.095),
    };
  }).sort((a, b) => b.y - a.y);
  for (const [tone, offset, share] of [
    [tones.leaf, 0, 1],
    [blend(tones.leaf, tones.lit, 0.3), 0.2, 0.8],
    [blend(tones.leaf, tones.lit, 0.65), 0.42, 0.46],
  ] as const) {
    brush.fillStyle = css(tone);
    brush.beginPath();
    for (const mass of masses) {
      if (share < 1 && random() > share + 0.15) continue;
      leafMass(
        brush,
        random,
        mass.x + tones.side * offset * mass.size,
        mass.y - offset * mass.size,
        mass.size * share,
      );
    }
    brush.fill();
  }
}

function leafMass(brush: Brush, random: Random, x: number, y: number, size: number): void {
  const lobes = 8;
  for (let k = 0; k < lobes; k++) {
    const a = (k / lobes) * Math.PI * 2;
    const r = size * between(random, 0.2, 0.42);
    const cx = x + Math.cos(a) * size * 0.72;
    const cy = y + Math.sin(a) * size * 0.62;
    brush.moveTo(cx + r, cy);
    brush.arc(cx, cy, r, 0, Math.PI * 2);
  }
  brush.moveTo(x + size * 0.7, y);
  brush.arc(x, y, size * 0.7, 0, Math.PI * 2);
}

function trunk(brush: Brush, x: number, foot: number, wide: number, tall: number): void {
  brush.beginPath();
  brush.moveTo(x - wide, foot + wide * 0.3);
  brush.quadraticCurveTo(x - wide * 0.4, foot - tall * 0.2, x - wide * 0.42, foot - tall);
  brush.lineTo(x + wide * 0.42, foot - tall);
  brush.quadraticCurveTo(x + wide * 0.4, foot - tall * 0.2, x + wide, foot + wide * 0.3);
  brush.fill();
}

/** A bare tree: boughs that fork down to twigs. */
export function bareTree(brush: Brush, random: Random, x: number, foot: number, tall: number): void {
  brush.lineCap = 'round';
  const bough = (x0: number, y0: number, angle: number, length: number, wide: number, depth: number) => {
    const x1 = x0 + Math.cos(angle) * length;
    const y1 = y0 + Math.sin(angle) * length;
    brush.lineWidth = wide;
    brush.beginPath();
    brush.moveTo(x0, y0);
    brush.quadraticCurveTo((x0 + x1) / 2 + between(random, -0.08, 0.08) * length, (y0 + y1) / 2, x1, y1);
    brush.stroke();
    if (depth === 0) return;
    const forks = depth > 3 ? 2 : 3;
    for (let i = 0; i < forks; i++) {
      const turn = (i / (forks - 1) - 0.5) * between(random, 0.7, 1.25) + between(random, -0.15, 0.15);
      bough(x1, y1, angle + turn, length * between(random, 0.62, 0.82), wide * 0.62, depth - 1);
    }
  };
  bough(x, foot, -Math.PI / 2 + between(random, -0.06, 0.06), tall * 0.3, tall * 0.05, 5);
}

export function palm(brush: Brush, random: Random, x: number, foot: number, tall: number): void {
  const lean = between(random, -0.25, 0.25) * tall;
  const topX = x + lean;
  const topY = foot - tall;
  brush.lineCap = 'round';
  brush.lineWidth = tall * 0.035;
  brush.beginPath();
  brush.moveTo(x, foot);
  brush.quadraticCurveTo(x + lean * 0.2, foot - tall * 0.55, topX, topY);
  brush.stroke();
  for (let i = 0; i < 12; i++) {
    const a = -Math.PI * (-0.12 + 1.24 * (i / 11)) + between(random, -0.1, 0.1);
    const reach = tall * between(random, 0.36, 0.46);
    const droop = reach * between(random, 0.32, 0.5);
    const at = (t: number): [number, number] => [
      topX + Math.cos(a) * reach * t,
      topY + Math.sin(a) * reach * 0.7 * t * (1.25 - 0.25 * t) + droop * t ** 2.2,
    ];
    // Leaflets hang from the rib, longest in its middle.
    brush.beginPath();
    const leaflets = 15;
    for (let k = 1; k <= leaflets; k++) {
      const t = k / leaflets;
      const [x0, y0] = at(t - 0.07);
      const [x1, y1] = at(t);
      const long = reach * 0.2 * Math.sin(Math.PI * (0.12 + 0.84 * t)) ** 0.7;
      const out = Math.sign(Math.cos(a)) * long * 0.35;
      brush.moveTo(x0, y0);
      brush.lineTo(x1, y1);
      brush.lineTo(x1 + out, y1 + long);
      brush.closePath();
    }
    brush.fill();
    brush.lineWidth = tall * 0.009;
    brush.beginPath();
    for (let k = 0; k <= 8; k++) brush.lineTo(...at(k / 8));
    brush.stroke();
  }
}

/** Firs along a ridge; `thick` 0..1, heights as shares of the short side. */
export function fringe(
  brush: Brush,
  stage: Stage,
  name: string,
  ridge: Ridge,
  look: { tall: [number, number]; thick: number; colour: Colour },
): void {
  const random = stage.random(`fringe ${name}`);
  const { width, short, treatment } = stage;
  const thick = look.thick * (0.25 + 0.75 * treatment.detail);
  const plain = treatment.edges === 'smooth' || treatment.edges === 'angular';
  for (let x = -short * 0.02; x < width * 1.02; ) {
    const cluster = 0.35 + 0.65 * Math.sin(x / (short * 0.19) + stage.seed(name)) ** 2;
    const tall = short * between(random, ...look.tall) * (0.5 + 0.5 * cluster) * (plain ? 1.15 : 1);
    brush.fillStyle = css(lighter(look.colour, between(random, -0.012, 0.02)));
    fir(brush, random, x, ridgeAt(ridge, x) + tall * 0.08, tall, plain);
    x += (tall * between(random, 0.16, 0.34)) / Math.max(0.08, thick * cluster);
  }
}

/** Blades of grass standing on the lower edge of a ridge. */
export function grass(
  brush: Brush,
  stage: Stage,
  name: string,
  ridge: Ridge,
  look: { tall: number; thick: number; colour: Colour; ears?: boolean },
): void {
  const random = stage.random(`grass ${name}`);
  const { width, short, treatment } = stage;
  const count = Math.round((width / short) * 420 * look.thick * (0.3 + 0.7 * treatment.detail));
  brush.lineCap = 'round';
  const shades = [-0.03, 0, 0.035].map((by) => css(lighter(look.colour, by)));
  for (const [i, shade] of shades.entries()) {
    brush.strokeStyle = brush.fillStyle = shade;
    brush.beginPath();
    for (let k = i; k < count; k += shades.length) {
      const x = random() * width;
      const foot = ridgeAt(ridge, x) + short * 0.01;
      const tall = short * look.tall * between(random, 0.35, 1) ** 1.3;
      const lean = tall * between(random, -0.3, 0.42);
      const half = Math.max(0.6, short * 0.0016);
      brush.moveTo(x - half, foot);
      brush.quadraticCurveTo(x + lean * 0.2 - half, foot - tall * 0.6, x + lean, foot - tall);
      brush.quadraticCurveTo(x + lean * 0.2 + half, foot - tall * 0.6, x + half, foot);
      if (look.ears && random() < 0.3) {
        const size = tall * 0.06;
        brush.ellipse(x + lean, foot - tall, size * 0.5, size * 1.6, lean > 0 ? 0.3 : -0.3, 0, 7);
      }
      // Many small paths fill three times faster than one of a thousand blades.
      if (k % 24 < shades.length) {
        brush.fill();
        brush.beginPath();
      }
    }
    brush.fill();
  }
}

/** A spray of leaves from a corner, for frames of foliage. */
export function spray(
  brush: Brush,
  random: Random,
  from: { x: number; y: number; angle: number; length: number },
  colour: Colour,
): void {
  const { x, y, angle, length } = from;
  const bend = between(random, -0.5, 0.5);
  const leaves = 16;
  brush.strokeStyle = css(colour);
  brush.lineWidth = length * 0.012;
  let px = x;
  let py = y;
  for (let k = 1; k <= leaves; k++) {
    const t = k / leaves;
    const a = angle + bend * t;
    const nx = px + (Math.cos(a) * length) / leaves;
    const ny = py + (Math.sin(a) * length) / leaves;
    brush.beginPath();
    brush.moveTo(px, py);
    brush.lineTo(nx, ny);
    brush.stroke();
    for (const side of [-1, 1]) {
      const size = length * (0.22 - 0.13 * t) * between(random, 0.8, 1.2);
      brush.fillStyle = css(lighter(colour, between(random, -0.015, 0.03)));
      leaf(brush, nx, ny, a + side * between(random, 0.65, 1.05), size);
    }
    px = nx;
    py = ny;
  }
}

export function leaf(brush: Brush, x: number, y: number, angle: number, size: number): void {
  brush.save();
  brush.translate(x, y);
  brush.rotate(angle);
  brush.beginPath();
  brush.moveTo(0, 0);
  brush.quadraticCurveTo(size * 0.45, -size * 0.32, size, 0);
  brush.quadraticCurveTo(size * 0.45, size * 0.32, 0, 0);
  brush.fill();
  brush.restore();
}
