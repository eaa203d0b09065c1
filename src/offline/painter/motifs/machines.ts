// Technology, data and business: boards and nets of light, charts, rooms above the town.
import { between, pick } from '../../../sound/random.ts';
import { paintBackdrop } from '../backdrop.ts';
import { paintSkyline } from '../buildings.ts';
import { blend, type Colour, css, lighter } from '../colour.ts';
import { person } from '../figures.ts';
import { glow, upright } from '../pixels.ts';
import { circle, paintSky } from '../sky.ts';
import type { Brush, MotifPainter, Stage } from '../stage.ts';
import { paintMist } from '../terrain.ts';

/** Whether things glow on dark ground; else they are drawn on light. */
const glowing = ({ treatment, palette }: Stage) => treatment.glow > 0.5 || palette.sky[1][0] < 0.5;

export const technology: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const focus = { x: between(random, 0.42, 0.58), y: 0.44 };
  const few = treatment.detail < 0.3;
  const dark = glowing(stage);
  const wire = dark ? blend(palette.second, palette.light, 0.3) : palette.near;
  const net = random() < 0.45;
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
          if (net) {
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

export const data: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const rising = stage.mood !== 'melancholic' && stage.mood !== 'tense';
  const count = few ? 5 : 7 + Math.floor(random() * 3);
  const foot = height * 0.7;
  const span = Math.min(width * 0.72, short * 1.15);
  const left = width / 2 - span / 2;
  const values = Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    return short * (0.1 + 0.36 * (rising ? t : 1 - t) ** 1.25 + 0.08 * random());
  });
  const dark = glowing(stage);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: 0.5, y: 0.46 });
          if (few) return;
          brush.strokeStyle = css(dark ? palette.light : palette.near, 0.13);
          brush.lineWidth = short * 0.0016;
          brush.beginPath();
          for (let k = 0; k < 7; k++) {
            const y = foot - k * short * 0.085;
            brush.moveTo(left - short * 0.04, y);
            brush.lineTo(left + span + short * 0.04, y);
          }
          brush.stroke();
        },
      },
      {
        depth: 0.3,
        paint(brush) {
          const line = values.map(
            (v, i) =>
              [
                left + (span * (i + 0.5)) / count,
                foot - v * 0.82 - short * 0.1 - short * 0.03 * Math.sin(i * 2.3),
              ] as const,
          );
          brush.beginPath();
          brush.moveTo(line[0]![0], foot);
          for (const [x, y] of line) brush.lineTo(x, y);
          brush.lineTo(line.at(-1)![0], foot);
          brush.fillStyle = upright(brush, foot - short * 0.5, foot, [
            [palette.second, 0.42],
            [palette.second, 0],
          ]);
          brush.fill();
        },
      },
      {
        depth: 0.5,
        paint(brush) {
          const pitch = span / count;
          const wide = pitch * 0.58;
          const lean = treatment.sky === 'flat' ? 0 : wide * 0.26;
          for (const [i, v] of values.entries()) {
            const x = left + pitch * (i + 0.5) - wide / 2;
            const best = rising ? i === count - 1 : i === 0;
            const tone = best
              ? palette.accent
              : dark
                ? blend(palette.second, palette.near, 0.3)
                : blend(palette.near, palette.second, few ? 0.1 : 0.45);
            if (lean > 0) {
              brush.fillStyle = css(blend(tone, palette.near, 0.45));
              brush.beginPath();
              brush.moveTo(x + wide, foot);
              brush.lineTo(x + wide + lean, foot - lean * 0.6);
              brush.lineTo(x + wide + lean, foot - v - lean * 0.6);
              brush.lineTo(x + wide, foot - v);
              brush.fill();
              brush.fillStyle = css(blend(tone, palette.light, 0.5));
              brush.beginPath();
              brush.moveTo(x, foot - v);
              brush.lineTo(x + lean, foot - v - lean * 0.6);
              brush.lineTo(x + wide + lean, foot - v - lean * 0.6);
              brush.lineTo(x + wide, foot - v);
              brush.fill();
            }
            brush.fillStyle = upright(brush, foot - v, foot, [
              [blend(tone, palette.light, 0.14)],
              [blend(tone, palette.near, few ? 0 : 0.3)],
            ]);
            brush.fillRect(x, foot - v, wide, v);
            if (dark && best) glow(brush, x + wide / 2, foot - v, short * 0.3, palette.accent, 0.7);
          }
          brush.fillStyle = css(dark ? palette.light : palette.near, 0.8);
          brush.fillRect(left - short * 0.05, foot, span + short * 0.1, short * 0.004);
          // Mirrored on the floor.
          if (!few) {
            for (const [i, v] of values.entries()) {
              brush.fillStyle = upright(brush, foot, foot + v * 0.4, [
                [rising && i === count - 1 ? palette.accent : palette.second, 0.24],
                [palette.near, 0],
              ]);
              brush.fillRect(left + pitch * (i + 0.5) - wide / 2, foot + short * 0.006, wide, v * 0.4);
            }
          }
        },
      },
      {
        depth: 0.75,
        paint(brush) {
          const line = values.map(
            (v, i) =>
              [
                left + (span * (i + 0.5)) / count,
                foot - v - short * 0.075 - short * 0.022 * Math.sin(i * 2.3),
              ] as const,
          );
          brush.strokeStyle = css(dark ? lighter(palette.light, 0.03) : palette.accent);
          brush.lineWidth = short * 0.007;
          brush.lineJoin = 'round';
          brush.beginPath();
          for (const [x, y] of line) brush.lineTo(x, y);
          brush.stroke();
          for (const [i, [x, y]] of line.entries()) {
            brush.fillStyle = css(i === line.length - 1 ? palette.accent : palette.light);
            circle(brush, x, y, short * 0.011);
            if (dark) glow(brush, x, y, short * 0.06, palette.light, 0.7);
          }
          if (few) return;
          // A ring of shares beside it.
          const rx = rising ? left + short * 0.07 : left + span - short * 0.07;
          const ry = foot - short * 0.42;
          const r = short * 0.07;
          const shares = [0.5, 0.3, 0.2];
          let a = -Math.PI / 2;
          brush.lineWidth = r * 0.5;
          for (const [i, share] of shares.entries()) {
            brush.strokeStyle = css(
              [palette.accent, palette.second, blend(palette.light, palette.haze, 0.3)][i]!,
            );
            brush.beginPath();
            brush.arc(rx, ry, r, a + 0.05, a + share * Math.PI * 2 - 0.05);
            brush.stroke();
            a += share * Math.PI * 2;
          }
        },
      },
    ],
    particles: dark ? { kind: 'bokeh', density: 0.4 } : null,
  };
};

