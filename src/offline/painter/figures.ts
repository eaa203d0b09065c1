// People as silhouettes: whole figures in a few poses, heads in profile. Drawn in the current fill colour.
import { between, pick, type Random } from '../../domain/random.ts';
import type { Brush } from './stage.ts';

export type Pose = 'stand' | 'walk' | 'raise' | 'sit' | 'point';

type Point = readonly [x: number, y: number];

/** A tapering limb through points given in heads from the feet. */
function limb(brush: Brush, points: readonly Point[], widths: readonly number[]): void {
  brush.lineCap = 'round';
  brush.lineJoin = 'round';
  for (let i = 0; i + 1 < points.length; i++) {
    const [x0, y0] = points[i]!;
    const [x1, y1] = points[i + 1]!;
    const w0 = widths[i]! / 2;
    const w1 = widths[i + 1]! / 2;
    const a = Math.atan2(y1 - y0, x1 - x0) + Math.PI / 2;
    const [c, s] = [Math.cos(a), Math.sin(a)];
    brush.beginPath();
    brush.moveTo(x0 + c * w0, y0 + s * w0);
    brush.lineTo(x1 + c * w1, y1 + s * w1);
    brush.arc(x1, y1, w1, a, a - Math.PI, true);
    brush.lineTo(x0 - c * w0, y0 - s * w0);
    brush.arc(x0, y0, w0, a + Math.PI, a, true);
    brush.fill();
  }
}

