// Style × mood → the colours of a picture. The mood sets the hour and the light, the style develops the film.
import { moodTraits } from '../../domain/styles.ts';
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import { atLightness, blend, type Colour, hex, hueOf, lch, lighter, vivid, white } from './colour.ts';

export interface Palette {
  /** From straight above down to the horizon. */
  sky: [Colour, Colour, Colour, Colour];
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

interface Hour {
  sky: [Colour, Colour, Colour, Colour];
  light: Colour;
  near: Colour;
  accent: Colour;
  second: Colour;
  night: boolean;
  /** How much of a thing's own lightness is left. */
  exposure: number;
}

const hour = (sky: string, rest: string, night: boolean, exposure: number): Hour => {
  const [light, near, accent, second] = rest.split(' ').map(hex) as [Colour, Colour, Colour, Colour];
  return { sky: sky.split(' ').map(hex) as Hour['sky'], light, near, accent, second, night, exposure };
};

const hours: Record<MoodName, Hour> = {
  dramatic: hour('#0b1128 #45233f #b8402c #f5943f', '#ffc27a #0a0810 #ff5a36 #ffb347', false, 0.8),
  calm: hour('#5f86b8 #9db9d6 #e6cfc4 #fbe6cf', '#fff1d6 #2b3f55 #ee9a7f #7fb8c4', false, 0.95),
  uplifting: hour('#2f7fd1 #7dbbe8 #ffd98f #fff0c0', '#fff3c4 #1d3b3a #ffa62b #ff7a59', false, 1.05),
  tense: hour('#05090d #0f2028 #25474e #5f857c', '#cfe6cc #030608 #d7263d #7aa39b', true, 0.66),
  mysterious: hour('#070a24 #1b1d4d #3d3c7e #7785b8', '#cbd8ff #060818 #8f7bff #54d3c2', true, 0.68),
  playful: hour('#19a7d8 #6fd3e3 #ffc9d8 #fff2a8', '#fffbd0 #3b2a6b #ff5c8a #ffd23f', false, 1.1),
  melancholic: hour('#20324c #43597a #7b90aa #b6c1cc', '#dfe2e2 #1a222c #6f93b5 #b58b7a', false, 0.82),
  epic: hour('#07183a #1f4a7d #de8740 #ffdc90', '#ffe7a8 #0b0d16 #ffb000 #3fa7d6', false, 0.88),
  neutral: hour('#4a7fb5 #86b1d6 #c9dde8 #eef3ef', '#fffaf0 #26353b #3d8bd4 #e0a23c', false, 1),
};

const mapSky = (sky: Hour['sky'], change: (colour: Colour, index: number) => Colour): Palette['sky'] =>
  sky.map(change) as Palette['sky'];

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
    const sky = mapSky(base.sky, (c) => vivid([c[0] * 0.84 + 0.12, c[1], c[2]], 0.62));
    return {
      sky,
      light: vivid(base.light, 0.7),
      haze: blend(sky[3], sky[1], 0.35),
      near: vivid(lighter(base.near, 0.08), 0.7),
      accent: vivid(base.accent, 0.75),
      second: vivid(base.second, 0.75),
      night: base.night,
      grade: (c) => [c[0] * (base.exposure * 0.6 + 0.36), c[1] * 0.82, c[2] * 0.82],
    };
  },
  corporate(base, mood) {
    const bright = moodTraits[mood].valence >= -0.25;
    const blue = lch(0.86, 0.055, 248);
    const sky = mapSky(base.sky, (c, i) =>
      blend(
        [bright ? 0.77 + 0.06 * i + 0.05 * c[0] : 0.5 + 0.11 * i + 0.05 * c[0], c[1] * 0.5, c[2] * 0.5],
        atLightness(blue, bright ? 0.8 + 0.055 * i : 0.5 + 0.12 * i),
        0.5,
      ),
    );
    const near = blend(lch(0.33, 0.1, 258), atLightness(base.accent, 0.33), 0.15);
    return {
      sky,
      light: white,
      haze: blend(sky[2], blue, 0.3),
      near,
      accent: vivid(atLightness(base.accent, 0.66), 1.15),
      second: vivid(atLightness(base.second, 0.74), 1.05),
      night: false,
      grade: (c) =>
        blend([0.3 + 0.66 * c[0], c[1] * 1.05, c[2] * 1.05], atLightness(blue, 0.3 + 0.68 * c[0]), 0.25),
    };
  },
  social(base, mood) {
    const { valence } = moodTraits[mood];
    const hue = hueOf(base.accent);
    const lift = valence * 0.09;
    const sky: Palette['sky'] = [
      lch(0.42 + lift, 0.21, hue - 95),
      lch(0.55 + lift, 0.24, hue - 45),
      lch(0.68 + lift, 0.21, hue),
      lch(0.84 + lift * 0.5, 0.16, hue + 38),
    ];
    const near = lch(0.2, 0.11, hue - 90);
    return {
      sky,
      light: lch(0.96, 0.08, hue + 45),
      haze: blend(sky[1], sky[2], 0.6),
      near,
      accent: lch(0.76, 0.2, hue + 165),
      second: lch(0.88, 0.17, hue + 75),
      night: base.night,
      grade: (c) =>
        blend(
          vivid([0.12 + c[0] * 0.88, c[1], c[2]], 1.7),
          c[0] < 0.5 ? blend(near, sky[1], c[0] * 2) : blend(sky[1], lch(0.97, 0.03, hue), c[0] * 2 - 1),
          0.5,
        ),
    };
  },
  minimal(base, mood) {
    const { valence } = moodTraits[mood];
    const hue = hueOf(base.sky[1]);
    const dark = valence <= -0.3;
    const paper = dark
      ? lch(0.27, 0.022, hue)
      : lch(0.945 - (valence < 0 ? 0.08 : 0), 0.022, hueOf(base.sky[2]));
    const ink = dark ? lch(0.13, 0.02, hue) : lch(0.4, 0.045, hue);
    const accent = vivid(atLightness(base.accent, dark ? 0.66 : 0.64), 1.1);
    return {
      sky: mapSky(base.sky, (_, i) => lighter(paper, (dark ? 0.02 : 0.012) * (i - 1.5))),
      light: dark ? lch(0.9, 0.02, hue) : accent,
      haze: blend(paper, ink, 0.1),
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
    const { valence } = moodTraits[mood];
    const dark = valence < 0;
    const print = (dark ? '#231a3a #5b2a5e #b8485f #eda260' : '#2f7277 #7fa898 #ebb863 #f4e3bf')
      .split(' ')
      .map(hex) as Hour['sky'];
    const sky = mapSky(print, (c, i) => {
      const own = base.sky[i]!;
      return blend(c, vivid(atLightness(own, c[0] * 0.6 + own[0] * 0.4), 0.9), 0.42);
    });
    const prints = [
      '#3b2230',
      '#7d3b2f',
      '#c7502f',
      '#e08a3a',
      '#e6bd58',
      '#2f6f73',
      '#86a78f',
      '#f2e3c2',
    ].map(hex);
    const near = dark ? hex('#191230') : blend(hex('#3f2430'), atLightness(base.near, 0.28), 0.3);
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
        const nearest = prints.reduce((best, p) => (distance(p, c) < distance(best, c) ? p : best));
        return blend(blend(c, nearest, 0.72), near, dark ? 0.3 : 0.04);
      },
    };
  },
  nature(base) {
    const greens = ['#4f8f8a', '#8bbfae', '#cfe3bf', '#f1f5d8'].map(hex);
    const sky = mapSky(base.sky, (c, i) => {
      const green = greens[i]!;
      return blend(c, [c[0] * 0.55 + green[0] * 0.45, green[1], green[2]], 0.55);
    });
    const near = blend(lch(0.2, 0.05, 152), base.near, 0.3);
    return {
      sky,
      light: blend(base.light, hex('#fff6c2'), 0.4),
      haze: blend(sky[3], atLightness(hex('#a9cfae'), base.sky[2][0] * 0.5 + 0.3), 0.5),
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
  noir(base, mood) {
    const { valence, arousal } = moodTraits[mood];
    const key = 0.48 + 0.3 * valence;
    const steep = 0.85 + 0.9 * arousal;
    const sky = mapSky(base.sky, (_, i) => [0.05 + (key + 0.16) * ((i + 0.25) / 3.25) ** steep, 0, 0]);
    return {
      sky,
      light: [0.985, 0, 0],
      haze: [0.26 + key * 0.3, 0, 0],
      near: [0.045, 0, 0],
      accent: [0.95, 0, 0],
      second: [0.62, 0, 0],
      night: true,
      grade: (c) => [Math.max(0.03, Math.min(0.97, (c[0] - 0.42) * 1.35 + 0.34 + key * 0.12)), 0, 0],
    };
  },
};

function distance(a: Colour, b: Colour): number {
  return (a[0] - b[0]) ** 2 + 2 * (a[1] - b[1]) ** 2 + 2 * (a[2] - b[2]) ** 2;
}

export function paletteOf(style: StyleName, mood: MoodName): Palette {
  return developed[style](hours[mood], mood);
}
