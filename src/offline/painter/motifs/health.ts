// Health: a heart and its beat.
import { between, pick } from '../../../domain/random.ts';
import { paintBackdrop } from '../backdrop.ts';
import { atLightness, blend, css, hex, lighter, white } from '../colour.ts';
import { isPainterly } from '../icons/setting.ts';
import { stillLifes } from '../icons/still-life.ts';
import type { Icon } from '../icons/things.ts';
import { glow } from '../pixels.ts';
import { type MotifPainter, offCentre } from '../stage.ts';

/** What keeps a heart well. */
const beside: Icon[] = ['apple', 'stethoscope', 'dumbbell', 'leaf', 'droplet'];

/** A heart of stone or clay among what keeps it well, or a drawn one and its beat. */
export const health: MotifPainter = (stage) =>
  isPainterly(stage)
    ? stillLifes[0]!(stage, ['heart', pick(stage.random('beside'), beside)], [])
    : drawn(stage);

const drawn: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const grey = Math.hypot(palette.accent[1], palette.accent[2]) < 0.02;
  // In black and white the beat is light, so the heart is not.
  const red = grey
    ? atLightness(palette.accent, few ? palette.accent[0] : 0.34)
    : few
      ? palette.accent
      : blend(palette.grade(hex('#e23b4e')), palette.accent, 0.25);
  const c = { x: offCentre(stage, random) * width, y: 0.42 * height };
  const beat = (x: number) => {
    const t = (((x / short) * 1.7 + 0.13) % 1) - 0.5;
    const spike = (at: number, high: number, wide: number) => high * Math.exp(-(((t - at) / wide) ** 2));
    return (
      spike(-0.2, 0.12, 0.035) +
      spike(-0.035, -0.16, 0.012) +
      spike(0, 1, 0.016) +
      spike(0.035, -0.34, 0.014) +
      spike(0.22, 0.2, 0.05)
    );
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: c.x / width, y: 0.42 });
          if (few) return;
          const chance = stage.random('crosses');
          brush.fillStyle = css(treatment.sky === 'clean' ? palette.accent : palette.light, 0.11);
          for (let i = 0; i < 12; i++) {
            const s = short * between(chance, 0.015, 0.05);
            const [x, y] = [width * chance(), height * chance()];
            brush.fillRect(x - s, y - s * 0.32, s * 2, s * 0.64);
            brush.fillRect(x - s * 0.32, y - s, s * 0.64, s * 2);
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          const r = short * 0.27;
          const heart = (scale: number, dx = 0, dy = 0) => {
            brush.beginPath();
            const [x, y, s] = [c.x + dx, c.y + dy, r * scale];
            brush.moveTo(x, y + s * 0.95);
            brush.bezierCurveTo(
              x - s * 0.35,
              y + s * 0.6,
              x - s * 1.12,
              y + s * 0.2,
              x - s * 1.04,
              y - s * 0.36,
            );
            brush.bezierCurveTo(x - s * 0.96, y - s * 0.95, x - s * 0.22, y - s * 0.95, x, y - s * 0.38);
            brush.bezierCurveTo(
              x + s * 0.22,
              y - s * 0.95,
              x + s * 0.96,
              y - s * 0.95,
              x + s * 1.04,
              y - s * 0.36,
            );
            brush.bezierCurveTo(x + s * 1.12, y + s * 0.2, x + s * 0.35, y + s * 0.6, x, y + s * 0.95);
            brush.closePath();
          };
          if (treatment.glow > 0.3) glow(brush, c.x, c.y, short * 0.75, red, 0.6);
          if (treatment.sky !== 'flat') {
            brush.fillStyle = css(palette.near, 0.3);
            heart(1, short * 0.014, short * 0.022);
            brush.fill();
          }
          const body = brush.createRadialGradient(c.x - r * 0.45, c.y - r * 0.5, r * 0.1, c.x, c.y, r * 1.35);
          body.addColorStop(0, css(few ? red : blend(red, white, 0.42)));
          body.addColorStop(0.4, css(red));
          body.addColorStop(1, css(few ? red : blend(red, palette.near, 0.5)));
          brush.fillStyle = body;
          heart(1);
          brush.fill();
          if (few) return;
          brush.strokeStyle = css(white, 0.35);
          brush.lineWidth = r * 0.05;
          brush.lineCap = 'round';
          brush.beginPath();
          brush.arc(c.x - r * 0.5, c.y - r * 0.28, r * 0.36, Math.PI * 0.95, Math.PI * 1.5);
          brush.stroke();
        },
      },
      {
        depth: 0.7,
        paint(brush) {
          const dark = grey ? palette.near[0] > 0.4 : treatment.sky === 'clean' || few;
          const tone = dark ? palette.near : lighter(blend(palette.light, white, 0.4), 0.04);
          for (const [wide, alpha] of treatment.glow > 0.3
            ? ([
                [0.03, 0.12],
                [0.016, 0.22],
                [0.0065, 1],
              ] as const)
            : ([[0.007, 1]] as const)) {
            brush.strokeStyle = css(tone, alpha);
            brush.lineWidth = short * wide;
            brush.lineJoin = brush.lineCap = 'round';
            brush.beginPath();
            for (let x = 0; x <= width; x += 2)
              brush.lineTo(x, c.y + short * 0.04 - beat(x - c.x + short * 0.3) * short * 0.17);
            brush.stroke();
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.4 },
  };
};
