// Rain and storm.
import { between, type Random } from '../../../sound/random.ts';
import { lamp, paintSkyline } from '../buildings.ts';
import { atLightness, blend, css, hex, lch, lighter, white } from '../colour.ts';
import { person } from '../figures.ts';
import { glow, upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, relit, type Stage } from '../stage.ts';
import { createRidge, paintMist, paintRanges, paintRidge, ridgeAt } from '../terrain.ts';
import { bareTree } from '../vegetation.ts';
import { paintSwell, paintWater } from '../water.ts';

/** Overcast: less colour, less light, closer air. `dark` 0 = a grey day … 1 = the blackest cloud. */
function overcast(stage: Stage, dark: number): Stage {
  const { palette, treatment } = stage;
  const drawn = ['flat', 'mesh', 'clean', 'bands'].includes(treatment.sky);
  const grey = palette.grade(lch(0.5, 0.035, 240));
  const sky = palette.sky.map((c, i) => {
    if (drawn) return blend(c, atLightness(grey, c[0] * (0.85 - 0.35 * dark)), 0.25 + 0.35 * dark);
    const l = (0.34 + 0.09 * i) * (1 - 0.55 * dark) + 0.16 * c[0] + 0.05 * i * dark;
    return blend(atLightness(grey, l), atLightness(c, l), 0.4);
  }) as Stage['palette']['sky'];
  return relit(stage, {
    palette: {
      ...palette,
      sky,
      haze: blend(sky[3], sky[2], 0.5),
      light: blend(palette.light, white, 0.2),
      night: palette.night || treatment.sky === 'graded',
    },
  });
}

/** Streaks that fall aslant. */
function paintStreaks(
  brush: Brush,
  stage: Stage,
  name: string,
  look: { count: number; long: number; alpha: number; wide: number },
): void {
  const { width, height, short, palette } = stage;
  const random = stage.random(`streaks ${name}`);
  brush.strokeStyle = css(blend(palette.light, palette.haze, 0.3), look.alpha);
  brush.lineWidth = short * look.wide;
  brush.lineCap = 'round';
  brush.beginPath();
  for (let i = 0; i < look.count * (width / short); i++) {
    const x = random() * width * 1.1;
    const y = random() * height;
    const long = short * look.long * between(random, 0.5, 1.2);
    brush.moveTo(x, y);
    brush.lineTo(x - long * 0.17, y + long);
  }
  brush.stroke();
}

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

/** A bolt of lightning with side branches, from `from` down to `to` pixels. */
function bolt(brush: Brush, random: Random, at: { x: number; from: number; to: number; wide: number }): void {
  let { x } = at;
  let y = at.from;
  const parts = 28;
  const points: [number, number][] = [[x, y]];
  for (let k = 0; k < parts; k++) {
    x += between(random, -0.05, 0.05) * (at.to - at.from);
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
            from: height * (treatment.clouds === 0 ? 0.22 : -0.02),
            to: strike.y,
            wide: short * (few ? 0.012 : 0.0062),
          });
          if (treatment.glow > 0.3)
            for (const share of [0.25, 0.55, 0.85])
              glow(brush, strike.x, strike.y * share, short * 0.3, flash, 0.35);
          if (treatment.clouds === 0) {
            // Drawn styles get a drawn cloud.
            brush.fillStyle = css(blend(palette.near, palette.sky[1], few ? 0.1 : 0.3));
            brush.beginPath();
            for (let i = 0; i < 9; i++) {
              const t = i / 8 - 0.5;
              const cx = strike.x + t * short * 0.62;
              const r = short * (0.17 - 0.3 * t * t) * between(random, 0.85, 1.1);
              brush.moveTo(cx + r, height * 0.19);
              brush.arc(cx, height * 0.19, r, 0, Math.PI * 2);
            }
            brush.fill();
          }
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
            placeProps(brush, stage, 'water', { y: () => height * 0.73, scale: 1.1 }, { ship: 0.7 });
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
