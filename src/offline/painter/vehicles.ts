// Ships, trains, cars, and what stands or swims by the sea. Each at its waterline or wheels, `size` pixels long or high.
import { blend, css, hex, lighter } from './colour.ts';
import { glow } from './pixels.ts';
import { type Brush, type Spot, type Stage, seenAt } from './stage.ts';

function placed(brush: Brush, { x, y, size, side }: Spot): void {
  brush.translate(x, y);
  brush.scale(size * side, size);
}

/** A closed shape through points. */
export function polygon(brush: Brush, points: readonly (readonly [number, number])[]): void {
  brush.beginPath();
  for (const [x, y] of points) brush.lineTo(x, y);
  brush.closePath();
  brush.fill();
}

export function lighthouse(brush: Brush, stage: Stage, { x, y, size, side }: Spot): void {
  const { palette, treatment } = stage;
  const rock = blend(palette.near, palette.haze, 0.08);
  const top = y - size;
  brush.save();
  brush.globalCompositeOperation = 'screen';
  for (const dir of [side, -side]) {
    const beam = brush.createLinearGradient(x, top, x + dir * size * 3, top);
    beam.addColorStop(0, css(palette.light, 0.75));
    beam.addColorStop(1, css(palette.light, 0.0001));
    brush.fillStyle = beam;
    polygon(brush, [
      [x, top - size * 0.01],
      [x + dir * size * 3, top - size * 0.34],
      [x + dir * size * 3, top + size * 0.14],
      [x, top + size * 0.02],
    ]);
  }
  brush.restore();
  brush.fillStyle = css(rock);
  polygon(brush, [
    [x - size * 0.62, y + size * 0.2],
    [x - size * 0.4, y + size * 0.03],
    [x - size * 0.22, y + size * 0.01],
    [x - size * 0.1, y - size * 0.06],
    [x + size * 0.14, y - size * 0.05],
    [x + size * 0.26, y + size * 0.03],
    [x + size * 0.45, y + size * 0.06],
    [x + size * 0.7, y + size * 0.2],
  ]);
  const wide = (t: number) => size * (0.085 - 0.035 * t);
  const bands = 5;
  for (let i = 0; i < bands; i++) {
    const [t0, t1] = [i / bands, (i + 1) / bands];
    const red = i % 2 === 0;
    const tone = seenAt(stage, hex(red ? '#b3362c' : '#f2ede2'), 0.8);
    const [y0, y1] = [y - size * (0.04 + 0.84 * t0), y - size * (0.04 + 0.84 * t1)];
    brush.fillStyle = css(tone);
    polygon(brush, [
      [x - wide(t0), y0],
      [x - wide(t1), y1 - 1],
      [x + wide(t1), y1 - 1],
      [x + wide(t0), y0],
    ]);
    brush.fillStyle = css(palette.near, 0.42);
    const s = stage.light.x * stage.width < x ? 1 : -1;
    polygon(brush, [
      [x + s * wide(t0) * 0.15, y0],
      [x + s * wide(t1) * 0.15, y1 - 1],
      [x + s * wide(t1), y1 - 1],
      [x + s * wide(t0), y0],
    ]);
  }
  brush.fillStyle = css(rock);
  brush.fillRect(x - size * 0.075, y - size * 0.9, size * 0.15, size * 0.025);
  brush.fillRect(x - size * 0.038, y - size * 1.06, size * 0.076, size * 0.03);
  polygon(brush, [
    [x - size * 0.055, y - size * 1.05],
    [x, y - size * 1.13],
    [x + size * 0.055, y - size * 1.05],
  ]);
  brush.fillStyle = css(lighter(palette.light, 0.05));
  brush.fillRect(x - size * 0.032, y - size * 1.03, size * 0.064, size * 0.13);
  if (treatment.glow > 0) glow(brush, x, y - size * 0.97, size * 0.55, palette.light, 0.9);
}

