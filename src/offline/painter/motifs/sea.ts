// The sea, with cliffs and ships.
import { between } from '../../../domain/random.ts';
import { blend, css } from '../colour.ts';
import { createLine } from '../noise.ts';
import { upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, type Stage } from '../stage.ts';
import { paintRanges, paintRidge } from '../terrain.ts';
import { paintSwell, paintWater, seaColour } from '../water.ts';

export const sea: MotifPainter = (stage) => {
  const random = stage.random('plan');
  const horizon = between(random, 0.48, 0.56);
  const waves = 0.25 + 0.6 * stage.energy;
  const colour = seaColour(stage);
  const few = stage.treatment.detail < 0.3;
  const cliffs = random() < 0.6;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(
            brush,
            { ...stage, light: { ...stage.light, y: Math.min(stage.light.y, horizon - 0.1) } },
            { horizon, stars: stage.palette.night ? 0.8 : 0 },
          );
          if (!few)
            paintRanges(brush, stage, 'coast', [
              { base: horizon + 0.005, swing: 0.03, waves: 1.3, depth: 0.22 },
            ]);
          placeProps(brush, stage, 'sky', { y: () => stage.height * 0.28 }, { bird: 0.5 });
          paintWater(brush, stage, { top: horizon, waves, colour });
        },
      },
      {
        depth: 0.35,
        paint(brush) {
          placeProps(
            brush,
            stage,
            'water',
            { y: () => stage.height * (horizon + 0.055), scale: 0.85 },
            // Where little else is shown, something must be.
            few ? { sailboat: 0.95 } : { sailboat: 0.4, ship: 0.15 },
          );
          if ((cliffs && !few) || stage.mentions.has('lighthouse')) paintHeadland(brush, stage, horizon);
        },
      },
      {
        depth: 0.6,
        paint: (brush) =>
          paintSwell(brush, stage, 'middle', {
            y: 0.8,
            swing: 0.028 + 0.04 * waves,
            colour: blend(colour, stage.palette.near, 0.25),
            foam: few ? 0 : 0.7,
          }),
      },
      {
        depth: 0.9,
        paint: (brush) =>
          paintSwell(brush, stage, 'near', {
            y: 0.93,
            swing: 0.035 + 0.06 * waves,
            colour: blend(colour, stage.palette.near, 0.6),
            foam: few ? 0 : 0.9,
          }),
      },
    ],
    particles: { kind: 'dust', density: 0.4 },
  };
};

/** Rock that runs out into the water on the side away from the light, with what stands on it. */
function paintHeadland(brush: Brush, stage: Stage, horizon: number): void {
  const { width, height, short, palette, treatment } = stage;
  const right = stage.light.x < 0.5;
  const water = height * (horizon + 0.1);
  const ridge = createRidge(stage, 'cliff', { base: horizon + 0.05, swing: 0.06, waves: 2.2 });
  // Falls away towards the open water.
  for (let i = 0; i < ridge.ys.length; i++) {
    const t = (i * ridge.step) / width;
    const inland = right ? (t - 0.66) / 0.34 : (0.34 - t) / 0.34;
    const rise = Math.max(-1, Math.min(1, inland * 2.2));
    ridge.ys[i] =
      rise <= 0
        ? water - rise * height
        : ridge.ys[i]! + (water - ridge.ys[i]!) * (1 - rise) ** 2 - short * 0.07 * rise;
  }
  // The waterline comes nearer inland, and boulders break it.
  const swell = createLine(stage.seed('waterline'), 4);
  const inland = (x: number) => Math.max(0, right ? x / width - 0.6 : 0.4 - x / width);
  const foot = (x: number) =>
    height * (horizon + 0.062 + 0.16 * inland(x)) + short * 0.02 * (swell((x / short) * 9) - 0.5);
  // Its dark image in the water.
  brush.fillStyle = upright(brush, height * (horizon + 0.06), height * (horizon + 0.06) + short * 0.24, [
    [palette.near, 0.55],
    [palette.near, 0],
  ]);
  brush.beginPath();
  for (let x = 0; x <= width + 6; x += 6) brush.lineTo(x, foot(x));
  for (let x = width + 6; x >= 0; x -= 6) brush.lineTo(x, foot(x) + Math.max(0, foot(x) - ridgeAt(ridge, x)));
  brush.fill();

  brush.save();
  brush.beginPath();
  brush.moveTo(0, 0);
  for (let x = 0; x <= width + 6; x += 6) brush.lineTo(x, foot(x));
  brush.lineTo(width + 6, 0);
  brush.clip();
  paintRidge(
    brush,
    stage,
    'cliff',
    { ...ridge, top: height * (horizon - 0.15) },
    { top: airTone(stage, 0.72), bottom: airTone(stage, 0.85), steep: 2.2, faceted: 'rock' },
  );
  placeProps(
    brush,
    stage,
    'land',
    {
      y: (x) => ridgeAt(ridge, x) + short * 0.02,
      from: right ? 0.8 : 0.12,
      to: right ? 0.88 : 0.2,
      scale: 0.86,
    },
    { lighthouse: 0.35 },
  );
  brush.restore();
  if (treatment.detail < 0.3) return;
  // Foam where the swell meets the rock.
  const random = stage.random('surf');
  brush.fillStyle = css(blend(palette.light, palette.haze, 0.3), 0.5);
  for (let x = 0; x < width; x += short * between(random, 0.012, 0.03)) {
    if (ridgeAt(ridge, x) > foot(x)) continue;
    brush.beginPath();
    brush.ellipse(x, foot(x), short * between(random, 0.008, 0.022), short * 0.0028, 0, 0, 7);
    brush.fill();
  }
}
