// Colours as people see them (OKLab), so that mixtures stay clean. Knows nothing of palettes or canvases.

/** OKLab: lightness 0..1, green–red, blue–yellow. */
export type Colour = readonly [lightness: number, a: number, b: number];

export const white: Colour = [1, 0, 0];

/** From `#rrggbb`. */
export function hex(code: string): Colour {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const v = Number.parseInt(code.slice(at, at + 2), 16) / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** From lightness, chroma (0..0.37) and hue in degrees (30 red, 90 yellow, 145 green, 230 blue, 300 violet). */
export function lch(lightness: number, chroma: number, hue: number): Colour {
  const angle = (hue * Math.PI) / 180;
  return [lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)];
}

/** sRGB 0..255, not rounded; what no screen can show is clipped. */
export function toRgb([lightness, a, b]: Colour): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const encode = (linear: number) => {
    const v = Math.max(0, Math.min(1, linear));
    return 255 * (v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055);
  };
  return [
    encode(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encode(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encode(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** For canvas fills. */
export function css(colour: Colour, alpha = 1): string {
  const [r, g, b] = toRgb(colour).map(Math.round);
  return alpha >= 1 ? `rgb(${r},${g},${b})` : `rgba(${r},${g},${b},${Math.max(0, alpha).toFixed(4)})`;
}

/** `from` at 0 … `to` at 1. */
export function blend(from: Colour, to: Colour, share: number): Colour {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** Lightness moved by `by` (may be negative). */
export function lighter([l, a, b]: Colour, by: number): Colour {
  return [Math.max(0, Math.min(1, l + by)), a, b];
}

/** Chroma times `by`. */
export function vivid([l, a, b]: Colour, by: number): Colour {
  return [l, a * by, b * by];
}

/** The same colour at another lightness. */
export function atLightness([, a, b]: Colour, lightness: number): Colour {
  return [lightness, a, b];
}
