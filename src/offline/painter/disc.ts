// Sun and moon, the way each style draws them.
import { between } from '../../sound/random.ts';
import { blend, type Colour, css, lighter, white } from './colour.ts';
import { circle, glow, upright } from './pixels.ts';
import type { Brush, Stage } from './stage.ts';

/** The sun or the moon, the way the style draws it. */
export function paintDisc(brush: Brush, stage: Stage, disc: 'sun' | 'moon', size?: number): void {
  const { palette, treatment, width, height, short } = stage;
  const random = stage.random('disc');
  const x = stage.light.x * width;
  const radius = short * (size ?? treatment.disc * between(random, 0.85, 1.2));
  // Whole, below the edge and the black bars.
  const y = Math.max(stage.light.y * height, radius + 0.1 * height);
  // The one colour of flat pictures.
  const light = treatment.sky === 'flat' ? palette.accent : palette.light;
  const colour = disc === 'moon' ? blend(light, white, 0.2) : light;
  if (treatment.sky === 'bands') {
    paintBandedSun(brush, stage, x, y, radius);
    return;
  }
  if (treatment.sky === 'mesh') {
    brush.fillStyle = upright(brush, y - radius, y + radius, [[palette.light], [palette.accent]]);
    circle(brush, x, y, radius);
    return;
  }
  if (treatment.sky === 'clean') {
    for (const [grow, alpha] of [
      [2.2, 0.2],
      [1.55, 0.3],
    ] as const) {
      brush.fillStyle = css(white, alpha);
      circle(brush, x, y, radius * grow);
    }
    brush.fillStyle = css(blend(palette.second, white, disc === 'moon' ? 0.8 : 0.15));
    circle(brush, x, y, radius);
    return;
  }
  if (treatment.glow > 0)
    glow(brush, x, y, radius * (disc === 'moon' ? 5 : 8), colour, 0.85 * treatment.glow);
  brush.fillStyle = css(disc === 'sun' && treatment.glow > 0 ? lighter(colour, 0.06) : colour);
  circle(brush, x, y, radius);
  if (disc === 'moon' && treatment.relief > 0) paintSeas(brush, stage, x, y, radius, colour);
}

function paintSeas(brush: Brush, stage: Stage, x: number, y: number, radius: number, colour: Colour): void {
  const random = stage.random('seas');
  brush.save();
  brush.beginPath();
  brush.arc(x, y, radius, 0, 7);
  brush.clip();
  for (let i = 0; i < 9; i++) {
    brush.fillStyle = css(lighter(colour, -0.2), 0.13);
    circle(
      brush,
      x + radius * between(random, -0.8, 0.8),
      y + radius * between(random, -0.8, 0.8),
      radius * between(random, 0.12, 0.5),
    );
  }
  brush.restore();
}

function paintBandedSun(brush: Brush, stage: Stage, x: number, y: number, radius: number): void {
  const { palette } = stage;
  const slits = stage.random('slits')() < 0.6 || palette.night;
  brush.save();
  brush.beginPath();
  brush.arc(x, y, radius, 0, 7);
  brush.clip();
  if (slits) {
    brush.fillStyle = upright(brush, y - radius, y + radius, [
      [palette.light],
      [palette.second],
      [palette.accent],
    ]);
    for (let i = 0, top = y - radius; top < y + radius; i++) {
      const band = radius * Math.max(0.07, 0.62 - 0.115 * i);
      brush.fillRect(x - radius, top, radius * 2, band);
      top += band + radius * (0.025 + 0.02 * i);
    }
  } else {
    for (const [share, colour] of [
      [1, palette.accent],
      [0.8, blend(palette.accent, palette.second, 0.5)],
      [0.6, palette.second],
      [0.4, palette.light],
    ] as const) {
      brush.fillStyle = css(colour);
      circle(brush, x, y, radius * share);
    }
  }
  brush.restore();
}
