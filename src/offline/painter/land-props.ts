// Things on hills and over water: castles, mills, tents, deer, bridges.
import type { Random } from '../../domain/random.ts';
import { blend, css, hex, lighter } from './colour.ts';
import { glow } from './pixels.ts';
import { type Brush, type Spot, type Stage, seenAt } from './stage.ts';
import { polygon } from './vehicles.ts';

export function castle(brush: Brush, stage: Stage, { x, y, size }: Spot): void {
  const { palette } = stage;
  const wall = blend(palette.near, palette.haze, 0.16);
  brush.translate(x, y + size * 0.04);
  brush.scale(size, size);
  const tower = (left: number, wide: number, tall: number, cone: boolean) => {
    brush.fillStyle = css(wall);
    brush.fillRect(left, -tall, wide, tall);
    for (let i = 0; i < 4; i++)
      brush.fillRect(left - 0.012 + (i * (wide + 0.024)) / 3.6, -tall - 0.035, wide / 5.4, 0.04);
    brush.fillStyle = css(blend(palette.near, palette.accent, 0.16));
    if (cone)
      polygon(brush, [
        [left - 0.03, -tall],
        [left + wide / 2, -tall - wide * 1.7],
        [left + wide + 0.03, -tall],
      ]);
    brush.fillStyle = css(palette.light, 0.9);
    brush.fillRect(left + wide * 0.42, -tall * 0.8, wide * 0.16, 0.045);
  };
  tower(-0.46, 0.92, 0.3, false);
  tower(-0.5, 0.16, 0.52, true);
  tower(0.33, 0.18, 0.58, true);
  tower(-0.14, 0.28, 0.7, true);
  tower(-0.27, 0.12, 0.62, true);
  tower(0.16, 0.12, 0.46, false);
  brush.fillStyle = css(palette.near);
  brush.beginPath();
  brush.roundRect(-0.06, -0.17, 0.12, 0.18, [0.06, 0.06, 0, 0]);
  brush.fill();
}

export function windmill(brush: Brush, stage: Stage, { x, y, size, side }: Spot): void {
  const { palette } = stage;
  brush.translate(x, y);
  brush.scale(size, size);
  brush.fillStyle = css(seenAt(stage, hex('#8d7a68'), 0.9));
  polygon(brush, [
    [-0.14, 0.02],
    [-0.08, -0.58],
    [0.08, -0.58],
    [0.14, 0.02],
  ]);
  brush.fillStyle = css(palette.near);
  polygon(brush, [
    [-0.1, -0.57],
    [0, -0.72],
    [0.1, -0.57],
  ]);
  brush.translate(0, -0.6);
  brush.rotate(0.35 * side);
  brush.strokeStyle = css(palette.near);
  brush.fillStyle = css(blend(palette.near, palette.light, 0.5), 0.85);
  brush.lineWidth = 0.02;
  for (let i = 0; i < 4; i++) {
    brush.rotate(Math.PI / 2);
    brush.beginPath();
    brush.moveTo(0, 0);
    brush.lineTo(0.52, 0);
    brush.stroke();
    brush.fillRect(0.12, 0.01, 0.38, 0.1);
  }
}

export function tent(brush: Brush, stage: Stage, { x, y, size }: Spot): void {
  const { palette } = stage;
  brush.translate(x, y);
  brush.scale(size, size);
  const cloth = blend(palette.second, palette.near, 0.18);
  brush.fillStyle = css(blend(cloth, palette.near, 0.4));
  polygon(brush, [
    [-0.6, 0.02],
    [-0.05, -0.6],
    [0.6, 0.02],
  ]);
  brush.fillStyle = css(cloth);
  polygon(brush, [
    [-0.6, 0.02],
    [-0.05, -0.6],
    [0.22, 0.02],
  ]);
  brush.fillStyle = css(lighter(palette.light, 0.02));
  polygon(brush, [
    [-0.26, 0.02],
    [-0.06, -0.44],
    [0.06, 0.02],
  ]);
  glow(brush, -0.1, -0.15, 0.9, palette.light, 0.55);
}

export function animal(brush: Brush, stage: Stage, { x, y, size, side }: Spot, random: Random): void {
  brush.translate(x, y);
  brush.scale(size * side, size);
  brush.fillStyle = brush.strokeStyle = css(stage.palette.near);
  brush.lineCap = 'round';
  brush.beginPath();
  brush.moveTo(-0.38, -0.58);
  brush.bezierCurveTo(-0.2, -0.66, 0.05, -0.6, 0.18, -0.68);
  brush.bezierCurveTo(0.26, -0.78, 0.27, -0.9, 0.31, -0.98);
  brush.quadraticCurveTo(0.37, -1.05, 0.43, -0.98);
  brush.lineTo(0.57, -0.89);
  brush.quadraticCurveTo(0.57, -0.83, 0.48, -0.84);
  brush.quadraticCurveTo(0.4, -0.83, 0.37, -0.7);
  brush.bezierCurveTo(0.34, -0.5, 0.3, -0.42, 0.22, -0.36);
  brush.bezierCurveTo(0.0, -0.33, -0.2, -0.36, -0.36, -0.34);
  brush.bezierCurveTo(-0.44, -0.4, -0.44, -0.52, -0.38, -0.58);
  brush.fill();
  for (const [top, knee, foot] of [
    [0.24, 0.27, 0.25],
    [0.15, 0.13, 0.15],
    [-0.27, -0.33, -0.28],
    [-0.35, -0.42, -0.4],
  ] as const) {
    polygon(brush, [
      [top - 0.05, -0.42],
      [top + 0.05, -0.42],
      [knee + 0.022, -0.2],
      [foot + 0.02, 0.02],
      [foot - 0.02, 0.02],
      [knee - 0.022, -0.2],
    ]);
  }
  if (random() < 0.75) {
    brush.lineWidth = 0.022;
    for (const s of [0, 0.05]) {
      brush.beginPath();
      brush.moveTo(0.35 + s, -1);
      brush.bezierCurveTo(0.2 + s, -1.15, 0.22 + s * 3, -1.3, 0.32 + s * 4, -1.42);
      brush.moveTo(0.26 + s * 1.5, -1.17);
      brush.lineTo(0.38 + s * 2, -1.22);
      brush.moveTo(0.25 + s * 2, -1.28);
      brush.lineTo(0.4 + s * 3, -1.36);
      brush.moveTo(0.26 + s, -1.14);
      brush.lineTo(0.14 + s, -1.26);
      brush.stroke();
    }
  }
}

