// Mountains: peaks behind peaks, and a wood before them.
import { between } from '../../../domain/random.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type MotifPainter } from '../stage.ts';
import { paintMist, paintRanges, paintRidge } from '../terrain.ts';
import { fringe } from '../vegetation.ts';

export const mountains: MotifPainter = (stage) => {
  const random = stage.random('plan');
  const few = stage.treatment.detail < 0.3;
  const snow = stage.mood === 'tense' ? 0.6 : between(random, 0.45, 0.85);
  const lift = between(random, -0.03, 0.04);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, stage, { horizon: 0.68, stars: stage.palette.night ? 0.9 : 0.15 });
          if (!few)
            paintRanges(brush, stage, 'far', [{ base: 0.55 + lift, swing: 0.09, waves: 2.4, depth: 0.14 }]);
          placeProps(brush, stage, 'sky', { y: () => stage.height * 0.25 }, { bird: 0.3 });
        },
      },
      {
        depth: 0.28,
        paint(brush) {
          paintRanges(brush, stage, 'peaks', [
            {
              base: 0.57 + lift,
              swing: 0.26,
              waves: between(random, 1.1, 1.6),
              depth: 0.36,
              snow,
              edges: 'peaks',
            },
          ]);
          paintMist(brush, stage, 0.6, 0.8, 0.35);
        },
      },
      {
        depth: 0.52,
        paint(brush) {
          paintRanges(brush, stage, 'mid', [
            { base: 0.71, swing: 0.12, waves: 1.9, depth: 0.58, ...(few ? {} : { snow: 0.18 }) },
          ]);
          paintMist(brush, stage, 0.68, 0.86, 0.42);
        },
      },
      {
        depth: 0.8,
        paint(brush) {
          const ridge = createRidge(stage, 'near', {
            base: 0.85,
            swing: 0.1,
            waves: 1.3,
            edges: few ? 'smooth' : 'lush',
          });
          fringe(brush, stage, 'behind', ridge, {
            tall: [0.03, 0.075],
            thick: 1.7,
            colour: airTone(stage, 0.82),
          });
          fringe(brush, stage, 'near', ridge, {
            tall: [0.035, 0.11],
            thick: 0.9,
            colour: airTone(stage, 0.93),
          });
          paintRidge(brush, stage, 'near', ridge, {
            top: airTone(stage, 0.95),
            bottom: airTone(stage, 1),
            rough: 0.6,
          });
          placeProps(brush, stage, 'land', { y: (x) => ridgeAt(ridge, x) + stage.short * 0.01 });
        },
      },
    ],
    particles: { kind: stage.palette.night ? 'stars' : 'dust', density: 0.5 },
  };
};