export function ship(brush: Brush, stage: Stage, at: Spot): void {
  const { palette } = stage;
  placed(brush, at);
  brush.fillStyle = css(seenAt(stage, hex('#e9e4d8'), 0.75));
  polygon(brush, [
    [-0.32, -0.1],
    [-0.32, -0.2],
    [-0.26, -0.2],
    [-0.26, -0.27],
    [-0.02, -0.27],
    [0.02, -0.2],
    [0.2, -0.2],
    [0.24, -0.1],
  ]);
  brush.fillStyle = css(blend(palette.accent, palette.near, 0.3));
  polygon(brush, [
    [-0.2, -0.27],
    [-0.19, -0.4],
    [-0.1, -0.4],
    [-0.09, -0.27],
  ]);
  brush.fillStyle = css(palette.near, 0.85);
  brush.fillRect(-0.195, -0.4, 0.1, 0.03);
  for (let i = 0; i < 9; i++) brush.fillRect(-0.28 + i * 0.052, -0.165, 0.024, 0.024);
  brush.fillStyle = css(blend(palette.near, palette.haze, 0.1));
  polygon(brush, [
    [-0.5, -0.1],
    [0.56, -0.13],
    [0.44, 0.02],
    [-0.44, 0.02],
  ]);
  brush.fillStyle = css(palette.light, 0.35);
  brush.fillRect(-0.52, 0.012, 1.0, 0.012);
}

export function sailboat(brush: Brush, stage: Stage, at: Spot): void {
  const { palette } = stage;
  placed(brush, at);
  brush.fillStyle = css(seenAt(stage, hex('#f4efe4'), 0.85));
  brush.beginPath();
  brush.moveTo(0.02, -0.98);
  brush.quadraticCurveTo(0.4, -0.55, 0.42, -0.14);
  brush.lineTo(0.02, -0.12);
  brush.fill();
  brush.fillStyle = css(blend(palette.accent, palette.near, 0.08));
  brush.beginPath();
  brush.moveTo(-0.03, -0.9);
  brush.quadraticCurveTo(-0.22, -0.45, -0.36, -0.14);
  brush.lineTo(-0.03, -0.12);
  brush.fill();
  brush.fillStyle = css(palette.near);
  brush.fillRect(-0.012, -1, 0.02, 0.95);
  brush.beginPath();
  brush.moveTo(-0.44, -0.09);
  brush.lineTo(0.5, -0.09);
  brush.quadraticCurveTo(0.38, 0.05, 0.22, 0.05);
  brush.lineTo(-0.3, 0.05);
  brush.fill();
}

export function whale(brush: Brush, stage: Stage, at: Spot): void {
  const { palette } = stage;
  placed(brush, at);
  brush.fillStyle = css(blend(palette.near, palette.haze, 0.06));
  brush.beginPath();
  brush.moveTo(-0.12, 0.12);
  brush.quadraticCurveTo(-0.02, -0.2, -0.03, -0.52);
  brush.bezierCurveTo(-0.2, -0.56, -0.42, -0.6, -0.52, -0.86);
  brush.bezierCurveTo(-0.3, -0.84, -0.1, -0.78, 0, -0.64);
  brush.bezierCurveTo(0.1, -0.78, 0.3, -0.84, 0.52, -0.86);
  brush.bezierCurveTo(0.42, -0.6, 0.2, -0.56, 0.05, -0.52);
  brush.quadraticCurveTo(0.06, -0.2, 0.2, 0.12);
  brush.fill();
  brush.fillStyle = css(palette.light, 0.5);
  brush.beginPath();
  brush.ellipse(0.03, 0.1, 0.42, 0.045, 0, 0, 7);
  brush.fill();
}