/** One person `tall` pixels high with the feet at (`x`, `foot`), facing right (`side` 1) or left (-1). */
export function person(
  brush: Brush,
  random: Random,
  at: { x: number; foot: number; tall: number; side: number; pose: Pose },
): void {
  const unit = at.tall / 7.4;
  const skirt = random() < 0.3 && at.pose !== 'sit';
  const coat = !skirt && random() < 0.35;
  const longHair = skirt || random() < 0.25;
  const slim = between(random, 0.92, 1.08);
  // How they stand: on which leg, and what their hands do.
  const rest = pick(random, ['down', 'down', 'hip', 'back'] as const);
  const open = between(random, 0.04, 0.2);
  const bun = longHair && random() < 0.4;
  brush.save();
  brush.translate(at.x, at.foot);
  brush.scale(unit * at.side, unit);
  const hip = at.pose === 'sit' ? -2.05 : -3.55;
  const neck = hip - 2.45;
  // Legs.
  if (at.pose === 'sit') {
    limb(
      brush,
      [
        [-0.1, hip],
        [1.25, hip + 0.02],
        [1.2, -0.15],
        [1.55, -0.08],
      ],
      [0.8, 0.6, 0.36, 0.28],
    );
    limb(
      brush,
      [
        [-0.1, hip],
        [1.0, hip + 0.1],
        [0.9, -0.12],
        [1.25, -0.06],
      ],
      [0.8, 0.58, 0.36, 0.28],
    );
  } else if (at.pose === 'walk') {
    limb(
      brush,
      [
        [0, hip],
        [0.5, -1.8],
        [0.78, -0.16],
        [1.12, -0.1],
      ],
      [0.75, 0.5, 0.32, 0.24],
    );
    limb(
      brush,
      [
        [-0.05, hip],
        [-0.12, -1.85],
        [-0.85, -0.4],
        [-0.68, -0.12],
      ],
      [0.75, 0.5, 0.32, 0.24],
    );
  } else {
    limb(
      brush,
      [
        [0.2, hip],
        [0.2 + open, -1.82],
        [0.18 + open * 1.6, -0.2],
        [0.46 + open * 1.6, -0.1],
      ],
      [0.66, 0.46, 0.27, 0.2],
    );
    limb(
      brush,
      [
        [-0.2, hip],
        [-0.2, -1.8],
        [-0.24, -0.2],
        [0, -0.1],
      ],
      [0.66, 0.46, 0.27, 0.2],
    );
  }
  // Body.
  const shoulder = (longHair ? 0.7 : 0.82) * slim;
  const waist = (longHair ? 0.46 : 0.58) * slim;
  brush.beginPath();
  brush.moveTo(-0.17, neck - 0.25);
  brush.bezierCurveTo(-0.19, neck + 0.06, -0.42, neck + 0.1, -shoulder * 0.8, neck + 0.2);
  brush.quadraticCurveTo(-shoulder, neck + 0.27, -shoulder, neck + 0.55);
  brush.bezierCurveTo(-shoulder * 0.92, neck + 1.05, -waist, neck + 1.25, -waist, neck + 1.65);
  const hem = skirt ? hip + 1.35 : coat ? hip + 1.0 : hip + 0.3;
  const flare = skirt ? 0.98 : coat ? 0.74 : 0.56;
  brush.bezierCurveTo(-waist * 1.05, hip - 0.4, -flare * 0.92, hip, -flare, hem);
  brush.quadraticCurveTo(0, hem + 0.14, flare, hem);
  brush.bezierCurveTo(flare * 0.92, hip, waist * 1.05, hip - 0.4, waist, neck + 1.65);
  brush.bezierCurveTo(waist, neck + 1.25, shoulder * 0.92, neck + 1.05, shoulder, neck + 0.55);
  brush.quadraticCurveTo(shoulder, neck + 0.27, shoulder * 0.8, neck + 0.2);
  brush.bezierCurveTo(0.42, neck + 0.1, 0.19, neck + 0.06, 0.17, neck - 0.25);
  brush.fill();
  // Arms.
  const [near, far]: Point[] = [
    [-shoulder + 0.19, neck + 0.44],
    [shoulder - 0.19, neck + 0.44],
  ];
  const resting: Record<typeof rest, readonly Point[]> = {
    down: [far!, [shoulder + 0.05, neck + 1.5], [shoulder + 0.02, neck + 2.5]],
    hip: [far!, [shoulder + 0.42, neck + 1.35], [waist + 0.02, neck + 2.02]],
    back: [far!, [shoulder + 0.1, neck + 1.45], [waist - 0.1, neck + 2.1]],
  };
  const hanging: readonly Point[] = [near!, [-shoulder - 0.05, neck + 1.5], [-shoulder + 0.02, neck + 2.5]];
  const arms: Record<Pose, readonly [readonly Point[], readonly Point[]]> = {
    stand: [hanging, resting[rest]],
    walk: [
      [near!, [-shoulder - 0.16, neck + 1.4], [-shoulder + 0.12, neck + 2.4]],
      [far!, [shoulder - 0.12, neck + 1.5], [shoulder + 0.42, neck + 2.24]],
    ],
    raise: [
      [near!, [-shoulder - 0.42, neck - 0.5], [-shoulder - 0.24, neck - 1.5]],
      [far!, [shoulder + 0.44, neck - 0.46], [shoulder + 0.36, neck - 1.48]],
    ],
    sit: [
      [near!, [-0.2, neck + 1.45], [0.9, neck + 1.9]],
      [far!, [0.65, neck + 1.4], [1.35, neck + 1.75]],
    ],
    point: [hanging, [far!, [shoulder + 0.8, neck + 0.22], [shoulder + 1.62, neck - 0.24]]],
  };
  for (const arm of arms[at.pose]) {
    limb(brush, arm, [0.4, 0.31, 0.2]);
    const [x, y] = arm.at(-1)!;
    const [ex, ey] = arm.at(-2)!;
    const turn = Math.atan2(y - ey, x - ex);
    brush.beginPath();
    brush.ellipse(x + 0.1 * Math.cos(turn), y + 0.1 * Math.sin(turn), 0.2, 0.12, turn, 0, 7);
    brush.fill();
  }
  // Head.
  const headY = neck - 0.64;
  brush.beginPath();
  brush.ellipse(0.06, headY, 0.38, 0.5, 0.1, 0, 7);
  brush.fill();
  brush.fillRect(-0.17, neck - 0.45, 0.34, 0.6);
  // Hair.
  brush.beginPath();
  brush.ellipse(-0.05, headY - 0.13, 0.41, 0.43, 0, 0, 7);
  brush.fill();
  if (bun) {
    brush.beginPath();
    brush.arc(-0.45, headY - 0.3, 0.2, 0, 7);
    brush.fill();
  } else if (longHair) {
    brush.beginPath();
    brush.moveTo(0.2, headY - 0.48);
    brush.bezierCurveTo(-0.3, headY - 0.7, -0.58, headY - 0.2, -0.5, headY + 0.3);
    brush.quadraticCurveTo(-0.56, headY + 0.9, -0.34, headY + 1.08);
    brush.quadraticCurveTo(-0.1, headY + 0.9, 0, headY + 0.3);
    brush.fill();
  }
  brush.restore();
}

