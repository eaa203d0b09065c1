// Travel, food, music, time and the abstract.
import { between, pick } from '../../../sound/random.ts';
import { across, material, paintBackdrop, paintShadow, paintTable } from '../backdrop.ts';
import { blend, css, hex, white } from '../colour.ts';
import { glow, upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { circle, paintSky, paintTufts } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, seenAt } from '../stage.ts';
import { createRidge, paintRanges, paintRidge } from '../terrain.ts';
import { fringe, leaf } from '../vegetation.ts';

/** A road towards far mountains, with something in the air. */
export const travel: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const bend = (random() < 0.5 ? -1 : 1) * between(random, 0.06, 0.15);
  const vx = 0.5 + (stage.light.x - 0.5) * 0.4;
  const top = 0.62;
  const middle = (t: number) => vx + bend * Math.sin(t * 3.4) * (1 - t * 0.3) + (0.5 - vx) * t;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, stage, { horizon: 0.64, stars: palette.night ? 0.6 : 0 });
          if (treatment.clouds === 0 && !few) paintTufts(brush, stage, 8, 0.1, 0.42);
          paintRanges(brush, stage, 'far', [
            { base: 0.56, swing: 0.18, waves: 1.3, depth: 0.25, snow: 0.7 },
            { base: 0.61, swing: 0.06, waves: 1.5, depth: 0.42 },
          ]);
        },
      },
      {
        depth: 0.25,
        paint: (brush) =>
          placeProps(
            brush,
            stage,
            'sky',
            { y: () => height * 0.3, scale: 1.15 },
            { balloon: 0.55, plane: 0.6 },
          ),
      },
      {
        depth: 0.5,
        paint(brush) {
          const ridge = createRidge(stage, 'plain', { base: top, swing: 0.02, waves: 0.8, edges: 'smooth' });
          fringe(brush, stage, 'plain', ridge, {
            tall: [0.015, 0.05],
            thick: 0.4,
            colour: airTone(stage, 0.55),
          });
          paintRidge(brush, stage, 'plain', ridge, {
            top: seenAt(stage, hex('#a09a5a'), 0.5),
            bottom: blend(seenAt(stage, hex('#6a6338'), 0.95), palette.near, 0.3),
            rough: 0.9,
            steep: 0.3,
            pool: 0.65,
          });
          const y = (t: number) => (top + 0.012 + (1 - top) * t) * height;
          const half = (t: number) => (0.006 + 0.2 * t ** 1.5) * short;
          const strip = (from: (t: number) => number, to: (t: number) => number, t0: number, t1: number) => {
            brush.beginPath();
            for (let k = 0; k <= 40; k++) {
              const t = t0 + ((t1 - t0) * k) / 40;
              brush.lineTo(middle(t) * width + from(t) * half(t), y(t));
            }
            for (let k = 40; k >= 0; k--) {
              const t = t0 + ((t1 - t0) * k) / 40;
              brush.lineTo(middle(t) * width + to(t) * half(t), y(t));
            }
            brush.fill();
          };
          const tar = blend(palette.near, palette.haze, 0.3);
          brush.fillStyle = upright(brush, y(0), height, [
            [blend(tar, palette.light, 0.4)],
            [tar],
            [blend(tar, palette.near, 0.5)],
          ]);
          strip(
            () => -1,
            () => 1,
            0,
            1,
          );
          brush.fillStyle = css(blend(palette.light, tar, 0.2), 0.9);
          strip(
            () => -0.92,
            () => -0.86,
            0,
            1,
          );
          strip(
            () => 0.86,
            () => 0.92,
            0,
            1,
          );
          brush.fillStyle = css(few ? palette.accent : blend(palette.second, palette.light, 0.4));
          for (let k = 0; k < 9; k++)
            strip(
              () => -0.04,
              () => 0.04,
              (k / 9) ** 1.7,
              ((k + 0.55) / 9) ** 1.7,
            );
          placeProps(
            brush,
            stage,
            'land',
            { y: () => y(0.32), from: middle(0.3) + 0.01, to: middle(0.3) + 0.03, scale: 0.62 },
            { car: 0.5 },
          );
        },
      },
      {
        depth: 0.9,
        paint(brush) {
          if (few) return;
          // A signpost at the wayside.
          const side = middle(1) > 0.5 ? 0.14 : 0.86;
          const x = side * width;
          const s = short * 0.36;
          const foot = height * 0.99;
          brush.fillStyle = css(blend(palette.near, palette.grade(hex('#5b4636')), 0.35));
          brush.fillRect(x - s * 0.025, foot - s, s * 0.05, s);
          for (const [i, dir] of [1, -1, 1].entries()) {
            const y = foot - s * (0.98 - i * 0.19);
            brush.fillStyle = css(
              blend([palette.accent, palette.second, palette.light][i]!, palette.near, 0.25),
            );
            brush.beginPath();
            brush.moveTo(x - dir * s * 0.2, y);
            brush.lineTo(x + dir * s * 0.3, y);
            brush.lineTo(x + dir * s * 0.38, y + s * 0.07);
            brush.lineTo(x + dir * s * 0.3, y + s * 0.14);
            brush.lineTo(x - dir * s * 0.2, y + s * 0.14);
            brush.fill();
          }
        },
      },
    ],
    particles: { kind: 'dust', density: 0.5 },
  };
};

