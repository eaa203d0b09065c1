// The city: skylines behind each other, over water or roofs.
import { between, pick } from '../../../domain/random.ts';
import { paintSkyline } from '../buildings.ts';
import { blend, hex } from '../colour.ts';
import { upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { paintSky } from '../sky.ts';
import type { Brush, MotifPainter, Stage } from '../stage.ts';
import { paintMist } from '../terrain.ts';
import { paintWater } from '../water.ts';

export const city: MotifPainter = (stage) => {
  const random = stage.random('plan');
  const atWater = random() < 0.5 || stage.mentions.has('bridge') || stage.mentions.has('ship');
  const foot = atWater ? 0.7 : 0.86;
  const { treatment, palette } = stage;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, stage, { horizon: 0.74, stars: palette.night ? 0.5 : 0, clouds: 0.8 });
          placeProps(brush, stage, 'sky', { y: () => stage.height * 0.22 }, { plane: 0.15, bird: 0.15 });
          paintSkyline(brush, stage, 'far', {
            foot: foot - 0.02,
            tall: [0.18, 0.42],
            wide: [0.05, 0.1],
            depth: 0.24,
            lit: 0.1,
          });
          paintMist(brush, stage, foot - 0.3, foot + 0.06, 0.6);
        },
      },
      {
        depth: 0.35,
        paint(brush) {
          paintSkyline(brush, stage, 'mid', {
            foot,
            tall: [0.16, 0.46],
            wide: [0.06, 0.13],
            depth: 0.5,
            lit: 0.22,
          });
          paintMist(brush, stage, foot - 0.2, foot + 0.1, 0.5);
        },
      },
      {
        depth: 0.65,
        paint(brush) {
          if (atWater) {
            paintSkyline(brush, stage, 'quay', {
              foot: foot + 0.01,
              tall: [0.03, 0.13],
              wide: [0.06, 0.14],
              depth: 0.8,
              lit: 0.3,
            });
            paintWater(brush, stage, {
              top: foot + 0.01,
              waves: 0.15,
              colour: blend(palette.grade(hex('#234a5c')), palette.sky[1], 0.4),
            });
            reflections(brush, stage, foot + 0.01);
            placeProps(
              brush,
              stage,
              'water',
              { y: () => stage.height * (foot + 0.06) },
              { bridge: 0.3, ship: 0.2, sailboat: 0.2 },
            );
          } else {
            paintSkyline(brush, stage, 'near', {
              foot: 0.98,
              tall: [0.14, 0.4],
              wide: [0.1, 0.2],
              depth: 0.78,
              lit: 0.34,
            });
          }
        },
      },
      ...(treatment.detail > 0.3 && !atWater
        ? [
            {
              depth: 0.95,
              paint: (brush: Brush) =>
                paintSkyline(brush, stage, 'roofs', {
                  foot: 1.02,
                  tall: [0.05, 0.17],
                  wide: [0.16, 0.3],
                  depth: 0.97,
                  lit: 0.14,
                }),
            },
          ]
        : []),
    ],
    particles: { kind: palette.night ? 'bokeh' : 'dust', density: 0.5 },
  };
};

/** Lit windows drawn out on the water. */
function reflections(brush: Brush, stage: Stage, top: number): void {
  const { width, height, short, palette, treatment } = stage;
  if (treatment.glow < 0.2) return;
  const random = stage.random('reflections');
  for (let i = 0; i < 60; i++) {
    const x = random() * width;
    const tone = pick(random, [palette.light, palette.light, palette.second, palette.accent]);
    const long = height * (1 - top) * between(random, 0.2, 0.85);
    brush.fillStyle = upright(brush, top * height, top * height + long, [
      [tone, 0.34],
      [tone, 0],
    ]);
    brush.fillRect(x, top * height, short * between(random, 0.003, 0.012), long);
  }
}
