// Technology: a chip or a net around the globe, and its lines.
import { between, pick } from '../../../domain/random.ts';
import { paintBackdrop } from '../backdrop.ts';
import { blend, type Colour, css, lighter } from '../colour.ts';
import { isPainterly } from '../icons/setting.ts';
import { stillLifes } from '../icons/still-life.ts';
import type { Icon } from '../icons/things.ts';
import { circle, glow } from '../pixels.ts';
import { type Brush, glowing, type MotifPainter, offCentre, type Stage } from '../stage.ts';

const machines: Icon[][] = [
  ['laptop', 'smartphone'],
  ['bot', 'cpu'],
  ['smartphone', 'laptop'],
  ['cpu', 'server'],
];

/** By day the things themselves, else a net of light. */
export const technology: MotifPainter = (stage) =>
  isPainterly(stage) && !glowing(stage)
    ? stillLifes[0]!(stage, pick(stage.random('machines'), machines), [])
    : net(stage);

const net: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const focus = { x: offCentre(stage, random), y: 0.44 };
  const few = treatment.detail < 0.3;
  const dark = glowing(stage);
  const wire = dark ? blend(palette.second, palette.light, 0.3) : palette.near;
  const asGlobe = random() < 0.45;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, focus);
          if (few) return;
          // A floor of lines that run to the horizon.
          brush.strokeStyle = css(wire, 0.22);
          brush.lineWidth = short * 0.0016;
          const y = height * 0.66;
          brush.beginPath();
          for (let i = -16; i <= 16; i++) {
            brush.moveTo(width * 0.5 + i * short * 0.05, y);
            brush.lineTo(width * 0.5 + i * short * 0.42, height);
          }
          for (let k = 0; k < 11; k++) {
            const line = y + (height - y) * (k / 10) ** 2.1;
            brush.moveTo(0, line);
            brush.lineTo(width, line);
          }
          brush.stroke();
        },
      },
      {
        depth: 0.35,
        paint(brush) {
          const chance = stage.random('traces');
          brush.lineWidth = short * 0.0034;
          brush.lineJoin = 'round';
          const cx = focus.x * width;
          const cy = focus.y * height;
          const half = short * 0.15;
          const count = few ? 5 : 12;
          for (const side of [0, 1, 2, 3]) {
            for (let i = 0; i < count; i++) {
              const along = ((i + 0.5) / count - 0.5) * 2 * half * 0.9;
              const first = short * between(chance, 0.03, 0.14);
              const turn = along * between(chance, 0.5, 1.4);
              const last = short * between(chance, 0.1, 0.45);
              const point = (out: number, shift: number): [number, number] => {
                const o = half + out;
                const a = along + shift;
                return side === 0
                  ? [cx + o, cy + a]
                  : side === 1
                    ? [cx - o, cy + a]
                    : side === 2
                      ? [cx + a, cy + o]
                      : [cx + a, cy - o];
              };
              const tone = chance() < 0.22 ? palette.accent : wire;
              brush.strokeStyle = brush.fillStyle = css(tone, 0.75);
              brush.beginPath();
              brush.moveTo(...point(0, 0));
              brush.lineTo(...point(first, 0));
              brush.lineTo(...point(first + Math.abs(turn), turn));
              const end = point(first + Math.abs(turn) + last, turn);
              brush.lineTo(...end);
              brush.stroke();
              circle(brush, end[0], end[1], short * 0.0065);
              if (dark && chance() < 0.4) glow(brush, end[0], end[1], short * 0.04, tone, 0.9);
            }
          }
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const cx = focus.x * width;
          const cy = focus.y * height;
          const r = short * 0.15;
          if (asGlobe) {
            globe(brush, stage, cx, cy, short * 0.24, wire);
            return;
          }
          if (dark) glow(brush, cx, cy, short * 0.5, palette.second, 0.55);
          brush.fillStyle = css(blend(palette.near, palette.sky[0], 0.1));
          brush.beginPath();
          brush.roundRect(cx - r, cy - r, 2 * r, 2 * r, r * 0.1);
          brush.fill();
          brush.strokeStyle = css(wire, 0.9);
          brush.lineWidth = short * 0.004;
          brush.stroke();
          brush.fillStyle = css(wire);
          for (let i = 0; i < 9; i++) {
            const a = ((i + 0.5) / 9 - 0.5) * 2 * r * 0.88;
            for (const s of [-1, 1]) {
              brush.fillRect(cx + a - r * 0.035, cy + s * r * 1.05 - r * 0.05, r * 0.07, r * 0.1);
              brush.fillRect(cx + s * r * 1.05 - r * 0.05, cy + a - r * 0.035, r * 0.1, r * 0.07);
            }
          }
          const core = brush.createLinearGradient(cx - r, cy - r, cx + r, cy + r);
          core.addColorStop(0, css(palette.second));
          core.addColorStop(1, css(palette.accent));
          brush.fillStyle = core;
          brush.beginPath();
          brush.roundRect(cx - r * 0.56, cy - r * 0.56, r * 1.12, r * 1.12, r * 0.1);
          brush.fill();
          brush.strokeStyle = css(palette.near, 0.55);
          brush.lineWidth = short * 0.003;
          for (let k = 1; k < 4; k++) {
            const inset = r * (0.56 - k * 0.13);
            brush.strokeRect(cx - inset, cy - inset, 2 * inset, 2 * inset);
          }
          brush.fillStyle = css(lighter(palette.light, 0.05));
          circle(brush, cx, cy, r * 0.09);
          if (dark) glow(brush, cx, cy, r * 0.9, palette.light, 0.8);
        },
      },
      {
        depth: 0.95,
        paint(brush) {
          if (few) return;
          const chance = stage.random('bits');
          for (let i = 0; i < 46; i++) {
            const x = width * chance();
            const y = height * chance();
            if (Math.hypot((x - focus.x * width) / short, (y - focus.y * height) / short) < 0.3) continue;
            const s = short * between(chance, 0.003, 0.012);
            brush.fillStyle = css(
              pick(chance, [palette.second, palette.accent, wire]),
              between(chance, 0.25, 0.8),
            );
            brush.fillRect(x, y, s, s);
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: 0.5 },
  };
};

