// Style × mood → the colours of a picture. The mood sets the hour and the light, the style develops the film.
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import { atLightness, blend, type Colour, hex, lch, lighter, vivid, white } from './colour.ts';
import { dyes, greys, type Hour, hours, prints, type Sky } from './hours.ts';

export interface Palette {
  sky: Sky;
  /** Sun, moon, lamps. */
  light: Colour;
  /** What distance fades into. */
  haze: Colour;
  /** The darkest, nearest tone. */
  near: Colour;
  accent: Colour;
  second: Colour;
  /** Whether lamps are lit and stars are out. */
  night: boolean;
  /** A natural colour as it looks in this light and style. */
  grade(natural: Colour): Colour;
}

const mapSky = (sky: Sky, change: (colour: Colour, index: number) => Colour): Sky => sky.map(change) as Sky;

type Develop = (base: Hour, mood: MoodName) => Palette;

const developed: Record<StyleName, Develop> = {
  cinematic(base) {
    const tone = (c: Colour) =>
      blend(blend(c, lch(c[0] * 0.85, 0.055, 215), 0.42 * (1 - c[0])), lch(c[0], 0.11, 68), 0.3 * c[0]);
    const sky = mapSky(base.sky, (c, i) => vivid(tone(lighter(c, -0.1 + 0.025 * i)), 1.25));
    const near = blend(base.near, hex('#04090f'), 0.7);
    return {
      sky,
      light: tone(base.light),
      haze: blend(sky[3], sky[2], 0.55),
      near,
      accent: vivid(base.accent, 1.1),
      second: tone(base.second),
      night: base.night,
      grade: (c) => blend(tone([c[0] * base.exposure * 0.86, c[1] * 0.8, c[2] * 0.8]), near, 0.12),
    };
  },
  documentary(base) {
    const sky = mapSky(base.sky, (c) => vivid([c[0] * 0.86 + 0.1, c[1], c[2]], 0.74));
    return {
      sky,
      light: vivid(base.light, 0.7),
      haze: blend(sky[3], sky[1], 0.35),
      near: vivid(lighter(base.near, 0.11), 0.6),
      accent: vivid(base.accent, 0.75),
      second: vivid(base.second, 0.75),
      night: base.night,
      grade: (c) => [c[0] * (base.exposure * 0.6 + 0.36), c[1] * 0.82, c[2] * 0.82],
    };
  },
  corporate(base, mood) {
    const dye = dyes[mood];
    const top = 0.74 + 0.17 * dye.light;
    const house = (l: number) => lch(l, 0.075 * dye.chroma, dye.hue);
    const sky = mapSky(base.sky, (c, i) => {
      const l = top + ((0.985 - top) * i) / 3;
      return blend([l, c[1] * 0.45, c[2] * 0.45], house(l), 0.72);
    });
    // Warm grounds mixed with navy would turn grey.
    const warm = Math.cos(((dye.hue - 60) * Math.PI) / 180) > 0;
    const near = lch(0.33, 0.095, warm ? dye.hue - 24 : (dye.hue + 258) / 2);
    return {
      sky,
      light: white,
      haze: blend(sky[2], house(0.82), 0.3),
      near,
      accent: vivid(atLightness(base.accent, 0.66), 1.15),
      second: vivid(atLightness(base.second, 0.74), 1.05),
      night: false,
      grade: (c) => blend([0.3 + 0.66 * c[0], c[1] * 1.05, c[2] * 1.05], house(0.3 + 0.68 * c[0]), 0.28),
    };
  },
  social(base, mood) {
    const { from, to, chroma, light: lift } = dyes[mood];
    const hue = (share: number) => from + (to - from) * share;
    const by = 0.13 * lift;
    const much = 0.45 + 0.55 * Math.min(1, chroma);
    const sky: Sky = [
      lch(0.42 + by, 0.21 * much, hue(0)),
      lch(0.55 + by, 0.24 * much, hue(0.36)),
      lch(0.68 + by, 0.21 * much, hue(0.7)),
      lch(0.84 + by * 0.5, 0.16 * much, hue(1)),
    ];
    const near = lch(0.2, 0.11, from);
    return {
      sky,
      light: lch(0.96, 0.08, to + 15),
      haze: blend(sky[1], sky[2], 0.6),
      near,
      accent: lch(0.76, 0.2, hue(0.7) + 165),
      second: lch(0.88, 0.17, hue(0.7) + 75),
      night: base.night,
      grade: (c) =>
        blend(
          vivid([0.12 + c[0] * 0.88, c[1], c[2]], 1.7),
          c[0] < 0.5 ? blend(near, sky[1], c[0] * 2) : blend(sky[1], lch(0.97, 0.03, to), c[0] * 2 - 1),
          0.5,
        ),
    };
  },
  minimal(base, mood) {
    const { hue, chroma, light } = dyes[mood];
    const dark = light < 0;
    const paper = lch(dark ? 0.39 + 0.13 * light : 0.87 + 0.09 * light, (dark ? 0.06 : 0.04) * chroma, hue);
    const ink = dark ? lch(paper[0] * 0.5, 0.03, hue) : lch(0.4, 0.05, hue);
    const accent = vivid(atLightness(base.accent, dark ? 0.68 : 0.64), 1.1);
    return {
      sky: mapSky(base.sky, (_, i) => lighter(paper, (dark ? 0.02 : 0.012) * (i - 1.5))),
      light: dark ? lch(0.92, 0.025, hue) : accent,
      haze: dark ? lighter(paper, 0.07) : blend(paper, ink, 0.1),
      near: ink,
      accent,
      second: blend(paper, ink, 0.35),
      night: false,
      grade: (c) => {
        const l = dark ? 0.12 + 0.62 * c[0] : 0.34 + 0.6 * c[0];
        return blend([l, c[1] * 0.2, c[2] * 0.2], blend(ink, paper, c[0]), 0.45);
      },
    };
  },
  retro(base, mood) {
    const print = prints[mood];
    const dark = print[0][0] < 0.4;
    const sky = mapSky(print, (c, i) => {
      const own = base.sky[i]!;
      return blend(c, vivid(atLightness(own, c[0] * 0.7 + own[0] * 0.3), 0.9), 0.18);
    });
    const inks = ['#3b2230', '#7d3b2f', '#c7502f', '#e08a3a', '#e6bd58', '#2f6f73', '#86a78f', '#f2e3c2'].map(
      hex,
    );
    const near = dark
      ? atLightness(vivid(sky[0], 0.8), 0.17)
      : blend(hex('#3f2430'), atLightness(sky[0], 0.28), 0.4);
    return {
      sky,
      light: dark ? hex('#ffcf7a') : hex('#f6d98a'),
      haze: blend(sky[3], sky[2], 0.5),
      near,
      accent: blend(dark ? hex('#f0527f') : hex('#d9542f'), vivid(atLightness(base.accent, 0.62), 0.85), 0.4),
      second: blend(
        dark ? hex('#4fc0bd') : hex('#e9b23f'),
        vivid(atLightness(base.second, 0.78), 0.85),
        0.35,
      ),
      night: base.night,
      grade(c) {
        const nearest = inks.reduce((best, p) => (distance(p, c) < distance(best, c) ? p : best));
        return blend(blend(c, nearest, 0.72), near, dark ? 0.3 : 0.04);
      },
    };
  },
  nature(base) {
    const greens = ['#4f8f8a', '#8bbfae', '#cfe3bf', '#f1f5d8'].map(hex);
    const sky = mapSky(base.sky, (c, i) => {
      const green = greens[i]!;
      return vivid(blend(c, [c[0] * 0.8 + green[0] * 0.2, green[1], green[2]], 0.36), 1.1);
    });
    const near = blend(lch(0.22, 0.052, 150), base.near, 0.25);
    return {
      sky,
      light: blend(base.light, hex('#fff6c2'), 0.4),
      haze: blend(sky[3], lch(base.sky[2][0] * 0.55 + 0.27, 0.07, 148), 0.6),
      near,
      accent: blend(base.accent, hex('#e8b63a'), 0.35),
      second: blend(base.second, hex('#6fae5a'), 0.5),
      night: base.night,
      grade: (c) =>
        blend(
          [c[0] * (0.35 + 0.6 * base.exposure), c[1] * 1.1, c[2] * 1.1],
          lch(c[0] * 0.9 * base.exposure, 0.075, 145),
          0.28,
        ),
    };
  },
  noir(_, mood) {
    const { sky, light, near, haze, contrast, night } = greys[mood];
    const key = (sky[1] + sky[2]) / 2;
    return {
      sky: sky.map((l): Colour => [l, 0, 0]) as Sky,
      light: [light, 0, 0],
      haze: [haze, 0, 0],
      near: [near, 0, 0],
      accent: [Math.max(light, 0.8) - 0.03, 0, 0],
      second: [0.62, 0, 0],
      night,
      grade: (c) => [
        Math.max(near, Math.min(0.97, (c[0] - 0.48) * 1.2 * contrast + 0.36 + 0.22 * key)),
        0,
        0,
      ],
    };
  },
};

function distance(a: Colour, b: Colour): number {
  return (a[0] - b[0]) ** 2 + 2 * (a[1] - b[1]) ** 2 + 2 * (a[2] - b[2]) ** 2;
}

export function paletteOf(style: StyleName, mood: MoodName): Palette {
  return developed[style](hours[mood], mood);
}
