// One head in profile, dark before the light or with a land in it.
import { between } from '../../../domain/random.ts';
import { paintBackdrop } from '../backdrop.ts';
import { blend, css, lighter } from '../colour.ts';
import { traceProfile } from '../figures.ts';
import { circle, glow, upright } from '../pixels.ts';
import { roughen } from '../relief.ts';
import { paintSky } from '../sky.ts';
import type { Brush, MotifPainter } from '../stage.ts';
import { paintRanges } from '../terrain.ts';

export const portrait: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const right = stage.light.x > 0.5;
  const size = short * between(random, 0.5, 0.6);
  const at = {
    x: width * (width > height * 1.2 ? (right ? 0.4 : 0.6) : 0.5),
    y: height * 0.44 - size * 0.55,
  };
  const focus = { x: at.x / width + (right ? 0.12 : -0.12), y: 0.38 };
  const flat = treatment.relief < 0.2;
  const dream = !flat && random() < 0.55;
  const place = (brush: Brush) => {
    brush.translate(at.x, at.y);
    brush.scale((right ? 1 : -1) * size, size);
    traceProfile(brush, stage.random('face'));
  };
  return {
    layers: [
      {
        depth: 0.05,
        paint(brush) {
          paintBackdrop(brush, stage, focus);
          if (!flat) glow(brush, focus.x * width, focus.y * height, short * 0.8, palette.light, 0.6);
          if (treatment.sky === 'flat') {
            brush.fillStyle = css(palette.accent);
            circle(brush, focus.x * width, focus.y * height, short * 0.3);
          }
        },
      },
      {
        depth: 0.5,
        paint(brush) {
          brush.save();
          place(brush);
          brush.restore();
          const body = blend(
            palette.near,
            treatment.sky === 'clean' ? palette.accent : palette.sky[0],
            flat ? 0.1 : 0.14,
          );
          brush.save();
          brush.fillStyle = upright(brush, at.y, height, [[body], [blend(body, palette.near, 0.75)]]);
          brush.fill();
          brush.clip();
          if (dream) {
            // A landscape within the head, as in a double exposure.
            const inner = { ...stage, light: { x: focus.x, y: 0.4 } };
            brush.globalAlpha = 0.9;
            paintSky(brush, inner, { horizon: 0.56, disc: 'none', clouds: 1 });
            paintRanges(brush, inner, 'dream', [
              { base: 0.46, swing: 0.13, waves: 2.6, depth: 0.35, snow: 0.5 },
              { base: 0.56, swing: 0.08, waves: 3, depth: 0.7 },
            ]);
            brush.globalAlpha = 1;
            brush.fillStyle = upright(brush, at.y, at.y + size * 2, [
              [palette.near, 0.25],
              [palette.near, 0.75],
              [palette.near, 1],
            ]);
            brush.fillRect(0, 0, width, height);
          } else if (!flat) {
            roughen(brush, stage, 'skin', {
              lit: blend(body, palette.light, 0.3),
              shade: palette.near,
              strength: 0.25,
              size: short * 0.8,
              steep: 1,
              top: 0,
              bottom: height,
            });
          }
          if (flat) {
            // Hair and collar as plain shapes.
            brush.fillStyle = css(
              blend(
                body,
                treatment.sky === 'flat' ? palette.sky[3] : palette.accent,
                treatment.sky === 'flat' ? 0.2 : 0.75,
              ),
            );
            brush.fillRect(0, at.y + size * 1.46, width, height);
            brush.fillStyle = css(palette.near, 0.25);
            const d = right ? -1 : 1;
            circle(brush, at.x + d * size * 0.5, at.y + size * 0.35, size * 0.62);
          }
          brush.restore();
          // Light along the face.
          brush.save();
          brush.save();
          place(brush);
          brush.restore();
          brush.clip();
          const edge = brush.createLinearGradient(
            at.x + (right ? 1 : -1) * size * 0.5,
            0,
            at.x - (right ? 1 : -1) * size * 0.35,
            0,
          );
          edge.addColorStop(0, css(lighter(palette.light, 0.04), flat ? 0.7 : 1));
          edge.addColorStop(0.55, css(palette.light, flat ? 0.15 : 0.35));
          edge.addColorStop(1, css(palette.light, 0.0001));
          brush.strokeStyle = edge;
          brush.lineJoin = 'round';
          for (const [wide, alpha] of flat
            ? ([[0.022, 1]] as const)
            : ([
                [0.1, 0.14],
                [0.05, 0.25],
                [0.022, 0.9],
              ] as const)) {
            brush.globalAlpha = alpha * (0.35 + 0.65 * treatment.rim);
            brush.lineWidth = size * wide;
            brush.stroke();
          }
          brush.restore();
        },
      },
    ],
    particles: { kind: treatment.sky === 'graded' ? 'bokeh' : 'dust', density: 0.7 },
  };
};