export const food: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: between(random, 0.45, 0.55) * width, y: 0.78 * height };
  const side = stage.light.x < 0.5 ? 1 : -1;
  const fruit = (brush: Brush, x: number, foot: number, r: number, natural: ReturnType<typeof hex>) => {
    const { body, lit, shade } = material(stage, natural);
    const ball = brush.createRadialGradient(
      x - side * r * 0.4,
      foot - r * 1.35,
      r * 0.1,
      x,
      foot - r,
      r * 1.1,
    );
    ball.addColorStop(0, css(few ? body : blend(lit, white, 0.25)));
    ball.addColorStop(0.4, css(body));
    ball.addColorStop(1, css(few ? body : shade));
    brush.fillStyle = ball;
    brush.beginPath();
    brush.moveTo(x, foot - r * 1.86);
    brush.bezierCurveTo(x + r * 0.4, foot - r * 2.12, x + r * 1.08, foot - r * 1.9, x + r, foot - r);
    brush.bezierCurveTo(x + r * 0.95, foot - r * 0.2, x + r * 0.4, foot - r * 0.02, x, foot - r * 0.06);
    brush.bezierCurveTo(x - r * 0.4, foot - r * 0.02, x - r * 0.95, foot - r * 0.2, x - r, foot - r);
    brush.bezierCurveTo(x - r * 1.08, foot - r * 1.9, x - r * 0.4, foot - r * 2.12, x, foot - r * 1.86);
    brush.fill();
    brush.strokeStyle = css(palette.grade(hex('#4a3628')));
    brush.lineWidth = r * 0.09;
    brush.lineCap = 'round';
    brush.beginPath();
    brush.moveTo(x, foot - r * 1.85);
    brush.quadraticCurveTo(x + r * 0.05, foot - r * 2.15, x + r * 0.2, foot - r * 2.3);
    brush.stroke();
    brush.fillStyle = css(few ? palette.near : palette.grade(hex('#5f8f3f')));
    leaf(brush, x + r * 0.06, foot - r * 2.05, -0.45, r * 0.85);
  };
  return {
    layers: [
      {
        depth: 0,
        paint: (brush) => paintBackdrop(brush, stage, { x: c.x / width, y: 0.46 }),
      },
      {
        depth: 0.35,
        paint(brush) {
          paintTable(brush, stage, 0.7, hex('#8a5a38'));
          // A bottle and a loaf behind.
          const bx = c.x + side * short * 0.36;
          paintShadow(brush, stage, bx, height * 0.745, short * 0.1);
          brush.fillStyle = across(
            brush,
            stage,
            bx - short * 0.06,
            bx + short * 0.06,
            few ? palette.second : hex('#3f5d3c'),
          );
          brush.beginPath();
          brush.moveTo(bx - short * 0.058, height * 0.745);
          brush.lineTo(bx - short * 0.058, height * 0.745 - short * 0.24);
          brush.bezierCurveTo(
            bx - short * 0.055,
            height * 0.745 - short * 0.3,
            bx - short * 0.02,
            height * 0.745 - short * 0.3,
            bx - short * 0.02,
            height * 0.745 - short * 0.36,
          );
          brush.lineTo(bx - short * 0.02, height * 0.745 - short * 0.43);
          brush.lineTo(bx + short * 0.02, height * 0.745 - short * 0.43);
          brush.lineTo(bx + short * 0.02, height * 0.745 - short * 0.36);
          brush.bezierCurveTo(
            bx + short * 0.02,
            height * 0.745 - short * 0.3,
            bx + short * 0.055,
            height * 0.745 - short * 0.3,
            bx + short * 0.058,
            height * 0.745 - short * 0.24,
          );
          brush.lineTo(bx + short * 0.058, height * 0.745);
          brush.fill();
          brush.fillStyle = css(blend(palette.grade(hex('#efe2c4')), palette.near, 0.08));
          brush.fillRect(bx - short * 0.058, height * 0.745 - short * 0.2, short * 0.116, short * 0.11);
          const lx = c.x - side * short * 0.37;
          const { body, lit, shade } = material(stage, few ? palette.near : hex('#b8783f'));
          paintShadow(brush, stage, lx, height * 0.755, short * 0.17);
          brush.fillStyle = upright(brush, height * 0.755 - short * 0.13, height * 0.755, [
            [lit],
            [body],
            [shade],
          ]);
          brush.beginPath();
          brush.ellipse(lx, height * 0.755 - short * 0.06, short * 0.15, short * 0.068, 0, 0, 7);
          brush.fill();
          brush.strokeStyle = css(blend(lit, white, 0.35), 0.8);
          brush.lineWidth = short * 0.012;
          for (const k of [-1, 0, 1]) {
            brush.beginPath();
            brush.moveTo(lx + k * short * 0.075 - short * 0.02, height * 0.755 - short * 0.105);
            brush.lineTo(lx + k * short * 0.075 + short * 0.02, height * 0.755 - short * 0.075);
            brush.stroke();
          }
        },
      },
      {
        depth: 0.65,
        paint(brush) {
          const w = short * 0.29;
          const rim = c.y - short * 0.16;
          paintShadow(brush, stage, c.x, c.y + short * 0.035, short * 0.34);
          // Fruit in a bowl.
          const reds = few
            ? [palette.accent, palette.second, palette.accent]
            : [hex('#c4352c'), hex('#e39a2d'), hex('#8fae3a')];
          for (const [i, dx] of [-0.55, 0.58, 0.02].entries())
            fruit(
              brush,
              c.x + dx * w * 0.85,
              rim + short * 0.04 - (i === 2 ? short * 0.035 : 0),
              short * 0.085,
              pick(random, [reds[i]!, reds[i]!]),
            );
          brush.fillStyle = across(brush, stage, c.x - w, c.x + w, few ? palette.near : hex('#e8ddc8'));
          brush.beginPath();
          brush.moveTo(c.x - w, rim);
          brush.bezierCurveTo(
            c.x - w * 0.95,
            rim + short * 0.14,
            c.x - w * 0.45,
            c.y + short * 0.025,
            c.x - w * 0.3,
            c.y + short * 0.03,
          );
          brush.lineTo(c.x + w * 0.3, c.y + short * 0.03);
          brush.bezierCurveTo(
            c.x + w * 0.45,
            c.y + short * 0.025,
            c.x + w * 0.95,
            rim + short * 0.14,
            c.x + w,
            rim,
          );
          brush.quadraticCurveTo(c.x, rim + short * 0.06, c.x - w, rim);
          brush.fill();
          brush.strokeStyle = css(palette.accent, 0.85);
          brush.lineWidth = short * 0.008;
          brush.beginPath();
          brush.moveTo(c.x - w * 0.94, rim + short * 0.045);
          brush.quadraticCurveTo(c.x, rim + short * 0.105, c.x + w * 0.94, rim + short * 0.045);
          brush.stroke();
          // Steam of the cup at its side.
          const cx = c.x - side * short * 0.33;
          const foot = height * 0.87;
          paintShadow(brush, stage, cx, foot, short * 0.13);
          brush.strokeStyle = brush.fillStyle = across(
            brush,
            stage,
            cx - short * 0.08,
            cx + short * 0.08,
            few ? palette.accent : hex('#d9e0e0'),
          );
          brush.beginPath();
          brush.moveTo(cx - short * 0.08, foot - short * 0.12);
          brush.quadraticCurveTo(cx - short * 0.075, foot, cx - short * 0.035, foot);
          brush.lineTo(cx + short * 0.035, foot);
          brush.quadraticCurveTo(cx + short * 0.075, foot, cx + short * 0.08, foot - short * 0.12);
          brush.fill();
          brush.lineWidth = short * 0.014;
          brush.beginPath();
          brush.arc(cx - side * short * 0.085, foot - short * 0.072, short * 0.032, 0, 7);
          brush.stroke();
          brush.fillStyle = css(palette.grade(hex('#4a2c1c')));
          brush.beginPath();
          brush.ellipse(cx, foot - short * 0.12, short * 0.079, short * 0.016, 0, 0, 7);
          brush.fill();
          if (few) return;
          brush.lineCap = 'round';
          for (const [i, dx] of [-0.025, 0.012, 0.04].entries()) {
            brush.strokeStyle = upright(brush, foot - short * 0.34, foot - short * 0.13, [
              [palette.light, 0],
              [palette.light, 0.4],
            ]);
            brush.lineWidth = short * 0.012;
            brush.beginPath();
            const x = cx + dx * short;
            brush.moveTo(x, foot - short * 0.14);
            brush.bezierCurveTo(
              x + short * 0.03,
              foot - short * 0.19,
              x - short * 0.035,
              foot - short * 0.24,
              x + short * 0.01,
              foot - short * (0.3 + 0.02 * i),
            );
            brush.stroke();
          }
        },
      },
    ],
    particles: { kind: few ? 'dust' : 'bokeh', density: few ? 0.1 : 0.6 },
  };
};

