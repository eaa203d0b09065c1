// Things in the air: birds, balloons, planes, rockets.
import { blend, css, hex, lighter } from './colour.ts';
import { glow } from './pixels.ts';
import { type Brush, type Spot, type Stage, seenAt } from './stage.ts';
import { polygon } from './vehicles.ts';

/** A bird on the wing, `span` pixels wide. */
export function bird(brush: Brush, x: number, y: number, span: number, tilt: number): void {
  brush.save();
  brush.translate(x, y);
  brush.rotate(tilt);
  brush.scale(span / 2, span / 2);
  brush.beginPath();
  brush.moveTo(-1, -0.28);
  brush.quadraticCurveTo(-0.48, -0.5, 0, 0.02);
  brush.quadraticCurveTo(0.48, -0.5, 1, -0.28);
  brush.quadraticCurveTo(0.5, -0.3, 0.1, 0.16);
  brush.quadraticCurveTo(0, 0.24, -0.1, 0.16);
  brush.quadraticCurveTo(-0.5, -0.3, -1, -0.28);
  brush.fill();
  brush.restore();
}

export function balloon(brush: Brush, stage: Stage, { x, y, size }: Spot): void {
  const { palette, light, width } = stage;
  const r = size * 0.36;
  brush.save();
  brush.translate(x, y - size * 0.2);
  const outline = () => {
    brush.beginPath();
    brush.moveTo(0, r * 1.55);
    brush.bezierCurveTo(-r * 0.3, r * 1.3, -r, r * 0.62, -r, 0);
    brush.arc(0, 0, r, Math.PI, 0);
    brush.bezierCurveTo(r, r * 0.62, r * 0.3, r * 1.3, 0, r * 1.55);
  };
  outline();
  brush.clip();
  const colours = [palette.accent, palette.second, lighter(palette.light, 0.02)];
  for (let i = 0; i < 7; i++) {
    const from = Math.sin(((i / 7) * 2 - 1) * (Math.PI / 2)) * r;
    brush.fillStyle = css(blend(colours[i % 3]!, palette.near, 0.06));
    brush.fillRect(from, -r, 2 * r, r * 3);
  }
  const side = light.x * width > x ? -1 : 1;
  const shade = brush.createLinearGradient(-side * r, 0, side * r, 0);
  shade.addColorStop(0.3, css(palette.near, 0.0001));
  shade.addColorStop(1, css(palette.near, 0.6));
  brush.fillStyle = shade;
  brush.fillRect(-r, -r, 2 * r, 3 * r);
  brush.restore();
  brush.save();
  brush.translate(x, y - size * 0.2);
  brush.strokeStyle = brush.fillStyle = css(palette.near);
  brush.lineWidth = size * 0.008;
  brush.beginPath();
  for (const s of [-1, 1]) {
    brush.moveTo(s * r * 0.2, r * 1.4);
    brush.lineTo(s * r * 0.14, r * 1.8);
  }
  brush.stroke();
  brush.beginPath();
  brush.roundRect(-r * 0.17, r * 1.78, r * 0.34, r * 0.26, r * 0.05);
  brush.fill();
  brush.restore();
}

export function plane(brush: Brush, stage: Stage, { x, y, size, side }: Spot): void {
  const { palette } = stage;
  brush.translate(x, y);
  brush.rotate(-0.16 * side);
  brush.scale(size * side, size);
  const trail = brush.createLinearGradient(-0.5, 0, -3, 0);
  trail.addColorStop(0, css(palette.light, 0.45));
  trail.addColorStop(1, css(palette.light, 0.0001));
  brush.fillStyle = trail;
  brush.fillRect(-3, -0.012, 2.6, 0.02);
  brush.fillStyle = css(blend(palette.near, palette.haze, 0.12));
  polygon(brush, [
    [-0.04, 0],
    [-0.3, -0.3],
    [-0.22, -0.3],
    [0.14, -0.02],
  ]);
  polygon(brush, [
    [-0.42, -0.02],
    [-0.54, -0.2],
    [-0.46, -0.2],
    [-0.3, -0.03],
  ]);
  brush.fillStyle = css(blend(palette.light, seenAt(stage, hex('#eef1f4'), 0.7), 0.4));
  brush.beginPath();
  brush.moveTo(-0.52, -0.04);
  brush.lineTo(0.36, -0.055);
  brush.quadraticCurveTo(0.5, -0.04, 0.52, 0);
  brush.quadraticCurveTo(0.48, 0.045, 0.34, 0.05);
  brush.lineTo(-0.3, 0.045);
  brush.fill();
  brush.fillStyle = css(blend(palette.near, palette.haze, 0.05));
  polygon(brush, [
    [0.12, 0.02],
    [-0.28, 0.32],
    [-0.18, 0.32],
    [0.28, 0.03],
  ]);
  brush.fillStyle = css(palette.accent);
  polygon(brush, [
    [-0.5, -0.04],
    [-0.6, -0.22],
    [-0.5, -0.22],
    [-0.36, -0.045],
  ]);
}

export function rocket(brush: Brush, stage: Stage, { x, y, size, side }: Spot): void {
  const { palette } = stage;
  brush.translate(x, y);
  brush.rotate(0.32 * side);
  brush.scale(size, size);
  const trail = brush.createLinearGradient(0, 0.4, 0, 1.9);
  trail.addColorStop(0, css(lighter(palette.light, 0.05), 0.95));
  trail.addColorStop(0.2, css(palette.second, 0.7));
  trail.addColorStop(1, css(palette.haze, 0.0001));
  brush.fillStyle = trail;
  polygon(brush, [
    [-0.08, 0.4],
    [0.08, 0.4],
    [0.2, 1.9],
    [-0.2, 1.9],
  ]);
  glow(brush, 0, 0.45, 0.5, palette.light, 0.9);
  brush.fillStyle = css(palette.accent);
  polygon(brush, [
    [-0.11, 0.1],
    [-0.26, 0.42],
    [-0.1, 0.36],
  ]);
  polygon(brush, [
    [0.11, 0.1],
    [0.26, 0.42],
    [0.1, 0.36],
  ]);
  const body = brush.createLinearGradient(-0.14, 0, 0.14, 0);
  const metal = palette.grade(hex('#eceff2'));
  body.addColorStop(0, css(metal));
  body.addColorStop(1, css(blend(metal, palette.near, 0.55)));
  brush.fillStyle = body;
  brush.beginPath();
  brush.moveTo(0, -0.52);
  brush.bezierCurveTo(0.16, -0.34, 0.17, 0.05, 0.1, 0.4);
  brush.lineTo(-0.1, 0.4);
  brush.bezierCurveTo(-0.17, 0.05, -0.16, -0.34, 0, -0.52);
  brush.fill();
  brush.fillStyle = css(blend(palette.near, palette.second, 0.25));
  brush.beginPath();
  brush.arc(0, -0.12, 0.058, 0, 7);
  brush.fill();
}
