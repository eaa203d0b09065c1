// Sun and moon, the way each style draws them.
import { createCanvas } from '@napi-rs/canvas';
import { between } from '../../domain/random.ts';
import { blend, type Colour, css, lighter, toRgb, white } from './colour.ts';
import { cloudNoise, smoothstep } from './noise.ts';
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

/** Grey plains, a little shade towards the limb: dark where the noise is high, on a grid that spans the disc. */
function paintSeas(brush: Brush, stage: Stage, x: number, y: number, radius: number, colour: Colour): void {
  const side = 96;
  const shift = stage.random('seas')() * 9;
  const canvas = createCanvas(side, side);
  const small = canvas.getContext('2d');
  const image = small.createImageData(side, side);
  const [r, g, b] = toRgb(lighter(colour, -0.22));
  for (let i = 0; i < side * side; i++) {
    const u = ((i % side) / side) * 2 - 1;
    const v = (Math.floor(i / side) / side) * 2 - 1;
    // Drawn together towards the limb, as on a ball.
    const ball = 1 / (0.55 + 0.45 * Math.sqrt(Math.max(0, 1 - u * u - v * v)));
    const n = cloudNoise(u * 0.24 * ball + shift, v * 0.24 * ball + shift * 0.7);
    const limb = Math.min(1, u * u + v * v) ** 3;
    image.data.set([r, g, b, 255 * Math.min(1, 0.55 * smoothstep(0.5, 0.72, n) + 0.3 * limb)], i * 4);
  }
  small.putImageData(image, 0, 0);
  brush.save();
  brush.beginPath();
  brush.arc(x, y, radius, 0, 7);
  brush.clip();
  brush.drawImage(canvas, x - radius, y - radius, radius * 2, radius * 2);
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