export const music: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const few = treatment.detail < 0.3;
  const c = { x: (stage.light.x < 0.5 ? 0.56 : 0.44) * width, y: 0.43 * height };
  const r = short * 0.3;
  const drawn = treatment.glow < 0.4;
  const note = (brush: Brush, x: number, y: number, s: number, pair: boolean) => {
    for (const dx of pair ? [0, s * 0.75] : [0]) {
      brush.beginPath();
      brush.ellipse(x + dx, y, s * 0.2, s * 0.15, -0.35, 0, 7);
      brush.fill();
      brush.fillRect(x + dx + s * 0.135, y - s, s * 0.05, s);
    }
    brush.beginPath();
    if (pair) {
      brush.moveTo(x + s * 0.135, y - s);
      brush.lineTo(x + s * 0.935, y - s * 1.06);
      brush.lineTo(x + s * 0.935, y - s * 0.9);
      brush.lineTo(x + s * 0.135, y - s * 0.84);
    } else {
      brush.moveTo(x + s * 0.16, y - s);
      brush.bezierCurveTo(x + s * 0.22, y - s * 0.7, x + s * 0.52, y - s * 0.66, x + s * 0.42, y - s * 0.3);
      brush.bezierCurveTo(x + s * 0.44, y - s * 0.55, x + s * 0.28, y - s * 0.62, x + s * 0.16, y - s * 0.7);
    }
    brush.fill();
  };
  return {
    layers: [
      {
        depth: 0,
        paint: (brush) => paintBackdrop(brush, stage, { x: c.x / width, y: c.y / height }),
      },
      {
        depth: 0.25,
        paint(brush) {
          // The sound itself, as bars.
          const chance = stage.random('bars');
          const count = few ? 24 : 64;
          const pitch = width / count;
          const y = height * 0.66;
          for (let i = 0; i < count; i++) {
            const t = i / count;
            const high =
              short *
              (0.025 +
                0.19 *
                  Math.abs(Math.sin(t * 9 + (stage.seed('bars') % 7)) * Math.sin(t * 23)) *
                  (0.4 + 0.6 * chance()) *
                  (0.5 + 0.7 * stage.energy));
            const tone = few ? palette.second : blend(palette.accent, palette.second, t);
            brush.fillStyle = upright(brush, y - high, y + high, [
              [tone, 0.95],
              [tone, drawn ? 0.95 : 0.5],
            ]);
            brush.beginPath();
            brush.roundRect(i * pitch + pitch * 0.22, y - high, pitch * 0.56, high * 2, pitch * 0.28);
            brush.fill();
          }
        },
      },
      {
        depth: 0.55,
        paint(brush) {
          // A record.
          if (!drawn) glow(brush, c.x, c.y, r * 2, palette.accent, 0.5);
          brush.fillStyle = css(palette.near, 0.3);
          if (!few) circle(brush, c.x + r * 0.04, c.y + r * 0.07, r);
          brush.fillStyle = css(few ? palette.near : blend(palette.near, [0.1, 0, 0], 0.6));
          circle(brush, c.x, c.y, r);
          for (let k = 0; k < (few ? 3 : 15); k++) {
            brush.strokeStyle = css(blend(palette.near, palette.light, 0.4), k % 3 ? 0.16 : 0.3);
            brush.lineWidth = r * 0.006;
            brush.beginPath();
            brush.arc(c.x, c.y, r * (0.42 + 0.037 * k * (few ? 5 : 1)), 0, 7);
            brush.stroke();
          }
          if (!few) {
            for (const [turn, alpha] of [
              [0, 0.3],
              [Math.PI, 0.22],
            ] as const) {
              const a = Math.atan2(stage.light.y * height - c.y, stage.light.x * width - c.x) + turn;
              const shine = brush.createConicGradient(a - 0.35, c.x, c.y);
              shine.addColorStop(0, css(palette.light, 0.0001));
              shine.addColorStop(0.055, css(palette.light, alpha));
              shine.addColorStop(0.11, css(palette.light, 0.0001));
              shine.addColorStop(1, css(palette.light, 0.0001));
              brush.fillStyle = shine;
              circle(brush, c.x, c.y, r * 0.98);
            }
          }
          brush.fillStyle = upright(brush, c.y - r * 0.34, c.y + r * 0.34, [
            [palette.accent],
            [few ? palette.accent : blend(palette.accent, palette.second, 0.6)],
          ]);
          circle(brush, c.x, c.y, r * 0.34);
          brush.strokeStyle = css(palette.light, 0.6);
          brush.lineWidth = r * 0.012;
          brush.beginPath();
          brush.arc(c.x, c.y, r * 0.24, 0, 7);
          brush.stroke();
          brush.fillStyle = css(palette.light);
          circle(brush, c.x, c.y, r * 0.035);
          // The arm.
          const s = stage.light.x < 0.5 ? 1 : -1;
          brush.strokeStyle = css(blend(palette.light, palette.haze, 0.3));
          brush.lineWidth = r * 0.045;
          brush.lineCap = brush.lineJoin = 'round';
          brush.beginPath();
          brush.moveTo(c.x + s * r * 1.25, c.y - r * 0.95);
          brush.lineTo(c.x + s * r * 1.1, c.y + r * 0.3);
          brush.lineTo(c.x + s * r * 0.74, c.y + r * 0.56);
          brush.stroke();
          brush.fillStyle = css(blend(palette.light, palette.near, 0.4));
          circle(brush, c.x + s * r * 1.25, c.y - r * 0.95, r * 0.12);
        },
      },
      {
        depth: 0.85,
        paint(brush) {
          const chance = stage.random('notes');
          const side = stage.light.x < 0.5 ? -1 : 1;
          for (let i = 0; i < (few ? 2 : 6); i++) {
            const x = c.x + side * (r * 1.3 + short * 0.5 * chance() * (width / short));
            const y = height * between(chance, 0.16, 0.58);
            brush.save();
            brush.translate(x, y);
            brush.rotate(between(chance, -0.25, 0.25));
            brush.fillStyle = css(
              few ? palette.near : [palette.light, palette.accent, palette.second][i % 3]!,
              0.95,
            );
            note(brush, 0, 0, short * between(chance, 0.06, 0.12), chance() < 0.5);
            brush.restore();
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.6 },
  };
};

export const time: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: between(random, 0.42, 0.58) * width, y: 0.43 * height };
  const r = short * 0.3;
  const face = few ? palette.sky[3] : palette.grade(hex('#f3e8d2'));
  const metal = few ? palette.near : hex('#b08a4a');
  const hours = random() * 12;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: c.x / width, y: c.y / height });
          if (treatment.relief < 0.5) return;
          // Wheels in the dark behind.
          for (const [dx, dy, size, teeth] of [
            [-0.5, 0.16, 0.24, 22],
            [0.52, -0.14, 0.3, 28],
            [0.38, 0.34, 0.16, 16],
          ] as const) {
            brush.fillStyle = css(blend(material(stage, hex('#8a6a3a')).shade, palette.sky[1], 0.35), 0.55);
            wheel(brush, c.x + dx * short, c.y + dy * short, size * short, teeth, random());
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          if (!few) {
            brush.fillStyle = css(palette.near, 0.35);
            circle(brush, c.x + r * 0.05, c.y + r * 0.08, r * 1.1);
          }
          brush.fillStyle = across(brush, stage, c.x - r, c.x + r, metal);
          circle(brush, c.x, c.y, r * 1.1);
          const dial = brush.createRadialGradient(c.x - r * 0.25, c.y - r * 0.3, r * 0.1, c.x, c.y, r * 1.05);
          dial.addColorStop(0, css(few ? face : blend(face, palette.light, 0.35)));
          dial.addColorStop(0.7, css(face));
          dial.addColorStop(1, css(few ? face : blend(face, palette.near, 0.42)));
          brush.fillStyle = dial;
          circle(brush, c.x, c.y, r);
          brush.fillStyle = css(palette.near, 0.92);
          for (let i = 0; i < 60; i++) {
            if (i % 5 && few) continue;
            brush.save();
            brush.translate(c.x, c.y);
            brush.rotate((i / 60) * Math.PI * 2);
            if (i % 15 === 0) brush.fillRect(-r * 0.022, -r * 0.93, r * 0.044, r * 0.17);
            else if (i % 5 === 0) brush.fillRect(-r * 0.014, -r * 0.93, r * 0.028, r * 0.12);
            else brush.fillRect(-r * 0.005, -r * 0.93, r * 0.01, r * 0.045);
            brush.restore();
          }
        },
      },
      {
        depth: 0.55,
        paint(brush) {
          const hand = (angle: number, long: number, wide: number, colour: string) => {
            brush.save();
            brush.translate(c.x, c.y);
            brush.rotate(angle);
            brush.fillStyle = colour;
            brush.beginPath();
            brush.moveTo(-wide, r * 0.16);
            brush.lineTo(-wide * 1.2, -long * 0.3);
            brush.lineTo(0, -long);
            brush.lineTo(wide * 1.2, -long * 0.3);
            brush.lineTo(wide, r * 0.16);
            brush.fill();
            brush.restore();
          };
          const turn = Math.PI * 2;
          hand((hours / 12) * turn, r * 0.54, r * 0.032, css(palette.near));
          hand((hours % 1) * turn, r * 0.82, r * 0.022, css(palette.near));
          hand(((hours * 60) % 1) * turn, r * 0.86, r * 0.008, css(palette.accent));
          brush.fillStyle = css(palette.accent);
          circle(brush, c.x, c.y, r * 0.045);
          if (few) return;
          // Glass.
          brush.save();
          brush.beginPath();
          brush.arc(c.x, c.y, r, 0, 7);
          brush.clip();
          brush.fillStyle = css(white, 0.1);
          brush.beginPath();
          brush.ellipse(c.x - r * 0.3, c.y - r * 0.7, r * 1.1, r * 0.62, -0.4, 0, 7);
          brush.fill();
          brush.restore();
        },
      },
      {
        depth: 0.9,
        paint(brush) {
          if (few) return;
          // An hourglass's sand, drifting past.
          const chance = stage.random('sand');
          for (let i = 0; i < 90; i++) {
            const x = width * chance();
            const y =
              height *
              (0.5 + 0.3 * Math.sin((x / width) * 4 + 1) + between(chance, -0.1, 0.1) * (0.4 + chance()));
            brush.fillStyle = css(
              pick(chance, [palette.light, palette.second, palette.accent]),
              between(chance, 0.2, 0.8),
            );
            circle(brush, x, y, short * between(chance, 0.0012, 0.0045));
          }
        },
      },
    ],
    particles: { kind: 'dust', density: 0.7 },
  };
};

