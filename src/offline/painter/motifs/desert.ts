// The desert: dunes, mesas, a palm or a cactus.
import { between } from '../../../domain/random.ts';
import { blend, css, hex } from '../colour.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { type Brush, type MotifPainter, seenAt } from '../stage.ts';
import { paintRidge } from '../terrain.ts';
import { palm } from '../vegetation.ts';

export const desert: MotifPainter = (stage) => {
  const sand = hex('#dda15e');
  const random = stage.random('plan');
  const mesas = random() < 0.5;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, stage, {
            horizon: 0.6,
            clouds: 0.5,
            stars: stage.palette.night ? 1 : 0,
          });
          brush.fillStyle = css(blend(stage.palette.haze, seenAt(stage, sand, 0.3), 0.35));
          brush.fillRect(0, stage.height * 0.598, stage.width, stage.height * 0.402);
          if (mesas) {
            const far = blend(stage.palette.haze, seenAt(stage, hex('#9c5a3c'), 0.35), 0.8);
            brush.fillStyle = css(far);
            for (let i = 0; i < 4; i++) {
              const x = stage.width * between(random, -0.05, 0.95);
              const w = stage.short * between(random, 0.14, 0.4);
              const h = stage.short * between(random, 0.09, 0.2);
              const y = stage.height * 0.6;
              brush.beginPath();
              brush.moveTo(x - w * 0.2, y);
              brush.lineTo(x, y - h * 0.55);
              brush.lineTo(x + w * 0.03, y - h);
              brush.lineTo(x + w * 0.6, y - h * 0.97);
              brush.lineTo(x + w * 0.64, y - h * 0.5);
              brush.lineTo(x + w * 0.9, y);
              brush.fill();
            }
          }
          placeProps(brush, stage, 'sky', { y: () => stage.height * 0.27 });
        },
      },
      ...[0, 1, 2].map((i) => ({
        depth: 0.3 + i * 0.25,
        paint: (brush: Brush) => {
          const ridge = createRidge(stage, `dune ${i}`, {
            base: 0.66 + i * 0.12,
            swing: 0.08 + i * 0.035,
            waves: [1.15, 0.85, 0.62][i]!,
            edges: 'dunes',
          });
          const depth = [0.4, 0.66, 0.9][i]!;
          const lit = blend(seenAt(stage, sand, depth), stage.palette.light, 0.24 - 0.05 * i);
          const dark = blend(seenAt(stage, hex('#a5653a'), depth), stage.palette.near, 0.15 + i * 0.17);
          paintRidge(brush, stage, `dune ${i}`, ridge, {
            top: lit,
            bottom: dark,
            rough: 0.35,
            steep: 0.35,
            faceted: 'dune',
            mist: i < 2 ? 0.55 : 0,
          });
          if (i === 2) {
            if (random() < 0.6 && stage.treatment.detail > 0.3 && stage.mentions.size === 0) {
              const x = stage.width * (stage.light.x < 0.5 ? 0.8 : 0.2);
              const foot = ridgeAt(ridge, x) + stage.short * 0.02;
              brush.fillStyle = brush.strokeStyle = css(stage.palette.near);
              if (random() < 0.5) saguaro(brush, x, foot, stage.short * 0.26);
              else palm(brush, random, x, foot, stage.short * 0.36);
            }
            placeProps(brush, stage, 'land', { y: (x) => ridgeAt(ridge, x) + stage.short * 0.015 });
          }
        },
      })),
    ],
    particles: { kind: 'dust', density: 0.9 },
  };
};

function saguaro(brush: Brush, x: number, foot: number, tall: number): void {
  brush.lineCap = 'round';
  brush.lineJoin = 'round';
  brush.lineWidth = tall * 0.13;
  brush.beginPath();
  brush.moveTo(x, foot);
  brush.lineTo(x, foot - tall * 0.93);
  brush.stroke();
  brush.lineWidth = tall * 0.095;
  brush.beginPath();
  brush.moveTo(x, foot - tall * 0.36);
  brush.arcTo(x - tall * 0.24, foot - tall * 0.36, x - tall * 0.24, foot - tall * 0.6, tall * 0.12);
  brush.lineTo(x - tall * 0.24, foot - tall * 0.66);
  brush.moveTo(x, foot - tall * 0.48);
  brush.arcTo(x + tall * 0.23, foot - tall * 0.48, x + tall * 0.23, foot - tall * 0.7, tall * 0.12);
  brush.lineTo(x + tall * 0.23, foot - tall * 0.8);
  brush.stroke();
}
