// An idea: a bulb that lights up.
import { between } from '../../../domain/random.ts';
import { across, paintBackdrop } from '../backdrop.ts';
import { blend, type Colour, css, hex, lighter, white } from '../colour.ts';
import { isPainterly, paintGround } from '../icons/setting.ts';
import { circle, glow } from '../pixels.ts';
import { type Brush, type MotifPainter, offCentre, type Stage } from '../stage.ts';
import { polygon } from '../vehicles.ts';

export const idea: MotifPainter = (stage) =>
  isPainterly(stage) || stage.random('kind')() < 0.35 ? hanging(stage) : single(stage);

const single: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: offCentre(stage, random) * width, y: 0.4 * height };
  const r = short * 0.19;
  const warm = few ? palette.accent : blend(palette.light, palette.grade(hex('#ffd35c')), 0.5);
  return {
    layers: [
      {
        depth: 0,
        paint: (brush) => paintBackdrop(brush, stage, { x: c.x / width, y: c.y / height }),
      },
      {
        depth: 0.3,
        paint(brush) {
          // Rays.
          const rays = few ? 8 : 16;
          const drawn = treatment.glow < 0.4;
          brush.lineCap = 'round';
          for (let i = 0; i < rays; i++) {
            const a = (i / rays) * Math.PI * 2 + 0.1;
            if (Math.abs(a - Math.PI / 2) < 0.42) continue;
            const from = r * 1.45;
            const to = r * (i % 2 ? 1.85 : 2.2);
            brush.strokeStyle = css(treatment.sky === 'clean' ? palette.second : warm, drawn ? 1 : 0.6);
            brush.lineWidth = r * (drawn ? 0.06 : 0.035);
            brush.beginPath();
            brush.moveTo(c.x + Math.cos(a) * from, c.y + Math.sin(a) * from);
            brush.lineTo(c.x + Math.cos(a) * to, c.y + Math.sin(a) * to);
            brush.stroke();
          }
          if (!drawn) glow(brush, c.x, c.y, short * 0.7, warm, 0.85);
        },
      },
      {
        depth: 0.55,
        paint(brush) {
          paintBulb(brush, stage, c, r, warm);
        },
      },
      {
        depth: 0.85,
        paint(brush) {
          const chance = stage.random('sparks');
          for (let i = 0; i < (few ? 4 : 26); i++) {
            const a = chance() * 7;
            const d = short * between(chance, 0.3, 0.62);
            const [x, y] = [c.x + Math.cos(a) * d * 1.25, c.y + Math.sin(a) * d * 0.8];
            const s = short * between(chance, 0.004, 0.011);
            brush.fillStyle = css([warm, palette.accent, palette.second][i % 3]!, 0.9);
            circle(brush, x, y, s);
            if (treatment.glow > 0.4) glow(brush, x, y, s * 5, warm, 0.6);
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.6 },
  };
};

/** A bulb upright on its thread, `r` pixels in radius, its middle at `c`. Unlit ones are clear glass. */
function paintBulb(
  brush: Brush,
  stage: Stage,
  c: { x: number; y: number },
  r: number,
  warm: Colour,
  lit = true,
): void {
  const { palette, treatment } = stage;
  const few = treatment.detail < 0.3;
  const bulb = () => {
    brush.beginPath();
    brush.arc(c.x, c.y, r, Math.PI * 0.78, Math.PI * 2.22);
    brush.bezierCurveTo(
      c.x + r * 0.5,
      c.y + r * 0.95,
      c.x + r * 0.4,
      c.y + r * 1.05,
      c.x + r * 0.38,
      c.y + r * 1.3,
    );
    brush.lineTo(c.x - r * 0.38, c.y + r * 1.3);
    brush.bezierCurveTo(
      c.x - r * 0.4,
      c.y + r * 1.05,
      c.x - r * 0.5,
      c.y + r * 0.95,
      c.x + Math.cos(Math.PI * 0.78) * r,
      c.y + Math.sin(Math.PI * 0.78) * r,
    );
    brush.closePath();
  };
  const glass = brush.createRadialGradient(c.x, c.y + r * 0.1, 0, c.x, c.y, r * 1.1);
  glass.addColorStop(0, css(few ? warm : lighter(blend(warm, white, 0.6), 0.02), lit ? 1 : 0.25));
  glass.addColorStop(0.5, css(warm, lit ? (few ? 1 : 0.9) : 0.18));
  glass.addColorStop(1, css(few ? warm : blend(warm, palette.accent, 0.3), lit ? (few ? 1 : 0.72) : 0.3));
  brush.fillStyle = glass;
  bulb();
  brush.fill();
  brush.strokeStyle = css(blend(palette.near, warm, 0.35), few ? 0 : 0.75);
  brush.lineWidth = r * 0.03;
  brush.stroke();
  // Filament.
  brush.strokeStyle = css(few ? palette.near : blend(palette.near, palette.accent, 0.35));
  brush.lineWidth = r * 0.045;
  brush.lineJoin = brush.lineCap = 'round';
  brush.beginPath();
  brush.moveTo(c.x - r * 0.14, c.y + r * 1.25);
  brush.lineTo(c.x - r * 0.34, c.y + r * 0.12);
  for (let k = 0; k <= 4; k++) brush.lineTo(c.x + r * (-0.34 + 0.17 * k), c.y + r * (k % 2 ? -0.12 : 0.12));
  brush.lineTo(c.x + r * 0.14, c.y + r * 1.25);
  brush.stroke();
  // Shine, thread, foot.
  if (!few) {
    brush.strokeStyle = css(white, 0.75);
    brush.lineWidth = r * 0.06;
    brush.beginPath();
    brush.arc(c.x, c.y, r * 0.78, Math.PI * 1.08, Math.PI * 1.42);
    brush.stroke();
  }
  brush.fillStyle = across(brush, stage, c.x - r * 0.4, c.x + r * 0.4, few ? palette.second : hex('#8d929b'));
  for (let k = 0; k < 4; k++) {
    brush.beginPath();
    brush.roundRect(
      c.x - r * (0.4 - k * 0.012),
      c.y + r * (1.3 + k * 0.145),
      r * (0.8 - k * 0.024),
      r * 0.115,
      r * 0.05,
    );
    brush.fill();
  }
  brush.fillStyle = css(palette.near);
  polygon(brush, [
    [c.x - r * 0.28, c.y + r * 1.88],
    [c.x + r * 0.28, c.y + r * 1.88],
    [c.x + r * 0.12, c.y + r * 2.04],
    [c.x - r * 0.12, c.y + r * 2.04],
  ]);
}

/** A row of bulbs on cords, of which one is lit. */
const hanging: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('row');
  const few = treatment.detail < 0.3;
  const count = Math.max(3, Math.round((width / short) * 2.7));
  const chosen = Math.floor(count * between(random, 0.25, 0.75));
  const r = short * (count > 3 ? 0.085 : 0.1);
  const warm = few ? palette.accent : blend(palette.light, palette.grade(hex('#ffd35c')), 0.5);
  const bulbs = Array.from({ length: count }, (_, i) => ({
    x: ((i + 0.5) / count) * width,
    y: height * (i === chosen ? 0.5 : between(random, 0.3, 0.42)),
    lit: i === chosen,
  }));
  const one = bulbs[chosen]!;
  const paint = (brush: Brush, lit: boolean) => {
    for (const bulb of bulbs.filter((b) => b.lit === lit)) {
      const size = lit ? r * 1.35 : r;
      brush.strokeStyle = css(blend(palette.near, palette.haze, 0.12));
      brush.lineWidth = short * 0.004;
      brush.beginPath();
      brush.moveTo(bulb.x, 0);
      brush.lineTo(bulb.x, bulb.y - size * 1.9);
      brush.stroke();
      if (lit && treatment.glow > 0.2) glow(brush, bulb.x, bulb.y, short * 0.62, warm, 0.95);
      brush.save();
      brush.translate(bulb.x, bulb.y);
      brush.rotate(Math.PI);
      paintBulb(brush, stage, { x: 0, y: 0 }, size, warm, lit);
      brush.restore();
    }
  };
  return {
    layers: [
      { depth: 0, paint: (brush) => paintGround(brush, stage, { x: one.x / width, y: one.y / height }, 0.9) },
      { depth: 0.4, paint: (brush) => paint(brush, false) },
      { depth: 0.65, paint: (brush) => paint(brush, true) },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.6 },
  };
};
