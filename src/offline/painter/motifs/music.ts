// Music: a record and the sound of it.
import { between } from '../../../domain/random.ts';
import { paintBackdrop } from '../backdrop.ts';
import { blend, css } from '../colour.ts';
import { circle, glow, upright } from '../pixels.ts';
import type { Brush, MotifPainter } from '../stage.ts';

export const music: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const few = treatment.detail < 0.3;
  const c = { x: (stage.light.x < 0.5 ? 0.56 : 0.44) * width, y: 0.43 * height };
  const r = short * 0.3;
  const drawn = treatment.glow < 0.4;
  const note = (brush: Brush, x: number, y: number, s: number, pair: boolean) => {
    for (const dx of pair ? [0, s * 0.75] : [0]) {
      brush.beginPath();
      brush.ellipse(x + dx, y, s * 0.2, s * 0.15, -0.35, 0, 7);
      brush.fill();
      brush.fillRect(x + dx + s * 0.135, y - s, s * 0.05, s);
    }
    brush.beginPath();
    if (pair) {
      brush.moveTo(x + s * 0.135, y - s);
      brush.lineTo(x + s * 0.935, y - s * 1.06);
      brush.lineTo(x + s * 0.935, y - s * 0.9);
      brush.lineTo(x + s * 0.135, y - s * 0.84);
    } else {
      brush.moveTo(x + s * 0.16, y - s);
      brush.bezierCurveTo(x + s * 0.22, y - s * 0.7, x + s * 0.52, y - s * 0.66, x + s * 0.42, y - s * 0.3);
      brush.bezierCurveTo(x + s * 0.44, y - s * 0.55, x + s * 0.28, y - s * 0.62, x + s * 0.16, y - s * 0.7);
    }
    brush.fill();
  };
  return {
    layers: [
      {
        depth: 0,
        paint: (brush) => paintBackdrop(brush, stage, { x: c.x / width, y: c.y / height }),
      },
      {
        depth: 0.25,
        paint(brush) {
          // The sound itself, as bars.
          const chance = stage.random('bars');
          const count = few ? 24 : 64;
          const pitch = width / count;
          const y = height * 0.66;
          for (let i = 0; i < count; i++) {
            const t = i / count;
            const high =
              short *
              (0.025 +
                0.19 *
                  Math.abs(Math.sin(t * 9 + (stage.seed('bars') % 7)) * Math.sin(t * 23)) *
                  (0.4 + 0.6 * chance()) *
                  (0.5 + 0.7 * stage.energy));
            const tone = few ? palette.second : blend(palette.accent, palette.second, t);
            brush.fillStyle = upright(brush, y - high, y + high, [
              [tone, 0.95],
              [tone, drawn ? 0.95 : 0.5],
            ]);
            brush.beginPath();
            brush.roundRect(i * pitch + pitch * 0.22, y - high, pitch * 0.56, high * 2, pitch * 0.28);
            brush.fill();
          }
        },
      },
      {
        depth: 0.55,
        paint(brush) {
          // A record.
          if (!drawn) glow(brush, c.x, c.y, r * 2, palette.accent, 0.5);
          brush.fillStyle = css(palette.near, 0.3);
          if (!few) circle(brush, c.x + r * 0.04, c.y + r * 0.07, r);
          brush.fillStyle = css(few ? palette.near : blend(palette.near, [0.1, 0, 0], 0.6));
          circle(brush, c.x, c.y, r);
          for (let k = 0; k < (few ? 3 : 15); k++) {
            brush.strokeStyle = css(blend(palette.near, palette.light, 0.4), k % 3 ? 0.16 : 0.3);
            brush.lineWidth = r * 0.006;
            brush.beginPath();
            brush.arc(c.x, c.y, r * (0.42 + 0.037 * k * (few ? 5 : 1)), 0, 7);
            brush.stroke();
          }
          if (!few) {
            for (const [turn, alpha] of [
              [0, 0.3],
              [Math.PI, 0.22],
            ] as const) {
              const a = Math.atan2(stage.light.y * height - c.y, stage.light.x * width - c.x) + turn;
              const shine = brush.createConicGradient(a - 0.35, c.x, c.y);
              shine.addColorStop(0, css(palette.light, 0.0001));
              shine.addColorStop(0.055, css(palette.light, alpha));
              shine.addColorStop(0.11, css(palette.light, 0.0001));
              shine.addColorStop(1, css(palette.light, 0.0001));
              brush.fillStyle = shine;
              circle(brush, c.x, c.y, r * 0.98);
            }
          }
          brush.fillStyle = upright(brush, c.y - r * 0.34, c.y + r * 0.34, [
            [palette.accent],
            [few ? palette.accent : blend(palette.accent, palette.second, 0.6)],
          ]);
          circle(brush, c.x, c.y, r * 0.34);
          brush.strokeStyle = css(palette.light, 0.6);
          brush.lineWidth = r * 0.012;
          brush.beginPath();
          brush.arc(c.x, c.y, r * 0.24, 0, 7);
          brush.stroke();
          brush.fillStyle = css(palette.light);
          circle(brush, c.x, c.y, r * 0.035);
          // The arm.
          const s = stage.light.x < 0.5 ? 1 : -1;
          brush.strokeStyle = css(blend(palette.light, palette.haze, 0.3));
          brush.lineWidth = r * 0.045;
          brush.lineCap = brush.lineJoin = 'round';
          brush.beginPath();
          brush.moveTo(c.x + s * r * 1.25, c.y - r * 0.95);
          brush.lineTo(c.x + s * r * 1.1, c.y + r * 0.3);
          brush.lineTo(c.x + s * r * 0.74, c.y + r * 0.56);
          brush.stroke();
          brush.fillStyle = css(blend(palette.light, palette.near, 0.4));
          circle(brush, c.x + s * r * 1.25, c.y - r * 0.95, r * 0.12);
        },
      },
      {
        depth: 0.85,
        paint(brush) {
          const chance = stage.random('notes');
          const side = stage.light.x < 0.5 ? -1 : 1;
          for (let i = 0; i < (few ? 2 : 6); i++) {
            const x = c.x + side * (r * 1.3 + short * 0.5 * chance() * (width / short));
            const y = height * between(chance, 0.16, 0.58);
            brush.save();
            brush.translate(x, y);
            brush.rotate(between(chance, -0.25, 0.25));
            brush.fillStyle = css(
              few ? palette.near : [palette.light, palette.accent, palette.second][i % 3]!,
              0.95,
            );
            note(brush, 0, 0, short * between(chance, 0.06, 0.12), chance() < 0.5);
            brush.restore();
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.6 },
  };
};
