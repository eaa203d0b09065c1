// Time as an hourglass: sand that runs from one bulb of glass into the other.
import { between } from '../../../domain/random.ts';
import { across, paintShadow, paintTable } from '../backdrop.ts';
import { blend, css, hex, white } from '../colour.ts';
import { paintGround } from '../icons/setting.ts';
import { circle, glow, upright } from '../pixels.ts';
import { type Brush, type MotifPainter, offCentre } from '../stage.ts';

export const hourglass: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const x = offCentre(stage, random) * width;
  const foot = height * 0.8;
  const tall = short * 0.6;
  const wide = tall * 0.25;
  const middle = foot - tall * 0.5;
  const top = foot - tall * 0.93;
  const bottom = foot - tall * 0.07;
  const sand = few ? palette.accent : palette.grade(hex('#e8b25a'));
  const wood = few ? palette.near : hex('#7a4a2c');
  const left = between(random, 0.25, 0.75);
  const glass = (brush: Brush) => {
    brush.beginPath();
    brush.moveTo(x - wide, top);
    brush.bezierCurveTo(
      x - wide,
      top + tall * 0.24,
      x - wide * 0.09,
      middle - tall * 0.1,
      x - wide * 0.07,
      middle,
    );
    brush.bezierCurveTo(
      x - wide * 0.09,
      middle + tall * 0.1,
      x - wide,
      bottom - tall * 0.24,
      x - wide,
      bottom,
    );
    brush.lineTo(x + wide, bottom);
    brush.bezierCurveTo(
      x + wide,
      bottom - tall * 0.24,
      x + wide * 0.09,
      middle + tall * 0.1,
      x + wide * 0.07,
      middle,
    );
    brush.bezierCurveTo(x + wide * 0.09, middle - tall * 0.1, x + wide, top + tall * 0.24, x + wide, top);
    brush.closePath();
  };
  return {
    layers: [
      { depth: 0, paint: (brush) => paintGround(brush, stage, { x: x / width, y: 0.44 }, 0.76) },
      {
        depth: 0.35,
        paint(brush) {
          paintTable(brush, stage, 0.76, hex('#6b4a34'));
          paintShadow(brush, stage, x, foot, short * 0.3);
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          if (treatment.glow > 0.3) glow(brush, x, middle, tall * 0.75, palette.light, 0.5);
          brush.save();
          glass(brush);
          brush.fillStyle = css(blend(palette.light, white, 0.4), few ? 0.5 : 0.2);
          brush.fill();
          brush.clip();
          // Sand above with a hollow, a thread, a heap below.
          const level = middle - tall * (0.08 + 0.26 * left);
          brush.fillStyle = upright(brush, level, middle, [
            [blend(sand, palette.light, few ? 0 : 0.3)],
            [sand],
          ]);
          brush.beginPath();
          brush.moveTo(x - wide, level);
          brush.quadraticCurveTo(x, level + tall * 0.07, x + wide, level);
          brush.lineTo(x + wide, middle);
          brush.lineTo(x - wide, middle);
          brush.fill();
          brush.fillRect(x - tall * 0.006, middle - tall * 0.02, tall * 0.012, bottom - middle);
          const heap = bottom - tall * (0.08 + 0.24 * (1 - left));
          brush.fillStyle = upright(brush, heap, bottom, [
            [blend(sand, palette.light, few ? 0 : 0.35)],
            [blend(sand, palette.near, few ? 0 : 0.25)],
          ]);
          brush.beginPath();
          brush.moveTo(x - wide * 1.1, bottom);
          brush.quadraticCurveTo(x - wide * 0.45, bottom - (bottom - heap) * 0.35, x, heap);
          brush.quadraticCurveTo(x + wide * 0.45, bottom - (bottom - heap) * 0.35, x + wide * 1.1, bottom);
          brush.fill();
          if (!few) {
            brush.fillStyle = css(white, 0.3);
            brush.beginPath();
            brush.ellipse(x - wide * 0.58, top + tall * 0.14, wide * 0.09, tall * 0.1, 0.25, 0, 7);
            brush.ellipse(x - wide * 0.58, bottom - tall * 0.14, wide * 0.09, tall * 0.1, -0.25, 0, 7);
            brush.fill();
          }
          brush.restore();
          glass(brush);
          brush.strokeStyle = css(blend(palette.light, few ? palette.near : white, few ? 0.8 : 0.4), 0.85);
          brush.lineWidth = tall * 0.009;
          brush.stroke();
          brush.fillStyle = across(brush, stage, x - wide * 1.3, x + wide * 1.3, wood);
          for (const y of [foot - tall, foot - tall * 0.07]) {
            brush.beginPath();
            brush.roundRect(x - wide * 1.28, y, wide * 2.56, tall * 0.07, tall * 0.018);
            brush.fill();
          }
          for (const side of [-1.12, 1.12]) {
            brush.fillRect(x + side * wide - tall * 0.013, foot - tall * 0.95, tall * 0.026, tall * 0.9);
          }
        },
      },
      {
        depth: 0.9,
        paint(brush) {
          const chance = stage.random('grains');
          for (let i = 0; i < (few ? 0 : 70); i++) {
            brush.fillStyle = css(i % 3 ? sand : palette.light, between(chance, 0.25, 0.8));
            circle(
              brush,
              width * chance(),
              height * between(chance, 0.12, 0.95),
              short * between(chance, 0.0014, 0.0045),
            );
          }
        },
      },
    ],
    particles: { kind: 'dust', density: 0.7 },
  };
};