/** A globe of lines with points of light joined over it. */
function globe(brush: Brush, stage: Stage, cx: number, cy: number, r: number, wire: Colour): void {
  const { palette } = stage;
  const random = stage.random('globe');
  glow(brush, cx, cy, r * 2.1, palette.second, glowing(stage) ? 0.55 : 0.12);
  brush.fillStyle = css(blend(palette.near, palette.sky[0], 0.12), 0.9);
  circle(brush, cx, cy, r);
  brush.strokeStyle = css(wire, 0.55);
  brush.lineWidth = r * 0.009;
  brush.beginPath();
  for (let i = 0; i < 6; i++) {
    const half = r * Math.abs(Math.cos((i / 6) * Math.PI + 0.3));
    brush.moveTo(cx + half, cy);
    brush.ellipse(cx, cy, half, r, 0, 0, Math.PI * 2);
    const y = r * ((i + 0.5) / 3 - 1);
    const wide = Math.sqrt(r * r - y * y);
    brush.moveTo(cx - wide, cy + y);
    brush.quadraticCurveTo(cx, cy + y + r * 0.1, cx + wide, cy + y);
  }
  brush.moveTo(cx + r, cy);
  brush.arc(cx, cy, r, 0, Math.PI * 2);
  brush.stroke();
  const points = Array.from({ length: 13 }, () => {
    const a = random() * Math.PI * 2;
    const d = r * Math.sqrt(random()) * 0.92;
    return [cx + Math.cos(a) * d, cy + Math.sin(a) * d] as const;
  });
  brush.lineWidth = r * 0.013;
  for (const [i, [x, y]] of points.entries()) {
    const [ox, oy] = points[(i * 5 + 3) % points.length]!;
    brush.strokeStyle = css(palette.accent, 0.85);
    brush.beginPath();
    brush.moveTo(x, y);
    brush.quadraticCurveTo((x + ox) / 2, (y + oy) / 2 - r * 0.32, ox, oy);
    brush.stroke();
    brush.fillStyle = css(palette.light);
    circle(brush, x, y, r * 0.026);
    if (glowing(stage)) glow(brush, x, y, r * 0.16, palette.light, 0.9);
  }
}
