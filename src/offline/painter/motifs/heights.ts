// Mountains, desert, fields and snow: open land under a wide sky.
import { between } from '../../../sound/random.ts';
import { blend, css, hex, lighter, vivid, white } from '../colour.ts';
import { placeProps } from '../props.ts';
import { paintSky, paintTufts } from '../sky.ts';
import { airTone, type MotifPainter, relit, seenAt } from '../stage.ts';
import { createRidge, paintMist, paintRanges, paintRidge, ridgeAt } from '../terrain.ts';
import { bareTree, fir, fringe, grass, palm } from '../vegetation.ts';

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
          brush.fillStyle = css(blend(stage.palette.haze, seenAt(stage, sand, 0.3), 0.6));
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
        paint: (brush: Parameters<ReturnType<MotifPainter>['layers'][number]['paint']>[0]) => {
          const ridge = createRidge(stage, `dune ${i}`, {
            base: 0.66 + i * 0.12,
            swing: 0.075 + i * 0.03,
            waves: [1.7, 1.15, 0.8][i]!,
            edges: 'dunes',
          });
          const depth = [0.35, 0.62, 0.9][i]!;
          const lit = blend(seenAt(stage, sand, depth), stage.palette.light, 0.16);
          const dark = blend(seenAt(stage, hex('#a5653a'), depth), stage.palette.near, 0.15 + i * 0.17);
          paintRidge(brush, stage, `dune ${i}`, ridge, {
            top: lit,
            bottom: dark,
            rough: 0.35,
            steep: 0.35,
            faceted: 'dune',
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

type Paint = ReturnType<MotifPainter>['layers'][number]['paint'];
type BrushOf = Parameters<Paint>[0];

function saguaro(brush: BrushOf, x: number, foot: number, tall: number): void {
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

export const fields: MotifPainter = (stage) => {
  const random = stage.random('plan');
  const crop = hex(random() < 0.5 ? '#d8b24a' : '#8fae4d');
  const vanish = stage.light.x * 0.6 + 0.2;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, stage, { horizon: 0.6, stars: stage.palette.night ? 0.6 : 0 });
          if (stage.treatment.clouds === 0 && stage.treatment.sky !== 'flat')
            paintTufts(brush, stage, 7, 0.12, 0.4);
          placeProps(brush, stage, 'sky', { y: () => stage.height * 0.24 }, { bird: 0.4 });
          paintRanges(brush, stage, 'hills', [
            { base: 0.58, swing: 0.05, waves: 1.2, depth: 0.2, edges: 'smooth' },
          ]);
        },
      },
      {
        depth: 0.3,
        paint(brush) {
          const ridge = createRidge(stage, 'back', { base: 0.62, swing: 0.035, waves: 0.9, edges: 'smooth' });
          fringe(brush, stage, 'hedge', ridge, {
            tall: [0.012, 0.035],
            thick: 0.5,
            colour: seenAt(stage, hex('#3d5a35'), 0.4),
          });
          paintRidge(brush, stage, 'back', ridge, {
            top: seenAt(stage, hex('#a9b866'), 0.45),
            bottom: seenAt(stage, hex('#7c9648'), 0.5),
            rough: 0.3,
          });
          placeProps(
            brush,
            stage,
            'land',
            { y: (x) => ridgeAt(ridge, x) + stage.short * 0.01 },
            { windmill: 0.25, house: 0.3, tree: 0.3 },
          );
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const { width, height, short, palette } = stage;
          const ridge = createRidge(stage, 'field', { base: 0.69, swing: 0.03, waves: 0.5, edges: 'smooth' });
          paintRidge(brush, stage, 'field', ridge, {
            top: blend(seenAt(stage, crop, 0.7), palette.light, 0.1),
            bottom: blend(seenAt(stage, crop, 0.95), palette.near, 0.3),
            rough: 0.4,
            steep: 0.3,
            pool: 0.75,
          });
          // Furrows run to one point on the horizon.
          brush.save();
          brush.beginPath();
          brush.moveTo(0, height);
          for (let x = 0; x <= width; x += 8) brush.lineTo(x, ridgeAt(ridge, x));
          brush.lineTo(width, height);
          brush.clip();
          const y0 = ridgeAt(ridge, vanish * width) - short * 0.02;
          const rows = stage.treatment.detail < 0.3 ? 9 : 30;
          for (let i = 0; i < rows; i++) {
            const at = ((i + 0.5) / rows - 0.5) * width * 5.5;
            brush.fillStyle = css(
              i % 2
                ? blend(palette.near, seenAt(stage, crop, 0.8), 0.35)
                : lighter(seenAt(stage, crop, 0.85), 0.06),
              0.3,
            );
            brush.beginPath();
            brush.moveTo(vanish * width, y0);
            brush.lineTo(vanish * width + at, height * 1.05);
            brush.lineTo(vanish * width + at + (width * 2.6) / rows, height * 1.05);
            brush.fill();
          }
          brush.restore();
        },
      },
      {
        depth: 0.9,
        paint(brush) {
          const ridge = createRidge(stage, 'verge', { base: 0.97, swing: 0.03, waves: 0.8, edges: 'smooth' });
          grass(brush, stage, 'verge', ridge, {
            tall: 0.19,
            thick: 1,
            colour: blend(seenAt(stage, crop, 1), stage.palette.near, 0.55),
            ears: true,
          });
          paintRidge(brush, stage, 'verge', ridge, {
            top: blend(seenAt(stage, crop, 1), stage.palette.near, 0.7),
            bottom: stage.palette.near,
          });
        },
      },
    ],
    particles: { kind: 'dust', density: 0.7 },
  };
};

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
  brush: BrushOf,
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