export function bridge(brush: Brush, stage: Stage, { x, y, size }: Spot): void {
  const { palette } = stage;
  brush.translate(x, y);
  brush.scale(size, size);
  const tone = seenAt(stage, hex('#a5482f'), 0.7);
  brush.strokeStyle = brush.fillStyle = css(blend(tone, palette.near, 0.25));
  brush.fillRect(-1.6, -0.13, 3.2, 0.028);
  const towers = [-0.42, 0.42];
  for (const t of towers) {
    brush.fillRect(t - 0.028, -0.52, 0.018, 0.56);
    brush.fillRect(t + 0.01, -0.52, 0.018, 0.56);
    for (let k = 0; k < 4; k++) brush.fillRect(t - 0.028, -0.5 + k * 0.09, 0.056, 0.014);
  }
  brush.lineWidth = 0.008;
  const sag = (from: number, to: number, low: number) => {
    brush.beginPath();
    brush.moveTo(from, -0.51);
    brush.quadraticCurveTo((from + to) / 2, low, to, -0.51);
    brush.stroke();
    brush.save();
    brush.lineWidth = 0.0035;
    brush.beginPath();
    for (let k = 1; k < 20; k++) {
      const t = k / 20;
      const cy = (1 - t) ** 2 * -0.51 + 2 * t * (1 - t) * low + t * t * -0.51;
      brush.moveTo(from + (to - from) * t, cy);
      brush.lineTo(from + (to - from) * t, -0.13);
    }
    brush.stroke();
    brush.restore();
  };
  sag(-0.42, 0.42, 0.2);
  sag(-1.26, -0.42, 0.2);
  sag(0.42, 1.26, 0.2);
}

/** A lantern that hangs from a wooden post, as by a path: `size` is the height of the post. */
export function hangingLantern(brush: Brush, stage: Stage, { x, y, size, side }: Spot): void {
  const { palette, treatment } = stage;
  const wood = blend(palette.grade(hex('#5a4330')), palette.near, 0.55);
  brush.translate(x, y);
  brush.scale(size * side, size);
  brush.strokeStyle = css(wood);
  brush.lineCap = brush.lineJoin = 'round';
  brush.lineWidth = 0.075;
  brush.beginPath();
  brush.moveTo(0, 0.03);
  brush.lineTo(-0.015, -1);
  brush.stroke();
  brush.lineWidth = 0.05;
  brush.beginPath();
  brush.moveTo(-0.06, -0.9);
  brush.lineTo(0.38, -0.94);
  brush.moveTo(0, -0.66);
  brush.lineTo(0.22, -0.91);
  brush.stroke();
  // Stones at its foot, so that it grows out of the ground.
  brush.fillStyle = css(blend(wood, palette.haze, 0.14));
  for (const [dx, r] of [
    [-0.09, 0.07],
    [0.08, 0.085],
    [0, 0.06],
  ] as const) {
    brush.beginPath();
    brush.ellipse(dx, 0.02, r, r * 0.62, 0, 0, 7);
    brush.fill();
  }
  const metal = css(blend(palette.near, palette.haze, 0.08));
  brush.strokeStyle = brush.fillStyle = metal;
  brush.lineWidth = 0.016;
  brush.beginPath();
  brush.moveTo(0.33, -0.93);
  brush.lineTo(0.33, -0.83);
  brush.stroke();
  if (treatment.glow > 0)
    glow(brush, 0.33, -0.68, 0.85, palette.light, 0.9 * Math.min(1, treatment.glow + 0.3));
  brush.fillStyle = css(
    treatment.sky === 'flat' ? palette.accent : lighter(blend(palette.light, palette.second, 0.25), 0.04),
  );
  brush.beginPath();
  brush.roundRect(0.255, -0.76, 0.15, 0.18, 0.03);
  brush.fill();
  brush.fillStyle = metal;
  polygon(brush, [
    [0.235, -0.76],
    [0.29, -0.84],
    [0.37, -0.84],
    [0.425, -0.76],
  ]);
  brush.fillRect(0.24, -0.59, 0.18, 0.03);
  brush.lineWidth = 0.014;
  brush.beginPath();
  for (const bar of [0.262, 0.33, 0.398]) {
    brush.moveTo(bar, -0.76);
    brush.lineTo(bar, -0.58);
  }
  brush.stroke();
}
