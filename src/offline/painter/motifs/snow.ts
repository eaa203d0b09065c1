// Snow: white land, firs and a house.
import { between } from '../../../domain/random.ts';
import { blend, css, hex, vivid, white } from '../colour.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, relit } from '../stage.ts';
import { paintRanges, paintRidge } from '../terrain.ts';
import { bareTree, fir, fringe } from '../vegetation.ts';

export const snow: MotifPainter = (stage) => {
  const { palette } = stage;
  const cold = relit(stage, {
    palette: { ...palette, haze: blend(palette.haze, palette.grade(hex('#dfe9f2')), 0.45) },
  });
  const flake = vivid(palette.grade(white), 1);
  const shade = blend(palette.grade(hex('#8ea6c4')), palette.sky[1], 0.25);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, cold, { horizon: 0.66, clouds: 0.8, stars: palette.night ? 0.6 : 0 });
          paintRanges(brush, cold, 'far', [{ base: 0.56, swing: 0.18, waves: 1.4, depth: 0.3, snow: 1.1 }]);
        },
      },
      {
        depth: 0.32,
        paint(brush) {
          const ridge = createRidge(cold, 'wood', { base: 0.66, swing: 0.05, waves: 1.1, edges: 'smooth' });
          fringe(brush, cold, 'wood', ridge, { tall: [0.05, 0.13], thick: 1, colour: airTone(cold, 0.5) });
          paintRidge(brush, cold, 'wood', ridge, {
            top: blend(flake, palette.haze, 0.45),
            bottom: blend(shade, palette.haze, 0.4),
            rough: 0.25,
          });
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const random = stage.random('drift');
          const ridge = createRidge(cold, 'drift', { base: 0.76, swing: 0.05, waves: 0.8, edges: 'smooth' });
          paintRidge(brush, cold, 'drift', ridge, {
            top: blend(flake, palette.haze, 0.12),
            bottom: shade,
            rough: 0.35,
            steep: 0.4,
            pool: 0.5,
          });
          const x = stage.light.x < 0.5 ? 0.68 : 0.32;
          placeProps(
            brush,
            cold,
            'land',
            { y: (at) => ridgeAt(ridge, at) + stage.short * 0.02, from: x - 0.12, to: x + 0.12, scale: 1.2 },
            { house: 0.65, deer: 0.2 },
          );
          for (let i = 0; i < 6; i++) {
            const tx = stage.width * between(random, 0, 1);
            const tall = stage.short * between(random, 0.12, 0.24);
            if (Math.abs(tx / stage.width - x) < 0.16) continue;
            snowyFir(
              brush,
              random,
              tx,
              ridgeAt(ridge, tx) + tall * 0.06,
              tall,
              airTone(cold, 0.8),
              blend(flake, palette.haze, 0.1),
            );
          }
        },
      },
      {
        depth: 0.88,
        paint(brush) {
          const random = stage.random('close');
          const ridge = createRidge(cold, 'bank', { base: 0.9, swing: 0.05, waves: 0.7, edges: 'smooth' });
          const side = stage.light.x < 0.5 ? 0.94 : 0.06;
          if (stage.treatment.detail > 0.3) {
            snowyFir(
              brush,
              random,
              side * stage.width,
              stage.height * 0.96,
              stage.short * 0.62,
              airTone(cold, 1),
              blend(flake, shade, 0.1),
            );
            brush.strokeStyle = css(airTone(cold, 1));
            if (random() < 0.5)
              bareTree(brush, random, (1 - side) * stage.width, stage.height * 0.94, stage.short * 0.5);
          }
          paintRidge(brush, cold, 'bank', ridge, {
            top: flake,
            bottom: blend(shade, palette.near, 0.25),
            rough: 0.4,
            steep: 0.4,
          });
        },
      },
    ],
    particles: { kind: 'snow', density: 0.8 },
  };
};

/** A fir with snow on its branches. */
function snowyFir(
  brush: Brush,
  random: () => number,
  x: number,
  foot: number,
  tall: number,
  dark: Parameters<typeof css>[0],
  flake: Parameters<typeof css>[0],
) {
  brush.fillStyle = css(dark);
  fir(brush, random, x, foot, tall);
  brush.fillStyle = css(flake, 0.9);
  for (let k = 1; k <= 7; k++) {
    const y = foot - tall + (tall * 0.9 * k) / 7;
    const half = tall * 0.16 * (k / 7) ** 0.9;
    for (const side of [-1, 1]) {
      brush.beginPath();
      brush.moveTo(x + side * half * 0.1, y - tall * 0.05);
      brush.quadraticCurveTo(
        x + side * half * 0.7,
        y - tall * 0.03,
        x + side * half * between(random, 0.85, 1.1),
        y + tall * 0.008,
      );
      brush.quadraticCurveTo(
        x + side * half * 0.5,
        y - tall * 0.005,
        x + side * half * 0.1,
        y - tall * 0.015,
      );
      brush.fill();
    }
  }
}
