// Education: books and a graduate's cap.
import { between } from '../../../domain/random.ts';
import { material, paintBackdrop, paintShadow, paintTable } from '../backdrop.ts';
import { blend, type Colour, css, hex } from '../colour.ts';
import { glow, upright } from '../pixels.ts';
import { type Brush, type MotifPainter, offCentre, type Stage } from '../stage.ts';
import { polygon } from '../vehicles.ts';

/** A closed book lying flat, seen from its spine. */
function book(
  brush: Brush,
  stage: Stage,
  x: number,
  y: number,
  wide: number,
  thick: number,
  tone: Colour,
): void {
  const { body, lit, shade } = material(stage, tone);
  brush.fillStyle = upright(brush, y - thick, y, [[lit], [body], [shade]]);
  brush.beginPath();
  brush.roundRect(x - wide / 2, y - thick, wide, thick, thick * 0.16);
  brush.fill();
  brush.fillStyle = css(blend(stage.palette.grade(hex('#efe6d2')), stage.palette.near, 0.12));
  brush.fillRect(x + wide * 0.36, y - thick * 0.86, wide * 0.13, thick * 0.72);
  brush.fillStyle = css(blend(lit, stage.palette.accent, 0.5), 0.8);
  for (const at of [-0.38, -0.3]) brush.fillRect(x + wide * at, y - thick, wide * 0.025, thick);
}

export const education: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: offCentre(stage, random) * width, y: 0.72 * height };
  const page = palette.grade(hex('#f4ead6'));
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: c.x / width, y: 0.42 });
          if (few || treatment.sky === 'clean' || treatment.sky === 'mesh' || treatment.sky === 'bands')
            return;
          // Shelves of books in the dark behind.
          brush.fillStyle = css(palette.near, 0.45);
          brush.fillRect(0, 0, width, height);
          const shelf = stage.random('shelf');
          for (let row = 0; row < 4; row++) {
            const y = height * (0.17 + row * 0.185);
            for (let x = -short * 0.02; x < width; ) {
              const w = short * between(shelf, 0.014, 0.034);
              const h = short * between(shelf, 0.1, 0.145);
              const tone = palette.grade(
                [hex('#7a4a3a'), hex('#3f5a68'), hex('#8a7444'), hex('#54623f'), hex('#6a4558')][
                  Math.floor(shelf() * 5)
                ]!,
              );
              const away = Math.min(1, Math.hypot((x - c.x) / short, (y - height * 0.42) / short) * 0.9);
              brush.fillStyle = css(
                blend(blend(tone, palette.sky[1], 0.3), palette.near, 0.3 + 0.5 * away),
                0.85,
              );
              if (shelf() > 0.07) brush.fillRect(x, y - h, w * 0.94, h);
              x += w;
            }
            brush.fillStyle = css(palette.near, 0.85);
            brush.fillRect(0, y, width, short * 0.014);
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          paintTable(brush, stage, 0.76, hex('#7b5236'));
          const tones = [hex('#9c3d34'), hex('#2f5d73'), hex('#c08a3e'), hex('#4d6b48')];
          paintShadow(brush, stage, c.x, height * 0.845, short * 0.4);
          let y = height * 0.845;
          for (let i = 0; i < 3; i++) {
            const thick = short * between(random, 0.05, 0.066);
            const tone = few
              ? ([palette.near, palette.second, palette.near] as const)[i]!
              : tones[(i + Math.floor(random() * 4)) % 4]!;
            book(
              brush,
              stage,
              c.x + short * between(random, -0.02, 0.02),
              y,
              short * between(random, 0.5, 0.6),
              thick,
              tone,
            );
            y -= thick;
          }
          c.y = y;
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const w = short * 0.33;
          const y = c.y;
          if (treatment.glow > 0.3) glow(brush, c.x, y - short * 0.12, short * 0.55, palette.light, 0.7);
          // The open book.
          for (const side of [-1, 1]) {
            for (let k = 3; k >= 0; k--) {
              const lift = short * (0.052 + k * 0.012);
              const sheet = blend(
                page,
                palette.near,
                0.07 * k + (side === (stage.light.x < 0.5 ? 1 : -1) ? 0.14 : 0),
              );
              brush.fillStyle = css(sheet);
              brush.beginPath();
              brush.moveTo(c.x, y - short * 0.012);
              brush.bezierCurveTo(
                c.x + side * w * 0.25,
                y - lift * 1.9,
                c.x + side * w * 0.7,
                y - lift * 1.5,
                c.x + side * w * (1 - k * 0.012),
                y - lift * 1.1 + k * short * 0.012,
              );
              brush.lineTo(c.x + side * w * 1.03, y - short * 0.006);
              brush.bezierCurveTo(
                c.x + side * w * 0.7,
                y - short * 0.03,
                c.x + side * w * 0.25,
                y - short * 0.025,
                c.x,
                y + short * 0.008,
              );
              brush.fill();
            }
            brush.strokeStyle = css(palette.near, 0.35);
            brush.lineWidth = short * 0.0024;
            for (let k = 0; k < 4; k++) {
              brush.beginPath();
              const d = short * (0.015 + k * 0.013);
              brush.moveTo(c.x + side * w * 0.1, y - short * 0.075 + d);
              brush.bezierCurveTo(
                c.x + side * w * 0.3,
                y - short * 0.11 + d,
                c.x + side * w * 0.6,
                y - short * 0.095 + d,
                c.x + side * w * 0.88,
                y - short * 0.072 + d,
              );
              brush.stroke();
            }
          }
          // A graduate's cap floats over it.
          const [cx, cy, s] = [c.x, y - short * 0.31, short * 0.17];
          const cloth = few ? palette.near : blend(palette.near, palette.accent, 0.12);
          brush.fillStyle = css(blend(cloth, palette.light, 0.1));
          polygon(brush, [
            [cx - s * 0.55, cy + s * 0.08],
            [cx - s * 0.55, cy + s * 0.45],
            [cx - s * 0.25, cy + s * 0.58],
            [cx + s * 0.25, cy + s * 0.58],
            [cx + s * 0.55, cy + s * 0.45],
            [cx + s * 0.55, cy + s * 0.08],
          ]);
          brush.fillStyle = css(cloth);
          polygon(brush, [
            [cx, cy - s * 0.42],
            [cx + s * 1.1, cy],
            [cx, cy + s * 0.42],
            [cx - s * 1.1, cy],
          ]);
          brush.strokeStyle = css(palette.light, 0.6);
          brush.lineWidth = s * 0.02;
          brush.beginPath();
          brush.moveTo(cx - s * 1.1, cy);
          brush.lineTo(cx, cy - s * 0.42);
          brush.lineTo(cx + s * 1.1, cy);
          brush.stroke();
          brush.strokeStyle = brush.fillStyle = css(palette.accent);
          brush.lineWidth = s * 0.04;
          brush.beginPath();
          brush.moveTo(cx, cy);
          brush.quadraticCurveTo(cx + s * 0.6, cy + s * 0.06, cx + s * 0.86, cy + s * 0.14);
          brush.lineTo(cx + s * 0.86, cy + s * 0.52);
          brush.stroke();
          polygon(brush, [
            [cx + s * 0.82, cy + s * 0.48],
            [cx + s * 0.9, cy + s * 0.48],
            [cx + s * 0.96, cy + s * 0.78],
            [cx + s * 0.76, cy + s * 0.78],
          ]);
        },
      },
    ],
    particles: { kind: 'dust', density: 0.7 },
  };
};
