// How captions of each style look: face, size, colours, what keeps them readable. Numbers and colours only.
import { moodTraits } from '../domain/styles.ts';
import type { CaptionStyle, MoodName, StyleName } from '../domain/video-request.ts';
import type { Face } from './fonts.ts';

export type Rgb = readonly [r: number, g: number, b: number];

export interface CaptionLook {
  face: Face;
  weight: number;
  /** Before long words make it shrink. */
  sizePx: number;
  mostLines: 1 | 2;
  mostWords: number;
  /** Widest line as a share of the frame's width. */
  widest: number;
  colours: {
    /** Words that are not being spoken. */
    plain: Rgb;
    /** The word being spoken. */
    spoken: Rgb;
    /** Stressed words that are not being spoken. */
    stressed: Rgb;
    /** Behind all words: outline and plate. */
    dark: Rgb;
    /** Of marks: underline, pill, cursor. */
    accent: Rgb;
  };
  /** Shares of the size. */
  outline: number;
  /** 0..1; 0 = no shadow. */
  shadow: number;
  /** What stands behind the words: nothing, one box, or a strip per line. */
  plate: 'none' | 'box' | 'strips';
  /** 0..1 */
  plateOpacity: number;
  /** How the spoken word stands out besides its colour. */
  mark: 'none' | 'underline' | 'pill' | 'cursor';
  /** Words appear as they are spoken. */
  reveals: boolean;
}

/** The one colour of each style that is not black or white. All are light enough to be read on `dark`. */
const accents: Record<StyleName, Rgb> = {
  cinematic: [255, 205, 92],
  documentary: [134, 214, 240],
  corporate: [92, 190, 255],
  social: [255, 226, 38],
  minimal: [255, 128, 98],
  retro: [255, 180, 92],
  nature: [178, 232, 110],
  noir: [255, 116, 106],
};
const warm: Rgb = [255, 176, 84];
const cold: Rgb = [112, 208, 255];
const white: Rgb = [255, 255, 255];
const dark: Rgb = [10, 12, 18];

/** The style's accent, turned a little towards the mood's colour temperature. */
export function accentOf(style: StyleName, mood: MoodName): Rgb {
  const { warmth } = moodTraits[mood];
  return mix(accents[style], warmth > 0 ? warm : cold, 0.35 * Math.abs(warmth));
}

export interface CaptionLookInput {
  captionStyle: CaptionStyle;
  style: StyleName;
  mood: MoodName;
  frame: { width: number; height: number };
  /** Mean luma 0..255 behind the captions. */
  luma: number;
}

export function captionLook({ captionStyle, style, mood, frame, luma }: CaptionLookInput): CaptionLook {
  const short = Math.min(frame.width, frame.height);
  const isTall = frame.height > frame.width;
  const size = (wide: number, tall: number) => Math.round(short * (isTall ? tall : wide));
  const accent = accentOf(style, mood);
  // Bright pictures need more shadow under white letters.
  const glare = Math.max(0, Math.min(1, (luma - 40) / 150));
  const stressed = mix(accent, white, 0.45);
  const shared = { plate: 'none', plateOpacity: 0, reveals: false, mark: 'none', mostLines: 2 } as const;
  const looks: Record<CaptionStyle, CaptionLook> = {
    bold: {
      ...shared,
      face: 'montserrat',
      weight: 800,
      sizePx: size(0.06, 0.07),
      mostWords: 6,
      widest: isTall ? 0.83 : 0.62,
      colours: { plain: white, spoken: accent, stressed, dark, accent },
      outline: 0.085,
      shadow: 0.55 + 0.35 * glare,
    },
    clean: {
      ...shared,
      face: 'inter',
      weight: 600,
      sizePx: size(0.049, 0.055),
      mostWords: 9,
      widest: isTall ? 0.8 : 0.56,
      colours: { plain: [222, 227, 233], spoken: white, stressed: accent, dark, accent },
      outline: 0.062 + 0.012 * glare,
      shadow: 0.6 + 0.35 * glare,
      mark: 'underline',
    },
    karaoke: {
      ...shared,
      face: 'montserrat',
      weight: 900,
      sizePx: size(0.084, 0.098),
      mostLines: isTall ? 2 : 1,
      mostWords: 4,
      widest: isTall ? 0.83 : 0.72,
      colours: { plain: white, spoken: dark, stressed: accent, dark, accent },
      outline: 0.1,
      shadow: 0.5 + 0.3 * glare,
      mark: 'pill',
    },
    boxed: {
      ...shared,
      face: 'inter',
      weight: 600,
      sizePx: size(0.045, 0.053),
      mostWords: 9,
      widest: isTall ? 0.76 : 0.52,
      colours: { plain: [238, 241, 245], spoken: accent, stressed, dark, accent },
      outline: 0,
      shadow: 0,
      plate: 'box',
      plateOpacity: 0.8 + 0.1 * glare,
    },
    typewriter: {
      ...shared,
      face: 'courier',
      weight: 700,
      sizePx: size(0.05, 0.054),
      mostWords: 8,
      widest: isTall ? 0.78 : 0.56,
      colours: { plain: [250, 242, 226], spoken: accent, stressed, dark, accent },
      outline: 0,
      shadow: 0,
      plate: 'strips',
      plateOpacity: 0.78 + 0.1 * glare,
      mark: 'cursor',
      reveals: true,
    },
  };
  return looks[captionStyle];
}

/** `share` of the way from one colour to the other. */
function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const blend = (k: 0 | 1 | 2) => Math.round(from[k] + (to[k] - from[k]) * share);
  return [blend(0), blend(1), blend(2)];
}

export function css([r, g, b]: Rgb, opacity = 1): string {
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}
