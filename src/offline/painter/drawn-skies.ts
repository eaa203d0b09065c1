// Skies that are drawn rather than photographed: panes, meshes, bands, tufts.
import { between, pick } from '../../domain/random.ts';
import { blend, type Colour, css, toRgb, vivid, white } from './colour.ts';
import { cloudNoise } from './noise.ts';
import { paintPixels, upright } from './pixels.ts';
import type { Brush, Stage } from './stage.ts';

/** Clear shapes on a bright ground: large discs and slanted planes of light. */
export function paintClean(brush: Brush, stage: Stage): void {
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
export function paintMesh(brush: Brush, stage: Stage): void {
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
  paintPixels(brush, stage, Math.max(4, Math.round(short / 130)), (u, v, out) => {
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

export function paintFlat(brush: Brush, { palette, width, height }: Stage): void {
  brush.fillStyle = upright(brush, 0, height, [[palette.sky[0]], [palette.sky[3]]]);
  brush.fillRect(0, 0, width, height);
}

/** Print: flat bands towards the horizon, or rays from the sun. */
export function paintBands(brush: Brush, stage: Stage, horizon: number): void {
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
