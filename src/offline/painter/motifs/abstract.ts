// What has no picture of its own: sheets of colour.
import { between, pick } from '../../../domain/random.ts';
import { paintBackdrop } from '../backdrop.ts';
import { blend, css, white } from '../colour.ts';
import { circle, glow } from '../pixels.ts';
import type { Brush, MotifPainter } from '../stage.ts';

/** Sheets of colour that flow across, one over the other. */
export const abstract: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const drawn = treatment.relief === 0 || treatment.edges === 'angular';
  const slope = (random() < 0.5 ? -1 : 1) * between(random, 0.1, 0.34);
  const phase = random() * 7;
  const tones = [
    palette.sky[1],
    palette.second,
    palette.accent,
    palette.sky[2],
    palette.accent,
    palette.second,
    palette.near,
  ];
  const sheet = (brush: Brush, k: number, alpha: number) => {
    const base = 0.42 + k * 0.085;
    const crest = (x: number) => {
      const t = x / short;
      const swell =
        Math.sin(t * (1.7 + 0.16 * k) + phase + k * 0.85) * 0.085 +
        Math.sin(t * (3.3 - 0.2 * k) + phase * 2 + k * 1.9) * 0.026;
      return (base + slope * (x / width - 0.5)) * height + swell * short;
    };
    brush.beginPath();
    brush.moveTo(0, height);
    for (let x = 0; x <= width + 6; x += 6) brush.lineTo(x, crest(x));
    brush.lineTo(width, height);
    brush.closePath();
    const tone = tones[k % tones.length]!;
    if (few) brush.fillStyle = css(k === 2 ? palette.second : palette.near, k === 2 ? 1 : 0.85);
    else {
      const from = blend(tone, palette.near, 0.12 + 0.09 * k);
      const to = blend(tones[(k + 2) % tones.length]!, palette.near, 0.3 + 0.09 * k);
      const gradient = brush.createLinearGradient(
        0,
        (base - 0.15) * height,
        width * 0.35,
        height * (base + 0.4),
      );
      gradient.addColorStop(0, css(drawn ? from : blend(from, palette.light, 0.25), alpha));
      gradient.addColorStop(0.5, css(from, alpha));
      gradient.addColorStop(1, css(to, alpha));
      brush.fillStyle = gradient;
    }
    brush.fill();
    if (few || treatment.rim < 0.1) return;
    for (const [wide, light] of [
      [0.016, 0.12],
      [0.0028, 0.75],
    ] as const) {
      const edge = brush.createLinearGradient(0, 0, width, 0);
      edge.addColorStop(0, css(palette.light, 0.06));
      edge.addColorStop(stage.light.x, css(palette.light, light * (0.5 + 0.5 * treatment.rim)));
      edge.addColorStop(1, css(palette.light, 0.06));
      brush.strokeStyle = edge;
      brush.lineWidth = short * wide;
      brush.stroke();
    }
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, stage.light);
          if (!few) for (const k of [0, 1]) sheet(brush, k, 0.62);
        },
      },
      {
        depth: 0.3,
        paint(brush) {
          const orb = { x: stage.light.x * width, y: 0.34 * height, r: short * between(random, 0.12, 0.17) };
          if (treatment.glow > 0.3) glow(brush, orb.x, orb.y, orb.r * 3, palette.light, 0.6);
          const ball = brush.createRadialGradient(
            orb.x - orb.r * 0.35,
            orb.y - orb.r * 0.4,
            orb.r * 0.05,
            orb.x,
            orb.y,
            orb.r,
          );
          ball.addColorStop(0, css(blend(palette.light, white, 0.3)));
          ball.addColorStop(0.35, css(blend(palette.accent, palette.light, 0.25)));
          ball.addColorStop(1, css(blend(palette.accent, palette.near, 0.5)));
          brush.fillStyle = drawn ? css(palette.accent) : ball;
          circle(brush, orb.x, orb.y, orb.r);
          for (const k of few ? [2] : [2, 3]) sheet(brush, k, 0.85);
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const chance = stage.random('orbs');
          for (let i = 0; i < (few ? 0 : 7); i++) {
            brush.fillStyle = css(pick(chance, [palette.second, palette.accent, palette.light]), 0.85);
            circle(
              brush,
              width * chance(),
              height * between(chance, 0.14, 0.6),
              short * between(chance, 0.005, 0.026),
            );
          }
          for (const k of few ? [4] : [4, 5]) sheet(brush, k, 0.92);
        },
      },
      { depth: 0.9, paint: (brush) => sheet(brush, 6, 0.96) },
    ],
    particles: { kind: 'bokeh', density: few ? 0 : 0.6 },
  };
};