function wheel(brush: Brush, x: number, y: number, r: number, teeth: number, turn: number): void {
  brush.beginPath();
  for (let i = 0; i < teeth; i++) {
    for (const [share, reach] of [
      [0, 0.88],
      [0.18, 1],
      [0.5, 1],
      [0.68, 0.88],
    ] as const) {
      const a = turn + ((i + share) / teeth) * Math.PI * 2;
      brush.lineTo(x + Math.cos(a) * r * reach, y + Math.sin(a) * r * reach);
    }
  }
  brush.closePath();
  for (let k = 0; k < 5; k++) {
    const a = turn + (k / 5) * Math.PI * 2;
    brush.moveTo(x + Math.cos(a) * r * 0.5 + r * 0.19, y + Math.sin(a) * r * 0.5);
    brush.arc(x + Math.cos(a) * r * 0.5, y + Math.sin(a) * r * 0.5, r * 0.19, 0, Math.PI * 2);
  }
  brush.fill('evenodd');
}

/** Sheets of colour that flow across, one over the other. */
export const abstract: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const drawn = treatment.relief === 0 || treatment.edges === 'angular';
  const slope = (random() < 0.5 ? -1 : 1) * between(random, 0.1, 0.34);
  const phase = random() * 7;
  const tones = [
    palette.sky[1],
    palette.second,
    palette.accent,
    palette.sky[2],
    palette.accent,
    palette.second,
    palette.near,
  ];
  const sheet = (brush: Brush, k: number, alpha: number) => {
    const base = 0.42 + k * 0.085;
    const crest = (x: number) => {
      const t = x / short;
      const swell =
        Math.sin(t * (1.7 + 0.16 * k) + phase + k * 0.85) * 0.085 +
        Math.sin(t * (3.3 - 0.2 * k) + phase * 2 + k * 1.9) * 0.026;
      return (base + slope * (x / width - 0.5)) * height + swell * short;
    };
    brush.beginPath();
    brush.moveTo(0, height);
    for (let x = 0; x <= width + 6; x += 6) brush.lineTo(x, crest(x));
    brush.lineTo(width, height);
    brush.closePath();
    const tone = tones[k % tones.length]!;
    if (few) brush.fillStyle = css(k === 2 ? palette.second : palette.near, k === 2 ? 1 : 0.85);
    else {
      const from = blend(tone, palette.near, 0.12 + 0.09 * k);
      const to = blend(tones[(k + 2) % tones.length]!, palette.near, 0.3 + 0.09 * k);
      const gradient = brush.createLinearGradient(
        0,
        (base - 0.15) * height,
        width * 0.35,
        height * (base + 0.4),
      );
      gradient.addColorStop(0, css(drawn ? from : blend(from, palette.light, 0.25), alpha));
      gradient.addColorStop(0.5, css(from, alpha));
      gradient.addColorStop(1, css(to, alpha));
      brush.fillStyle = gradient;
    }
    brush.fill();
    if (few || treatment.rim < 0.1) return;
    for (const [wide, light] of [
      [0.016, 0.12],
      [0.0028, 0.75],
    ] as const) {
      const edge = brush.createLinearGradient(0, 0, width, 0);
      edge.addColorStop(0, css(palette.light, 0.06));
      edge.addColorStop(stage.light.x, css(palette.light, light * (0.5 + 0.5 * treatment.rim)));
      edge.addColorStop(1, css(palette.light, 0.06));
      brush.strokeStyle = edge;
      brush.lineWidth = short * wide;
      brush.stroke();
    }
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, stage.light);
          if (!few) for (const k of [0, 1]) sheet(brush, k, 0.62);
        },
      },
      {
        depth: 0.3,
        paint(brush) {
          const orb = { x: stage.light.x * width, y: 0.34 * height, r: short * between(random, 0.12, 0.17) };
          if (treatment.glow > 0.3) glow(brush, orb.x, orb.y, orb.r * 3, palette.light, 0.6);
          const ball = brush.createRadialGradient(
            orb.x - orb.r * 0.35,
            orb.y - orb.r * 0.4,
            orb.r * 0.05,
            orb.x,
            orb.y,
            orb.r,
          );
          ball.addColorStop(0, css(blend(palette.light, white, 0.3)));
          ball.addColorStop(0.35, css(blend(palette.accent, palette.light, 0.25)));
          ball.addColorStop(1, css(blend(palette.accent, palette.near, 0.5)));
          brush.fillStyle = drawn ? css(palette.accent) : ball;
          circle(brush, orb.x, orb.y, orb.r);
          for (const k of few ? [2] : [2, 3]) sheet(brush, k, 0.85);
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const chance = stage.random('orbs');
          for (let i = 0; i < (few ? 0 : 7); i++) {
            brush.fillStyle = css(pick(chance, [palette.second, palette.accent, palette.light]), 0.85);
            circle(
              brush,
              width * chance(),
              height * between(chance, 0.14, 0.6),
              short * between(chance, 0.005, 0.026),
            );
          }
          for (const k of few ? [4] : [4, 5]) sheet(brush, k, 0.92);
        },
      },
      { depth: 0.9, paint: (brush) => sheet(brush, 6, 0.96) },
    ],
    particles: { kind: 'bokeh', density: few ? 0 : 0.6 },
  };
};