export function train(brush: Brush, stage: Stage, at: Spot): void {
  const { palette } = stage;
  const dark = blend(palette.near, palette.haze, 0.05);
  placed(brush, at);
  brush.fillStyle = css(dark);
  brush.fillRect(-1.2, 0, 2.4, 0.018);
  // Engine with boiler, cab, chimney.
  brush.beginPath();
  brush.roundRect(0.16, -0.15, 0.28, 0.1, 0.03);
  brush.roundRect(0.04, -0.21, 0.13, 0.17, 0.01);
  brush.fill();
  polygon(brush, [
    [0.37, -0.14],
    [0.36, -0.22],
    [0.42, -0.22],
    [0.41, -0.14],
  ]);
  polygon(brush, [
    [0.43, -0.04],
    [0.5, -0.01],
    [0.43, -0.01],
  ]);
  brush.fillRect(0.02, -0.225, 0.17, 0.02);
  for (let i = 0; i < 4; i++) {
    const x = -0.16 - i * 0.21;
    brush.fillStyle = css(dark);
    brush.beginPath();
    brush.roundRect(x, -0.165, 0.19, 0.13, 0.015);
    brush.fill();
    brush.fillStyle = css(palette.light, 0.95);
    for (let k = 0; k < 4; k++) brush.fillRect(x + 0.02 + k * 0.041, -0.135, 0.028, 0.038);
  }
  brush.fillStyle = css(dark);
  for (const [x, r] of [
    [0.09, 0.035],
    [0.2, 0.035],
    [0.3, 0.028],
    [0.4, 0.028],
    [-0.12, 0.02],
    [0, 0.02],
    [-0.33, 0.02],
    [-0.22, 0.02],
    [-0.54, 0.02],
    [-0.43, 0.02],
    [-0.75, 0.02],
    [-0.64, 0.02],
  ] as const) {
    brush.beginPath();
    brush.arc(x, -r + 0.005, r, 0, 7);
    brush.fill();
  }
  for (let i = 0; i < 9; i++) {
    brush.fillStyle = css(blend(palette.haze, palette.light, 0.3), 0.5 - i * 0.045);
    brush.beginPath();
    brush.arc(0.38 - i * 0.085, -0.26 - i * 0.02 - 0.012 * (i % 2), 0.024 + i * 0.012, 0, 7);
    brush.fill();
  }
}

export function car(brush: Brush, stage: Stage, at: Spot): void {
  const { palette, treatment } = stage;
  placed(brush, at);
  brush.fillStyle = css(blend(palette.accent, palette.near, 0.45));
  brush.beginPath();
  brush.moveTo(-0.5, -0.07);
  brush.quadraticCurveTo(-0.52, -0.2, -0.42, -0.2);
  brush.lineTo(-0.32, -0.21);
  brush.quadraticCurveTo(-0.2, -0.37, -0.08, -0.37);
  brush.lineTo(0.1, -0.37);
  brush.quadraticCurveTo(0.2, -0.36, 0.29, -0.21);
  brush.quadraticCurveTo(0.5, -0.19, 0.5, -0.07);
  brush.closePath();
  brush.fill();
  brush.fillStyle = css(blend(palette.light, palette.haze, 0.5), 0.85);
  polygon(brush, [
    [-0.25, -0.22],
    [-0.13, -0.335],
    [-0.02, -0.335],
    [-0.02, -0.22],
  ]);
  polygon(brush, [
    [0.02, -0.22],
    [0.02, -0.335],
    [0.1, -0.335],
    [0.21, -0.22],
  ]);
  brush.fillStyle = css(palette.near);
  for (const x of [-0.29, 0.29]) {
    brush.beginPath();
    brush.arc(x, -0.07, 0.095, 0, 7);
    brush.fill();
  }
  brush.fillStyle = css(palette.light);
  brush.fillRect(0.465, -0.165, 0.035, 0.045);
  if (treatment.glow > 0.3 && palette.sky[1][0] < 0.6) glow(brush, 0.5, -0.14, 0.5, palette.light, 0.8);
}
