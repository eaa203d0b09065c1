// Data: bars, a line and shares.
import { paintShadow, paintTable } from '../backdrop.ts';
import { blend, css, hex, lighter } from '../colour.ts';
import { isPainterly, paintGround } from '../icons/setting.ts';
import { circle, glow, upright } from '../pixels.ts';
import { glowing, type MotifPainter } from '../stage.ts';

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
          paintGround(brush, stage, { x: 0.5, y: 0.46 }, 0.6);
          if (isPainterly(stage)) paintTable(brush, stage, 0.6, hex('#6b5a4a'));
          if (few || isPainterly(stage)) return;
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
          if (isPainterly(stage)) return;
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
          const lean = treatment.sky === 'flat' ? 0 : wide * (isPainterly(stage) ? 0.42 : 0.26);
          if (isPainterly(stage)) paintShadow(brush, stage, width / 2, foot, span * 0.56);
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
          if (!isPainterly(stage)) {
            brush.fillStyle = css(dark ? palette.light : palette.near, 0.8);
            brush.fillRect(left - short * 0.05, foot, span + short * 0.1, short * 0.004);
          }
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
          if (few || isPainterly(stage)) return;
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
