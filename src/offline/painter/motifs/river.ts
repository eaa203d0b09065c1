// A river that winds from far hills to the viewer.
import { between } from '../../../domain/random.ts';
import { blend, css, hex } from '../colour.ts';
import { upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type MotifPainter, seenAt } from '../stage.ts';
import { paintRanges, paintRidge } from '../terrain.ts';
import { broadTree, fringe, grass } from '../vegetation.ts';
import { paintWater } from '../water.ts';

export const river: MotifPainter = (stage) => {
  const { palette, treatment } = stage;
  const random = stage.random('plan');
  const start = between(random, 0.42, 0.58);
  const bend = (random() < 0.5 ? -1 : 1) * between(random, 0.12, 0.2);
  /** The middle of the river and its half width at t = 0 (far) … 1 (near), as shares of the width. */
  const course = (t: number) => ({
    x: start + bend * Math.sin(t ** 0.75 * 7.2) * (0.12 + 0.88 * t) * (1 - t * 0.45),
    half: 0.005 + 0.44 * t ** 1.45,
  });
  const top = 0.57;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, stage, { horizon: 0.62, stars: palette.night ? 0.6 : 0 });
          paintRanges(brush, stage, 'far', [
            { base: 0.55, swing: 0.15, waves: 1.3, depth: 0.2, snow: 0.4 },
            { base: 0.59, swing: 0.06, waves: 1.6, depth: 0.36 },
          ]);
          placeProps(brush, stage, 'sky', { y: () => stage.height * 0.25 }, { bird: 0.3 });
        },
      },
      {
        depth: 0.42,
        paint(brush) {
          const { width, height, short } = stage;
          const meadow = hex('#7e9a4e');
          const ridge = createRidge(stage, 'meadow', {
            base: top,
            swing: 0.015,
            waves: 1.2,
            edges: 'smooth',
          });
          fringe(brush, stage, 'meadow', ridge, {
            tall: [0.025, 0.075],
            thick: 0.9,
            colour: airTone(stage, 0.5),
          });
          paintRidge(brush, stage, 'meadow', ridge, {
            top: seenAt(stage, meadow, 0.42),
            bottom: blend(seenAt(stage, hex('#4c6a36'), 0.95), palette.near, 0.25),
            rough: 0.8,
            steep: 0.3,
            pool: 0.65,
          });
          brush.beginPath();
          for (let i = 0; i <= 60; i++) {
            const c = course(i / 60);
            brush.lineTo((c.x - c.half) * width, (top + 0.012 + (1 - top) * (i / 60)) * height);
          }
          for (let i = 60; i >= 0; i--) {
            const c = course(i / 60);
            brush.lineTo((c.x + c.half) * width, (top + 0.012 + (1 - top) * (i / 60)) * height);
          }
          brush.closePath();
          brush.strokeStyle = css(blend(palette.near, seenAt(stage, meadow, 0.8), 0.35), 0.75);
          brush.lineWidth = short * 0.004;
          brush.stroke();
          brush.save();
          brush.clip();
          paintWater(brush, stage, {
            top,
            waves: 0.25,
            // Bluer than the sky it holds, or it would pass for a path.
            colour: blend(
              blend(palette.sky[1], palette.grade(hex('#3b93b8')), 0.6),
              palette.light,
              treatment.sky === 'hard' ? 0.5 : 0.12,
            ),
          });
          brush.restore();
        },
      },
      {
        depth: 0.72,
        paint(brush) {
          const { width, height, short } = stage;
          const trees = stage.random('trees');
          const side = course(0.75).x > 0.5 ? 0 : 1;
          const tones = {
            bark: blend(palette.near, palette.grade(hex('#5b4636')), 0.35),
            leaf: blend(palette.grade(hex('#34502c')), palette.near, 0.4),
            lit: blend(palette.grade(hex('#8fa84a')), palette.light, 0.2),
            side: stage.light.x < 0.5 ? -1 : 1,
          };
          const count = treatment.detail < 0.3 ? 1 : 3;
          for (let i = 0; i < count; i++) {
            const x = side === 0 ? between(trees, 0.03, 0.2) : between(trees, 0.8, 0.97);
            broadTree(
              brush,
              trees,
              { x: x * width, foot: height * (0.78 + 0.05 * i), tall: short * between(trees, 0.38, 0.6) },
              tones,
            );
          }
          const bank = createRidge(stage, 'bank', { base: 0.8, swing: 0.01, waves: 1, edges: 'smooth' });
          brush.beginPath();
          const edge = side === 0 ? 0 : width;
          const inner = (side === 0 ? 0.27 : 0.73) * width;
          brush.moveTo(edge, ridgeAt(bank, edge) - short * 0.02);
          brush.quadraticCurveTo((edge + inner) / 2, ridgeAt(bank, edge) - short * 0.01, inner, height * 0.9);
          brush.quadraticCurveTo(
            inner + (inner - edge) * 0.12,
            height * 0.96,
            inner - (inner - edge) * 0.1,
            height,
          );
          brush.lineTo(edge, height);
          brush.fillStyle = upright(brush, height * 0.78, height, [
            [blend(seenAt(stage, hex('#5b7a3c'), 0.9), palette.near, 0.2)],
            [blend(seenAt(stage, hex('#33491f'), 1), palette.near, 0.55)],
          ]);
          brush.fill();
          placeProps(brush, stage, 'water', { y: () => height * 0.82, scale: 0.8, from: 0.42, to: 0.6 });
        },
      },
      {
        depth: 0.95,
        paint(brush) {
          const ridge = createRidge(stage, 'reeds', { base: 1, swing: 0.03, waves: 1, edges: 'smooth' });
          grass(brush, stage, 'reeds', ridge, {
            tall: 0.2,
            thick: 0.55,
            colour: blend(palette.near, seenAt(stage, hex('#5b7a3c'), 1), 0.25),
            ears: true,
          });
        },
      },
    ],
    particles: { kind: 'dust', density: 0.5 },
  };
};