/** Outline of a head and shoulders in profile, facing right, one head high = 1, chin at y = 1, crown at y = 0. */
export function traceProfile(brush: Brush, random: Random): void {
  const hair = pick(random, ['crop', 'bun', 'long', 'crop'] as const);
  const nose = between(random, -0.015, 0.025);
  const full = between(random, 0, 0.05);
  brush.beginPath();
  if (hair === 'long') {
    brush.moveTo(-0.52, 1.47);
    brush.bezierCurveTo(-0.72, 1.2, -0.5, 1.02, -0.62, 0.72);
    brush.bezierCurveTo(-0.7 - full, 0.4, -0.58, 0.08, -0.36, -0.04);
  } else {
    brush.moveTo(-0.36, 1.27);
    brush.bezierCurveTo(-0.33, 1.08, -0.33, 0.98, -0.38, 0.83);
    if (hair === 'bun') {
      brush.bezierCurveTo(-0.46, 0.76, -0.5, 0.62, -0.52, 0.5);
      brush.bezierCurveTo(-0.68, 0.5, -0.82, 0.34, -0.76, 0.17);
      brush.bezierCurveTo(-0.7, 0.02, -0.52, 0.02, -0.46, 0.12);
      brush.bezierCurveTo(-0.42, 0.06, -0.4, 0.02, -0.36, -0.02);
    } else {
      brush.bezierCurveTo(-0.47, 0.76, -0.5, 0.68, -0.52, 0.58);
      brush.bezierCurveTo(-0.6 - full, 0.5, -0.58, 0.32, -0.54, 0.26);
      brush.bezierCurveTo(-0.6, 0.14, -0.5, 0.04, -0.42, 0.04);
      brush.bezierCurveTo(-0.42, -0.02, -0.38, -0.05, -0.34, -0.06);
    }
  }
  if (hair === 'crop') {
    brush.quadraticCurveTo(-0.26, -0.16 - full, -0.12, -0.12);
    brush.quadraticCurveTo(0.02, -0.2 - full, 0.14, -0.12);
    brush.quadraticCurveTo(0.28, -0.14 - full, 0.34, -0.03);
    brush.quadraticCurveTo(0.43, 0.0, 0.39, 0.12);
  } else {
    brush.bezierCurveTo(-0.16, -0.14 - full, 0.1, -0.14 - full, 0.24, -0.05);
    brush.bezierCurveTo(0.34, 0.0, 0.37, 0.06, 0.375, 0.14);
  }
  brush.bezierCurveTo(0.39, 0.2, 0.39, 0.27, 0.388, 0.32);
  brush.bezierCurveTo(0.386, 0.38, 0.366, 0.4, 0.372, 0.435);
  brush.bezierCurveTo(0.395, 0.49, 0.44 + nose, 0.55, 0.47 + nose, 0.6);
  brush.bezierCurveTo(0.485 + nose, 0.63, 0.45, 0.655, 0.408, 0.66);
  brush.bezierCurveTo(0.396, 0.668, 0.396, 0.685, 0.402, 0.698);
  brush.bezierCurveTo(0.432, 0.71, 0.44, 0.732, 0.412, 0.75);
  brush.bezierCurveTo(0.403, 0.756, 0.403, 0.76, 0.413, 0.766);
  brush.bezierCurveTo(0.432, 0.78, 0.42, 0.81, 0.394, 0.818);
  brush.bezierCurveTo(0.374, 0.832, 0.384, 0.852, 0.394, 0.875);
  brush.bezierCurveTo(0.408, 0.92, 0.37, 0.968, 0.3, 0.974);
  brush.bezierCurveTo(0.22, 0.98, 0.14, 0.95, 0.075, 0.925);
  brush.bezierCurveTo(0.06, 1.0, 0.08, 1.1, 0.13, 1.21);
  brush.bezierCurveTo(0.17, 1.33, 0.48, 1.37, 0.66, 1.56);
  brush.bezierCurveTo(0.82, 1.76, 0.86, 2.1, 0.88, 4);
  brush.lineTo(-0.98, 4);
  brush.bezierCurveTo(-0.96, 2.0, -0.9, 1.68, -0.64, 1.52);
  if (hair !== 'long') brush.bezierCurveTo(-0.5, 1.45, -0.39, 1.4, -0.36, 1.27);
  brush.closePath();
}
