// Business: colleagues at a table high above the town.
import { pick } from '../../../domain/random.ts';
import { paintSkyline } from '../buildings.ts';
import { blend, css } from '../colour.ts';
import { person } from '../figures.ts';
import { upright } from '../pixels.ts';
import { paintSky } from '../sky.ts';
import type { MotifPainter } from '../stage.ts';
import { paintMist } from '../terrain.ts';

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
          // Hard light leaves the dark dark: a lit mist lets what stands before it be seen.
          if (treatment.sky === 'hard') {
            brush.fillStyle = upright(brush, height * 0.3, height * 0.8, [
              [palette.second, 0],
              [palette.second, 0.62],
              [palette.second, 0.3],
            ]);
            brush.fillRect(0, height * 0.3, width, height * 0.5);
          }
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
