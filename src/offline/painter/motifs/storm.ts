// Storm at sea or on the moor, with lightning.
import { between, type Random } from '../../../domain/random.ts';
import { blend, css, hex, lighter, white } from '../colour.ts';
import { glow } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, type Stage } from '../stage.ts';
import { paintRanges, paintRidge } from '../terrain.ts';
import { bareTree } from '../vegetation.ts';
import { paintSwell, paintWater } from '../water.ts';
import { overcast, paintStreaks } from './overcast.ts';

/** A bolt of lightning with side branches, from `from` down to `to` pixels. */
function bolt(brush: Brush, random: Random, at: { x: number; from: number; to: number; wide: number }): void {
  let { x } = at;
  let y = at.from;
  const parts = 28;
  const points: [number, number][] = [[x, y]];
  for (let k = 0; k < parts; k++) {
    // It wanders, but comes back to where it strikes.
    x += between(random, -0.05, 0.05) * (at.to - at.from) + (at.x - x) * 0.12;
    y += (at.to - at.from) / parts;
    points.push([x, y]);
  }
  brush.lineJoin = 'miter';
  brush.lineCap = 'round';
  for (let k = 0; k < parts; k++) {
    brush.lineWidth = at.wide * (1 - 0.7 * (k / parts));
    brush.beginPath();
    brush.moveTo(...points[k]!);
    brush.lineTo(...points[k + 1]!);
    brush.stroke();
    if (k > 5 && random() < 0.22 && at.wide > 2) {
      bolt(brush, random, {
        x: points[k]![0] + between(random, -1, 1) * at.wide,
        from: points[k]![1],
        to: points[k]![1] + (at.to - at.from) * 0.26,
        wide: at.wide * 0.4,
      });
    }
  }
}

export const storm: MotifPainter = (plain) => {
  const stage = overcast(plain, 0.8);
  const { palette, treatment, width, height, short } = stage;
  const random = stage.random('plan');
  const atSea =
    random() < 0.5 ||
    stage.mentions.has('ship') ||
    stage.mentions.has('sailboat') ||
    stage.mentions.has('lighthouse');
  const strike = { x: stage.light.x * width, y: 0.62 * height };
  const few = treatment.detail < 0.3;
  const drawn = treatment.clouds === 0;
  const flash =
    few || treatment.sky === 'clean' ? palette.accent : lighter(blend(palette.light, white, 0.5), 0.05);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          const dim = { ...treatment, glow: treatment.glow * 0.35 };
          paintSky(
            brush,
            { ...stage, light: { x: stage.light.x, y: 0.2 }, treatment: dim },
            { horizon: 0.66, clouds: 1.5, disc: 'none' },
          );
          const bolts = stage.random('bolt');
          if (treatment.glow > 0) glow(brush, strike.x, height * 0.25, short * 0.75, palette.light, 0.5);
          brush.strokeStyle = css(flash);
          bolt(brush, bolts, {
            x: strike.x,
            from: height * (drawn ? 0.2 : -0.02),
            to: strike.y,
            wide: short * (drawn ? 0.013 : 0.0062),
          });
          if (treatment.glow > 0.3)
            for (const share of [0.25, 0.55, 0.85])
              glow(brush, strike.x, strike.y * share, short * 0.3, flash, 0.35);
          if (drawn) paintCloudBanks(brush, stage, strike.x);
          if (atSea)
            paintWater(brush, stage, {
              top: 0.62,
              waves: 1,
              colour: blend(palette.grade(hex('#25424f')), palette.sky[0], 0.4),
            });
          else paintRanges(brush, stage, 'far', [{ base: 0.63, swing: 0.09, waves: 1.5, depth: 0.45 }]);
        },
      },
      {
        depth: 0.45,
        paint(brush) {
          if (atSea) {
            placeProps(brush, stage, 'water', { y: () => height * 0.695, scale: 1.1 }, { ship: 0.7 });
            paintSwell(brush, stage, 'far', {
              y: 0.74,
              swing: 0.07,
              colour: blend(palette.grade(hex('#25424f')), palette.near, 0.35),
              foam: few ? 0 : 0.9,
            });
          } else {
            const ridge = createRidge(stage, 'moor', {
              base: 0.74,
              swing: 0.05,
              waves: 1,
              edges: few ? 'smooth' : 'lush',
            });
            paintRidge(brush, stage, 'moor', ridge, {
              top: airTone(stage, 0.66),
              bottom: airTone(stage, 0.85),
              rough: 0.8,
            });
            placeProps(
              brush,
              stage,
              'land',
              { y: (x) => ridgeAt(ridge, x) + short * 0.015 },
              { house: 0.5, castle: 0.3 },
            );
          }
          if (!few) paintStreaks(brush, stage, 'far', { count: 220, long: 0.06, alpha: 0.2, wide: 0.0013 });
        },
      },
      {
        depth: 0.85,
        paint(brush) {
          if (atSea)
            paintSwell(brush, stage, 'near', {
              y: 0.9,
              swing: 0.11,
              colour: blend(palette.grade(hex('#1b303b')), palette.near, 0.65),
              foam: few ? 0 : 1,
            });
          else {
            const ridge = createRidge(stage, 'brow', {
              base: 0.9,
              swing: 0.06,
              waves: 0.7,
              edges: few ? 'smooth' : 'lush',
            });
            brush.strokeStyle = css(airTone(stage, 1));
            const x = width * (stage.light.x < 0.5 ? 0.8 : 0.2);
            bareTree(brush, random, x, ridgeAt(ridge, x) + short * 0.02, short * 0.55);
            paintRidge(brush, stage, 'brow', ridge, {
              top: airTone(stage, 0.97),
              bottom: airTone(stage, 1),
              rough: 0.5,
            });
          }
        },
      },
    ],
    particles: few ? null : { kind: 'rain', density: 1 },
  };
};

/** Banks of drawn cloud under the upper edge, lighter behind, lowest over the strike. */
function paintCloudBanks(brush: Brush, stage: Stage, strikeX: number): void {
  const { palette, width, height, short } = stage;
  const random = stage.random('banks');
  const behind = blend(palette.sky[0], palette.haze, 0.35);
  for (const [bank, share] of [0, 0.4, 0.8].entries()) {
    brush.fillStyle = css(blend(behind, palette.near, share));
    brush.beginPath();
    brush.rect(0, 0, width, height * 0.04);
    for (let x = -short * 0.1; x < width + short * 0.1; x += short * between(random, 0.07, 0.13)) {
      const near = Math.exp(-(((x - strikeX) / (short * (0.55 - 0.1 * bank))) ** 2));
      const low = height * (0.14 - 0.055 * bank) + near * height * (0.07 + 0.055 * bank);
      const r = short * between(random, 0.07, 0.12) * (0.55 + 0.6 * near);
      brush.moveTo(x + r, low - r * 0.6);
      brush.arc(x, low - r * 0.6, r, 0, Math.PI * 2);
      brush.rect(x - short * 0.07, 0, short * 0.14, Math.max(0, low - r * 0.6));
    }
    brush.fill();
  }
}
