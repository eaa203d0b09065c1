// Skies: what each style lays behind a landscape, from the zenith to the horizon, with its sun or moon.
import { between, pick } from '../../sound/random.ts';
import { blend, type Colour, css, lighter, toRgb, vivid, white } from './colour.ts';
import { cloudNoise, smoothstep } from './noise.ts';
import { glow, paintPixels, ramp, upright } from './pixels.ts';
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
  const disc = options.disc ?? (stage.palette.night ? 'moon' : 'sun');
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
  paintPixels(brush, stage, Math.max(3, Math.round(short / 300)), (u, v, out) => {
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

/** Clear shapes on a bright ground: large discs and slanted planes of light. */
function paintClean(brush: Brush, stage: Stage): void {
  const { palette, width, height, short } = stage;
  const random = stage.random('clean');
  brush.save();
  for (let i = 0; i < 4; i++) {
    const x = width * between(random, -0.1, 1.1);
    const lean = short * between(random, 0.35, 0.6);
    const wide = short * between(random, 0.14, 0.5);
    brush.fillStyle = css(i % 2 ? white : palette.accent, i % 2 ? 0.22 : 0.06);
    brush.beginPath();
    brush.moveTo(x, 0);
    brush.lineTo(x + wide, 0);
    brush.lineTo(x + wide - lean, height);
    brush.lineTo(x - lean, height);
    brush.fill();
  }
  brush.restore();
}

/** Two or three saturated colours that run into each other. */
function paintMesh(brush: Brush, stage: Stage): void {
  const { palette, width, height, short } = stage;
  const random = stage.random('mesh');
  const shift = random() * 5;
  const tones = palette.sky.map(toRgb);
  const spots = [palette.accent, palette.second, palette.sky[0], palette.sky[3]].map((colour, i) => ({
    rgb: toRgb(colour),
    x: (random() * width) / short,
    y: (random() * height) / short,
    size: between(random, 0.32, 0.62),
    strength: [0.2, 0.45, 0.95, 0.9][i]!,
  }));
  paintPixels(brush, stage, Math.max(4, Math.round(short / 240)), (u, v, out) => {
    const warp = cloudNoise(u * 0.35 + shift, v * 0.35) - 0.5;
    const x = (u * width) / short + warp * 0.55;
    const y = (v * height) / short + (cloudNoise(u * 0.3, v * 0.3 + shift) - 0.5) * 0.55;
    const t = Math.min(2.999, Math.max(0, (v + warp * 0.4) * 3));
    const from = tones[Math.floor(t)]!;
    const to = tones[Math.floor(t) + 1]!;
    const f = t % 1;
    let [r, g, b] = [0, 1, 2].map((c) => from[c]! + (to[c]! - from[c]!) * f) as [number, number, number];
    for (const spot of spots) {
      const d = ((x - spot.x) ** 2 + (y - spot.y) ** 2) / spot.size ** 2;
      const cover = spot.strength * Math.exp(-d * 2.2);
      r += (spot.rgb[0] - r) * cover;
      g += (spot.rgb[1] - g) * cover;
      b += (spot.rgb[2] - b) * cover;
    }
    out[0] = r;
    out[1] = g;
    out[2] = b;
  });
}

function paintFlat(brush: Brush, { palette, width, height }: Stage): void {
  brush.fillStyle = upright(brush, 0, height, [[palette.sky[0]], [palette.sky[3]]]);
  brush.fillRect(0, 0, width, height);
}

/** Print: flat bands towards the horizon, or rays from the sun. */
function paintBands(brush: Brush, stage: Stage, horizon: number): void {
  const { palette, light, width, height } = stage;
  const random = stage.random('bands');
  const steps = 7;
  const tone = (t: number): Colour => {
    const at = Math.min(2.999, t * 3);
    return blend(palette.sky[Math.floor(at)]!, palette.sky[Math.floor(at) + 1]!, at % 1);
  };
  if (!stage.palette.night && random() < 0.45) {
    const rays = 18;
    brush.fillStyle = css(tone(0.62));
    brush.fillRect(0, 0, width, height);
    const [x, y] = [light.x * width, horizon * height];
    const reach = Math.hypot(width, height);
    for (let i = 0; i < rays; i++) {
      const a = Math.PI + ((i + 0.25) / rays) * Math.PI;
      brush.fillStyle = css(tone(i % 2 ? 0.82 : 0.5));
      brush.beginPath();
      brush.moveTo(x, y);
      brush.lineTo(x + Math.cos(a) * reach, y + Math.sin(a) * reach);
      brush.lineTo(
        x + Math.cos(a + Math.PI / rays / 2) * reach,
        y + Math.sin(a + Math.PI / rays / 2) * reach,
      );
      brush.fill();
    }
    return;
  }
  for (let i = 0; i < steps; i++) {
    const t = i / (steps - 1);
    brush.fillStyle = css(tone(t));
    brush.fillRect(0, horizon * height * (i / steps) ** 1.15, width, height);
  }
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

/** The sun or the moon, the way the style draws it. */
function paintDisc(brush: Brush, stage: Stage, disc: 'sun' | 'moon', size?: number): void {
  const { palette, treatment, light, width, height, short } = stage;
  const random = stage.random('disc');
  const x = light.x * width;
  const y = light.y * height;
  const own = {
    graded: 0.05,
    natural: 0.035,
    clean: 0.11,
    mesh: 0.19,
    flat: 0.14,
    bands: 0.23,
    misty: 0.06,
    hard: 0.1,
  };
  const radius = short * (size ?? own[treatment.sky] * between(random, 0.85, 1.2));
  const colour = disc === 'moon' ? blend(palette.light, white, 0.2) : palette.light;
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

export function circle(brush: Brush, x: number, y: number, radius: number): void {
  brush.beginPath();
  brush.arc(x, y, radius, 0, Math.PI * 2);
  brush.fill();
}

/** A few tufts of flat cloud for styles that draw rather than photograph; cheap and crisp. */
export function paintTufts(brush: Brush, stage: Stage, count: number, top: number, bottom: number): void {
  const { palette, width, height, short } = stage;
  const random = stage.random('tufts');
  for (let i = 0; i < count; i++) {
    const x = random() * width;
    const y = height * between(random, top, bottom);
    const w = short * between(random, 0.09, 0.22);
    brush.fillStyle = css(pick(random, [white, palette.light, vivid(palette.sky[3], 0.8)]), 0.55);
    brush.beginPath();
    for (let k = 0; k < 5; k++) {
      const t = k / 4 - 0.5;
      const r = w * (0.26 - 0.5 * t * t) * between(random, 0.85, 1.1);
      brush.moveTo(x + t * w * 1.5 + r, y);
      brush.arc(x + t * w * 1.5, y, r, 0, Math.PI, true);
    }
    brush.fill();
  }
}
