// Skies: what each style lays behind a landscape, from the zenith to the horizon, with its sun or moon.
import { between } from '../../domain/random.ts';
import { blend, css, lighter, toRgb, white } from './colour.ts';
import { paintDisc } from './disc.ts';
import { paintBands, paintClean, paintFlat, paintMesh } from './drawn-skies.ts';
import { cloudNoise, smoothstep } from './noise.ts';
import { paintPixels, ramp } from './pixels.ts';
import type { Brush, Stage } from './stage.ts';

export interface SkyOptions {
  /** Share of the height at which the land begins. */
  horizon: number;
  /** What stands in it; 'none' leaves only its glow. */
  disc?: 'sun' | 'moon' | 'none';
  /** Radius of the disc as a share of the short side; the style's own when left out. */
  discSize?: number;
  /** 0..1 more or fewer clouds than the style has by itself. */
  clouds?: number;
  stars?: number;
}

export function paintSky(brush: Brush, stage: Stage, options: SkyOptions): void {
  const { sky } = stage.treatment;
  if (sky === 'bands') paintBands(brush, stage, options.horizon);
  else if (sky === 'mesh') paintMesh(brush, stage);
  else if (sky === 'flat') paintFlat(brush, stage);
  else paintAir(brush, stage, options);
  if (sky === 'clean') paintClean(brush, stage);
  if (options.stars && sky !== 'flat') paintStars(brush, stage, options.stars, options.horizon);
  const overcast = stage.mood === 'melancholic' && stage.treatment.clouds > 0;
  const disc = options.disc ?? (overcast ? 'none' : stage.palette.night ? 'moon' : 'sun');
  if (disc !== 'none') paintDisc(brush, stage, disc, options.discSize);
}

/** Air, clouds and light: the photographic skies. */
function paintAir(brush: Brush, stage: Stage, { horizon, clouds }: SkyOptions): void {
  const { palette, treatment, light, width, height, short } = stage;
  const kind = treatment.sky;
  const random = stage.random('sky');
  const colours = ramp(palette.sky);
  const amount = Math.min(1, kind === 'clean' ? 0 : treatment.clouds * (clouds ?? 1));
  const shift = random() * 7;
  const streak =
    kind === 'graded' ? between(random, 2.6, 4.5) : kind === 'hard' ? 1.6 : between(random, 1.1, 1.8);
  const threshold = 0.66 - 0.3 * amount + between(random, -0.04, 0.05);
  const sharp = kind === 'hard' ? 0.12 : kind === 'natural' ? 0.2 : 0.3;
  const lit = toRgb(lighter(blend(palette.light, palette.sky[3], 0.25), 0.03));
  const dim = toRgb(blend(palette.sky[1], kind === 'hard' ? palette.near : palette.sky[0], 0.55));
  const sun = toRgb(palette.light);
  const strength = treatment.glow;
  const beam = between(random, 0.5, 1.3);
  // Without clouds all is smooth, and a few points tell it.
  const step = Math.max(
    3,
    Math.round(short / (amount > 0 || kind === 'misty' || kind === 'hard' ? 300 : 110)),
  );
  paintPixels(brush, stage, step, (u, v, out) => {
    const at = 3 * Math.round(255 * Math.min(1, Math.max(0, v / horizon)));
    let r = colours[at]!;
    let g = colours[at + 1]!;
    let b = colours[at + 2]!;
    const dx = ((u - light.x) * width) / short;
    const dy = ((v - light.y) * height) / short;
    const d = Math.sqrt(dx * dx + dy * dy);
    let halo = strength * (0.5 * Math.exp(-d * 2.6) + 0.45 * Math.exp(-d * 10));
    if (kind === 'graded') halo += 0.16 * Math.exp(-Math.abs(dy) * 9 - Math.abs(dx) * 0.9);
    if (kind === 'misty' || kind === 'hard') {
      // Shafts fan out below the light.
      const angle = Math.atan2(dx, dy + 0.05) * beam * 1.6;
      const shaft =
        smoothstep(0.45, 0.75, cloudNoise(angle * 0.42 + shift, 0.31)) * smoothstep(0, 0.3, dy + 0.3);
      halo += shaft * (kind === 'hard' ? 0.2 : 0.16) * Math.exp(-d * 0.9);
    }
    r += (sun[0] - r) * Math.min(1, halo);
    g += (sun[1] - g) * Math.min(1, halo);
    b += (sun[2] - b) * Math.min(1, halo);
    if (amount > 0 && v < horizon) {
      const above = horizon - v;
      const far = 0.1 / (above * 0.9 + 0.085);
      const warp = 0.06 * cloudNoise(u * 1.7 + shift, v * 2.2);
      const cu = ((u - 0.5) * width) / short;
      const x = (cu * (0.35 + far)) / streak + shift + warp;
      const y = far * 0.9 + shift * 0.37 + warp;
      const n = cloudNoise(x * 0.62, y * 0.62);
      const body = smoothstep(threshold, threshold + sharp, n);
      if (body > 0) {
        const towards = cloudNoise(x * 0.62 - (0.02 * dx) / (Math.abs(dx) + 0.12), y * 0.62 + 0.012);
        const facing = Math.min(1, Math.max(0, 0.5 + (n - towards) * 5 + halo * 0.9 - (n - threshold) * 0.9));
        const cover = body * (0.45 + 0.55 * amount) * smoothstep(0, 0.12, above);
        r += (dim[0] + (lit[0] - dim[0]) * facing - r) * cover;
        g += (dim[1] + (lit[1] - dim[1]) * facing - g) * cover;
        b += (dim[2] + (lit[2] - dim[2]) * facing - b) * cover;
      }
    }
    out[0] = r;
    out[1] = g;
    out[2] = b;
  });
}

export function paintStars(brush: Brush, stage: Stage, amount: number, horizon: number): void {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('stars');
  const count = Math.round(420 * amount * (0.3 + 0.7 * treatment.detail));
  const colour = blend(white, palette.light, 0.3);
  for (let i = 0; i < count; i++) {
    const y = random() ** 1.25 * horizon;
    const bright = random() ** 3;
    const size = short * (0.0007 + 0.0014 * bright);
    brush.fillStyle = css(colour, (0.25 + 0.75 * random()) * (1 - y / horizon) ** 0.5);
    brush.beginPath();
    brush.arc(random() * width, y * height, size, 0, 7);
    brush.fill();
  }
}
