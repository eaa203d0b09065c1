// People as silhouettes before the light.
import { between, pick } from '../../../domain/random.ts';
import { paintSkyline } from '../buildings.ts';
import { blend, css } from '../colour.ts';
import { type Pose, person } from '../figures.ts';
import { upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter } from '../stage.ts';
import { paintMist, paintRanges, paintRidge } from '../terrain.ts';
import { grass } from '../vegetation.ts';

export const people: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const town = random() < 0.35;
  const few = treatment.detail < 0.3;
  const lit = { ...stage, light: { x: between(random, 0.4, 0.6), y: between(random, 0.4, 0.5) } };
  const glad = stage.mood === 'uplifting' || stage.mood === 'playful' || stage.mood === 'epic';
  const hill = () => createRidge(lit, 'hill', { base: 0.86, swing: 0.05, waves: 0.6, edges: 'smooth' });
  const group = (
    brush: Brush,
    name: string,
    count: number,
    tall: number,
    spread: number,
    y: (x: number) => number,
  ) => {
    const chance = stage.random(name);
    const start = lit.light.x - (spread * (count - 1)) / 2;
    for (let i = 0; i < count; i++) {
      const x = (start + spread * i + between(chance, -0.15, 0.15) * spread) * width;
      const poses: Pose[] = glad ? ['raise', 'stand', 'raise', 'walk'] : ['stand', 'walk', 'stand', 'point'];
      const child = chance() < 0.16 ? 0.62 : 1;
      person(brush, chance, {
        x,
        foot: y(x) + short * 0.008,
        tall: tall * child * between(chance, 0.92, 1.06),
        side: chance() < 0.5 ? -1 : 1,
        pose: pick(chance, poses),
      });
    }
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, lit, {
            horizon: 0.78,
            disc: 'sun',
            ...(few
              ? { discSize: 0.24 }
              : { discSize: treatment.sky === 'bands' ? 0.3 : treatment.sky === 'mesh' ? 0.26 : 0.13 }),
          });
          placeProps(brush, lit, 'sky', { y: () => height * 0.22 }, { bird: 0.35 });
          if (town)
            paintSkyline(brush, lit, 'town', {
              foot: 0.76,
              tall: [0.1, 0.3],
              wide: [0.05, 0.1],
              depth: 0.28,
              lit: 0.1,
            });
          else if (!few) paintRanges(brush, lit, 'far', [{ base: 0.7, swing: 0.08, waves: 1.4, depth: 0.3 }]);
          paintMist(brush, lit, 0.6, 0.92, 0.6);
          // Hard light leaves the dark dark: a lit mist lets what stands before it be seen.
          if (treatment.sky === 'hard') {
            brush.fillStyle = upright(brush, height * 0.4, height * 0.9, [
              [palette.second, 0],
              [palette.second, 0.62],
              [palette.second, 0.3],
            ]);
            brush.fillRect(0, height * 0.4, width, height * 0.6);
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          const ridge = createRidge(lit, 'rise', { base: 0.78, swing: 0.03, waves: 0.8, edges: 'smooth' });
          if (!few) {
            brush.fillStyle = css(airTone(lit, 0.5));
            group(brush, 'behind', 7, short * 0.15, 0.1, (x) => ridgeAt(ridge, x));
          }
          paintRidge(brush, lit, 'rise', ridge, {
            top: airTone(lit, 0.5),
            bottom: airTone(lit, 0.7),
            rough: 0.5,
            mist: 0.4,
          });
        },
      },
      {
        depth: 0.75,
        paint(brush) {
          const ridge = hill();
          brush.fillStyle = css(blend(palette.near, palette.haze, 0.03));
          const count = few ? 2 : 2 + Math.floor(random() * 4);
          group(brush, 'near', count, short * 0.42, (few ? 0.16 : 0.115) * (short / width) * 1.6, (x) =>
            ridgeAt(ridge, x),
          );
          grass(brush, lit, 'hill', ridge, { tall: 0.035, thick: 0.8, colour: airTone(lit, 0.98) });
          paintRidge(brush, lit, 'hill', ridge, {
            top: airTone(lit, 0.97),
            bottom: airTone(lit, 1),
            rough: 0.4,
          });
        },
      },
    ],
    particles: { kind: 'dust', density: 0.8 },
  };
};