/** Colleagues at a table high above the town. */
export const business: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const panes = Math.max(2, Math.round((width / short) * 3));
  const floor = height * 0.8;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, { ...stage, light: { ...stage.light, y: 0.3 } }, { horizon: 0.72 });
          paintSkyline(brush, stage, 'far', {
            foot: 0.66,
            tall: [0.16, 0.44],
            wide: [0.05, 0.09],
            depth: 0.25,
            lit: 0.1,
          });
          paintSkyline(brush, stage, 'mid', {
            foot: 0.74,
            tall: [0.1, 0.36],
            wide: [0.07, 0.12],
            depth: 0.42,
            lit: 0.2,
          });
          paintMist(brush, stage, 0.4, 0.86, 0.6);
        },
      },
      {
        depth: 0.3,
        paint(brush) {
          const frame = blend(palette.near, palette.haze, 0.12);
          brush.fillStyle = css(frame);
          brush.fillRect(0, 0, width, height * 0.06);
          for (let i = 0; i <= panes; i++)
            brush.fillRect((width * i) / panes - short * 0.006, 0, short * 0.012, floor);
          brush.fillRect(0, height * 0.22, width, short * 0.006);
          brush.fillStyle = upright(brush, floor, height, [[blend(frame, palette.light, 0.35)], [frame]]);
          brush.fillRect(0, floor, width, height - floor);
          // Panes of light on the polished floor.
          for (let i = 0; i < panes; i++) {
            brush.fillStyle = css(palette.light, 0.13);
            const x0 = (width * (i + 0.12)) / panes;
            const x1 = (width * (i + 0.88)) / panes;
            const out = (x: number) => x + (x - stage.light.x * width) * 0.35;
            brush.beginPath();
            brush.moveTo(x0, floor);
            brush.lineTo(x1, floor);
            brush.lineTo(out(x1), height);
            brush.lineTo(out(x0), height);
            brush.fill();
          }
        },
      },
      {
        depth: 0.65,
        paint(brush) {
          const ink = blend(palette.near, palette.haze, 0.02);
          const cx = width * (stage.light.x < 0.5 ? 0.55 : 0.45);
          const wide = Math.min(short * 0.62, width * 0.42);
          const foot = height * 0.88;
          const chance = stage.random('team');
          brush.fillStyle = css(blend(ink, palette.haze, 0.1));
          const seats = few ? [-0.62, 0.62] : [-0.82, -0.3, 0.32, 0.84];
          for (const seat of seats)
            person(brush, chance, {
              x: cx + seat * wide,
              foot: foot - short * 0.005,
              tall: short * 0.43,
              side: seat < 0 ? 1 : -1,
              pose: 'sit',
            });
          for (const seat of seats) {
            const x = cx + seat * wide;
            const back = seat < 0 ? -1 : 1;
            brush.beginPath();
            brush.roundRect(
              x - short * 0.008 + back * short * 0.05,
              foot - short * 0.24,
              short * 0.016,
              short * 0.145,
              short * 0.008,
            );
            brush.roundRect(
              x - short * 0.05,
              foot - short * 0.105,
              short * 0.1,
              short * 0.014,
              short * 0.006,
            );
            brush.rect(x - short * 0.004, foot - short * 0.1, short * 0.008, short * 0.1);
            brush.roundRect(
              x - short * 0.035,
              foot - short * 0.008,
              short * 0.07,
              short * 0.01,
              short * 0.004,
            );
            brush.fill();
          }
          brush.fillStyle = css(ink);
          const speaker = Math.max(
            width * 0.12,
            Math.min(width * 0.88, cx + (random() < 0.5 ? -1 : 1) * wide * 1.28),
          );
          person(brush, chance, {
            x: speaker,
            foot: height * 0.9,
            tall: short * 0.52,
            side: speaker < cx ? 1 : -1,
            pose: pick(chance, ['stand', 'point'] as const),
          });
          const y = foot - short * 0.155;
          brush.fillStyle = upright(brush, y, y + short * 0.03, [[blend(ink, palette.light, 0.45)], [ink]]);
          brush.beginPath();
          brush.roundRect(cx - wide, y, wide * 2, short * 0.024, short * 0.01);
          brush.fill();
          brush.fillStyle = css(ink);
          for (const s of [-0.7, 0.7])
            brush.fillRect(cx + s * wide - short * 0.008, y, short * 0.016, foot - y + short * 0.03);
          // Laptop, cup, papers.
          brush.fillStyle = css(palette.accent);
          brush.beginPath();
          brush.roundRect(cx - short * 0.055, y - short * 0.072, short * 0.11, short * 0.07, short * 0.006);
          brush.fill();
          brush.fillStyle = css(palette.light);
          brush.fillRect(cx + wide * 0.5, y - short * 0.032, short * 0.024, short * 0.032);
        },
      },
    ],
    particles: { kind: 'dust', density: 0.4 },
  };
};
