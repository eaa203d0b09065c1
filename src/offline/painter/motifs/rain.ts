// Rain in town: wet ground, lamps, an umbrella.
import { between, type Random } from '../../../domain/random.ts';
import { lamp, paintSkyline } from '../buildings.ts';
import { blend, css } from '../colour.ts';
import { person } from '../figures.ts';
import { upright } from '../pixels.ts';
import { paintSky } from '../sky.ts';
import type { Brush, MotifPainter, Stage } from '../stage.ts';
import { paintMist } from '../terrain.ts';
import { overcast, paintStreaks } from './overcast.ts';

/** An umbrella over a head. */
function umbrella(brush: Brush, x: number, y: number, r: number): void {
  brush.beginPath();
  brush.arc(x, y, r, Math.PI, 0);
  for (let i = 4; i > 0; i--)
    brush.quadraticCurveTo(x - r + (i - 0.5) * r * 0.5, y - r * 0.16, x - r + (i - 1) * r * 0.5, y);
  brush.fill();
  brush.fillRect(x - r * 0.02, y - r * 0.1, r * 0.04, r * 1.05);
  brush.fillRect(x - r * 0.015, y - r * 1.1, r * 0.03, r * 0.15);
}

function walkers(brush: Brush, stage: Stage, random: Random, foot: number): void {
  const { width, short, palette, light } = stage;
  const x = width * (light.x < 0.5 ? between(random, 0.56, 0.7) : between(random, 0.3, 0.44));
  const tall = short * 0.4;
  brush.fillStyle = css(palette.near);
  const side = random() < 0.5 ? 1 : -1;
  person(brush, random, { x, foot, tall, side, pose: 'walk' });
  brush.fillStyle = css(
    stage.treatment.sky === 'hard' ? palette.near : blend(palette.accent, palette.near, 0.12),
  );
  umbrella(brush, x + side * tall * 0.1, foot - tall * 0.94, tall * 0.36);
}

export const rain: MotifPainter = (plain) => {
  const stage = overcast(plain, 0.15);
  const { palette, treatment, width, height, short } = stage;
  const few = treatment.detail < 0.3;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, stage, {
            horizon: 0.72,
            clouds: 1.3,
            disc: few || treatment.sky === 'bands' || treatment.sky === 'mesh' ? 'sun' : 'none',
          });
          paintSkyline(brush, stage, 'far', {
            foot: 0.7,
            tall: [0.12, 0.34],
            wide: [0.04, 0.09],
            depth: 0.3,
            lit: 0.16,
          });
          paintMist(brush, stage, 0.4, 0.85, 0.6);
          if (!few) paintStreaks(brush, stage, 'far', { count: 260, long: 0.05, alpha: 0.22, wide: 0.0012 });
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          const y = height * 0.74;
          const ground = blend(palette.near, palette.haze, few ? 0.25 : 0.2);
          brush.fillStyle = upright(brush, y, height, [
            [blend(ground, palette.sky[3], 0.55)],
            [ground],
            [palette.near],
          ]);
          brush.fillRect(0, y, width, height - y);
          const random = stage.random('puddles');
          // Lights mirrored in the wet ground.
          const strips = few ? 5 : 34;
          for (let i = 0; i < strips; i++) {
            const x = random() * width;
            const tone = random() < 0.6 ? palette.light : random() < 0.5 ? palette.accent : palette.second;
            brush.fillStyle = upright(brush, y, height, [
              [tone, 0.34],
              [tone, 0.0001],
            ]);
            brush.fillRect(
              x,
              y,
              short * between(random, 0.004, 0.022),
              (height - y) * between(random, 0.3, 1),
            );
          }
          if (!few) {
            for (const [x, side] of [
              [0.14, 1],
              [0.88, -1],
            ] as const)
              lamp(brush, stage, width * x, height * 0.79, short * 0.46, side);
          }
        },
      },
      {
        depth: 0.65,
        paint(brush) {
          const random = stage.random('walkers');
          walkers(brush, stage, random, height * 0.88);
          // Rings where drops fall.
          brush.strokeStyle = css(palette.light, 0.4);
          brush.lineWidth = short * 0.0016;
          for (let i = 0; i < (few ? 6 : 50); i++) {
            const t = random();
            const r = short * (0.006 + 0.03 * t) * between(random, 0.5, 1.2);
            brush.beginPath();
            brush.ellipse(random() * width, height * (0.79 + 0.2 * t), r, r * 0.25, 0, 0, 7);
            brush.stroke();
          }
        },
      },
      {
        depth: 0.9,
        paint(brush) {
          paintStreaks(brush, stage, 'near', {
            count: few ? 26 : 130,
            long: 0.12,
            alpha: few ? 0.5 : 0.3,
            wide: few ? 0.003 : 0.002,
          });
        },
      },
    ],
    particles: few ? null : { kind: 'rain', density: 0.8 },
  };
};
