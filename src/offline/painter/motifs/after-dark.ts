// The palette after dark and the bright band across it, shared by night sky and space.
import { atLightness, blend, type Colour, lighter, toRgb, white } from '../colour.ts';
import { cloudNoise, smoothstep } from '../noise.ts';
import { paintPixels } from '../pixels.ts';
import { type Brush, relit, type Stage } from '../stage.ts';

/** The palette after dark. */
export function atNight(stage: Stage): Stage {
  const { palette, treatment } = stage;
  if (treatment.sky === 'flat' || treatment.sky === 'clean') {
    const ground = blend(palette.near, palette.sky[0], treatment.sky === 'flat' ? 0.12 : 0.04);
    const ink = atLightness(ground, Math.min(0.32, ground[0]));
    return relit(stage, {
      palette: {
        ...palette,
        sky: [ink, lighter(ink, 0.025), lighter(ink, 0.06), lighter(ink, 0.11)],
        haze: lighter(ink, 0.14),
        near: lighter(ink, -0.1),
        light: blend(palette.light, white, 0.7),
        night: true,
      },
    });
  }
  const dark = (c: Colour, l: number): Colour => [
    l,
    c[1] * 1.05,
    c[2] * 1.05 - (treatment.sky === 'hard' ? 0 : 0.018),
  ];
  // A mood of bright days has clear nights.
  const day = Math.min(1, palette.sky[2][0]);
  const sky: Stage['palette']['sky'] = [
    dark(palette.sky[0], 0.1 + 0.06 * day),
    dark(palette.sky[1], 0.16 + 0.1 * day),
    dark(palette.sky[1], 0.25 + 0.13 * day),
    dark(palette.sky[2], 0.38 + 0.15 * day),
  ];
  if (treatment.sky === 'mesh')
    for (const [i, l] of [0.15, 0.22, 0.3, 0.4].entries())
      sky[i] = atLightness(palette.sky[i < 2 ? 0 : 1], l);
  if (treatment.sky === 'hard')
    for (const [i, l] of [0.02, 0.07, 0.15, 0.3].entries()) sky[i] = [l * (0.4 + 1.3 * day), 0, 0];
  return relit(stage, {
    palette: {
      ...palette,
      sky,
      haze: blend(sky[3], sky[2], 0.6),
      near: blend(palette.near, [0.07, 0, -0.01], 0.6),
      light: blend(palette.light, white, 0.45),
      night: true,
    },
  });
}

/** Clouds of glowing gas or the milky way: a band across the sky. */
export function paintBand(
  brush: Brush,
  stage: Stage,
  colours: Colour[],
  tilt: number,
  wide: number,
  strength: number,
): void {
  const { width, height, short } = stage;
  const rgb = colours.map(toRgb);
  const shift = stage.random('band')() * 9;
  paintPixels(brush, stage, Math.max(4, Math.round(short / 280)), (u, v, out) => {
    const x = ((u - 0.5) * width) / short;
    const y = ((v - 0.42) * height) / short;
    const across = x * Math.sin(tilt) + y * Math.cos(tilt);
    const warp = cloudNoise(u * 0.5 + shift, v * 0.5) - 0.5;
    // Turned, so that the grid of the noise does not show as upright squares.
    const along = x * Math.cos(tilt) - y * Math.sin(tilt);
    const n =
      0.75 * cloudNoise(along * 0.42 + shift + warp * 0.45, across * 0.42 + warp * 0.45) +
      0.25 * cloudNoise(across * 1.3 + shift, along * 1.3 - warp * 0.6);
    const m = cloudNoise(along * 0.9 - shift, across * 0.9 + warp);
    const band = Math.exp(-(((across + warp * 0.5) / wide) ** 2));
    const gas = smoothstep(0.3, 0.85, n) * band;
    const dust = smoothstep(0.52, 0.75, m) * band;
    const t = Math.min(0.999, Math.max(0, n * 1.5 - 0.25 + warp)) * (rgb.length - 1);
    const from = rgb[Math.floor(t)]!;
    const to = rgb[Math.min(rgb.length - 1, Math.floor(t) + 1)]!;
    for (let c = 0; c < 3; c++) out[c] = from[c]! + (to[c]! - from[c]!) * (t % 1);
    out[3] = 255 * strength * Math.min(1, gas * 1.25) * (1 - dust * 0.75);
  });
}
