// The day's two ends: sunrise over land, sunset over water.
import { between } from '../../../domain/random.ts';
import { blend, hex, lch, vivid } from '../colour.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, relit, type Stage, seenAt } from '../stage.ts';
import { paintMist, paintRanges, paintRidge } from '../terrain.ts';
import { fringe, grass } from '../vegetation.ts';
import { paintWater, seaColour } from '../water.ts';

/** A sky that the hour itself colours, whatever the mood; the style still develops it. */
function atHour(stage: Stage, hour: 'dawn' | 'dusk'): Stage {
  const { palette } = stage;
  const grey = Math.hypot(palette.accent[1], palette.accent[2]) < 0.01;
  if (
    grey ||
    (hour === 'dawn' && stage.treatment.sky === 'mesh') ||
    stage.treatment.sky === 'flat' ||
    stage.treatment.sky === 'bands'
  )
    return { ...stage, palette: { ...palette, night: false } };
  const stops =
    hour === 'dawn'
      ? ['#4c6ea8', '#9d9cc9', '#f7b9a0', '#ffe6a6']
      : ['#141a3f', '#5b2a63', '#d9483c', '#ffb04a'];
  const share = 0.5;
  const sky = stops.map((stop, i) =>
    blend(palette.sky[i]!, palette.grade(vivid(hex(stop), 1.1)), share),
  ) as typeof palette.sky;
  const light = blend(palette.light, hour === 'dawn' ? lch(0.95, 0.09, 88) : lch(0.86, 0.15, 70), 0.6);
  return relit(stage, {
    palette: { ...palette, sky, light, haze: blend(sky[3], sky[2], 0.45), night: false },
  });
}

/** What both ends of the day begin with. */
function opening(plain: Stage, hour: 'dawn' | 'dusk') {
  const stage = atHour(plain, hour);
  return { stage, random: stage.random('plan'), few: stage.treatment.detail < 0.3 };
}

const lowSun = (stage: Stage, x: number, y: number): Stage => relit(stage, { light: { x, y } });

/** The sky with a large sun at the horizon; `disc` is its radius where the style has no size of its own. */
function paintOpening(
  brush: Brush,
  lit: Stage,
  { horizon, disc, clouds }: { horizon: number; disc: number; clouds: number },
): void {
  const { sky, detail } = lit.treatment;
  paintSky(brush, lit, {
    horizon: horizon + 0.02,
    disc: 'sun',
    ...(detail < 0.3 ? {} : { discSize: sky === 'bands' ? disc + 0.17 : disc }),
    clouds,
  });
}

export const sunrise: MotifPainter = (plain) => {
  const { stage, random, few } = opening(plain, 'dawn');
  const horizon = 0.6;
  const lit = lowSun(stage, stage.light.x, horizon - between(random, 0.015, 0.06));
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintOpening(brush, lit, { horizon, disc: 0.1, clouds: 0.9 });
          placeProps(brush, lit, 'sky', { y: () => stage.height * 0.26 }, { bird: 0.6, balloon: 0.15 });
          paintRanges(brush, lit, 'far', [
            { base: 0.62, swing: 0.045, waves: 1.6, depth: 0.25, edges: 'smooth' },
            { base: 0.66, swing: 0.05, waves: 1.3, depth: 0.4, edges: 'smooth' },
          ]);
          paintMist(brush, lit, 0.58, 0.76, 0.7, stage.palette.light);
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          paintRanges(brush, lit, 'mid', [
            { base: 0.72, swing: 0.06, waves: 1.1, depth: 0.56, edges: few ? 'smooth' : 'lush' },
          ]);
          paintMist(brush, lit, 0.7, 0.88, 0.65, stage.palette.light);
        },
      },
      {
        depth: 0.65,
        paint(brush) {
          const ridge = createRidge(lit, 'hill', {
            base: 0.82,
            swing: 0.06,
            waves: 0.9,
            edges: few ? 'smooth' : 'lush',
          });
          fringe(brush, lit, 'hill', ridge, { tall: [0.02, 0.06], thick: 0.35, colour: airTone(lit, 0.8) });
          paintRidge(brush, lit, 'hill', ridge, {
            top: blend(airTone(lit, 0.78), seenAt(lit, hex('#6f8a3c'), 0.8), 0.35),
            bottom: airTone(lit, 0.9),
            mist: 0.3,
          });
          placeProps(
            brush,
            lit,
            'land',
            { y: (x) => ridgeAt(ridge, x) + stage.short * 0.02 },
            { tree: 0.55, house: 0.25, windmill: 0.2 },
          );
        },
      },
      {
        depth: 0.95,
        paint(brush) {
          const ridge = createRidge(lit, 'meadow', { base: 0.96, swing: 0.03, waves: 0.9, edges: 'smooth' });
          grass(brush, lit, 'meadow', ridge, {
            tall: 0.14,
            thick: 1,
            colour: blend(airTone(lit, 0.97), stage.palette.light, 0.06),
            ears: true,
          });
          paintRidge(brush, lit, 'meadow', ridge, { top: airTone(lit, 0.97), bottom: airTone(lit, 1) });
        },
      },
    ],
    particles: { kind: 'dust', density: 0.9 },
  };
};

export const sunset: MotifPainter = (plain) => {
  const { stage, random, few } = opening(plain, 'dusk');
  const horizon = between(random, 0.54, 0.6);
  const lit = lowSun(stage, 0.3 + 0.4 * random(), horizon - between(random, 0.01, 0.07));
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintOpening(brush, lit, { horizon, disc: 0.13, clouds: 1.15 });
          placeProps(brush, lit, 'sky', { y: () => stage.height * 0.26 }, { bird: 0.65 });
          if (!few)
            paintRanges(brush, lit, 'isles', [
              { base: horizon + 0.012, swing: 0.045, waves: 1.1, depth: 0.4 },
            ]);
          paintWater(brush, lit, {
            top: horizon,
            waves: 0.2 + 0.3 * stage.energy,
            colour: blend(seaColour(stage), stage.palette.sky[1], 0.5),
          });
        },
      },
      {
        depth: 0.45,
        paint: (brush) =>
          placeProps(
            brush,
            lit,
            'water',
            { y: () => stage.height * (horizon + 0.1) },
            { sailboat: 0.6, ship: 0.15 },
          ),
      },
      {
        depth: 0.85,
        paint(brush) {
          const ridge = createRidge(lit, 'shore', {
            base: 0.93,
            swing: 0.06,
            waves: 0.8,
            edges: few ? 'smooth' : 'lush',
          });
          const left = lit.light.x > 0.5;
          for (let i = 0; i < ridge.ys.length; i++) {
            const t = (i * ridge.step) / stage.width;
            const away = left ? t : 1 - t;
            ridge.ys[i]! += stage.height * (0.16 * away - 0.08);
          }
          grass(brush, lit, 'shore', ridge, {
            tall: 0.11,
            thick: 0.8,
            colour: airTone(lit, 0.99),
            ears: true,
          });
          paintRidge(brush, lit, 'shore', ridge, {
            top: airTone(lit, 0.98),
            bottom: airTone(lit, 1),
            rough: 0.3,
          });
          placeProps(
            brush,
            lit,
            'land',
            { y: (x) => ridgeAt(ridge, x) + stage.short * 0.02, scale: 1.25 },
            { tree: 0.3 },
          );
        },
      },
    ],
    particles: { kind: 'dust', density: 0.6 },
  };
};
