// A road towards far mountains, with something in the air.
import { between } from '../../../domain/random.ts';
import { blend, css, hex } from '../colour.ts';
import { paintTufts } from '../drawn-skies.ts';
import { upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { createRidge } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type MotifPainter, seenAt } from '../stage.ts';
import { paintRanges, paintRidge } from '../terrain.ts';
import { fringe } from '../vegetation.ts';

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
