// Fields: furrows that run to the horizon.
import { blend, css, hex, lighter } from '../colour.ts';
import { paintTufts } from '../drawn-skies.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { type MotifPainter, seenAt } from '../stage.ts';
import { paintRanges, paintRidge } from '../terrain.ts';
import { fringe, grass } from '../vegetation.ts';

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
