// What every painter of a motif gets: the size of the picture, its light and colours, chance, and what to mention.
import type { SKRSContext2D } from '@napi-rs/canvas';
import { createRandom, mixSeed, type Random } from '../../domain/random.ts';
import type { Particles } from '../../domain/scene-art.ts';
import type { Motif } from '../../domain/storyboard.ts';
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import { atLightness, blend, type Colour } from './colour.ts';
import type { Icon } from './icons/things.ts';
import { type Palette, paletteOf } from './palettes.ts';
import { type Treatment, treatmentOf } from './treatment.ts';

export type Brush = SKRSContext2D;

export interface Stage {
  /** Pixels of a layer. */
  width: number;
  height: number;
  /** The shorter side: what sizes of things are shares of. */
  short: number;
  style: StyleName;
  mood: MoodName;
  motif: Motif;
  palette: Palette;
  treatment: Treatment;
  /** 0..1 */
  energy: number;
  /** Where the light is, as shares of width and height. */
  light: { x: number; y: number };
  /** Names of things that the words mention; see props.ts. */
  mentions: ReadonlySet<string>;
  /** Things that the words mention and icons show. */
  icons: readonly Icon[];
  /** Which of a motif's compositions: 0, 1, … */
  variant: number;
  /** A stream of chance of this name: painting more in one layer changes nothing in another. */
  random(name: string): Random;
  /** A seed of this name. */
  seed(name: string): number;
}

export interface PaintedLayer {
  /** 0 = far … 1 = near. */
  depth: number;
  paint(brush: Brush): void;
}

/** Far to near; the first one covers everything. */
export interface Composition {
  layers: PaintedLayer[];
  particles: { kind: Particles['kind']; density: number } | null;
  /** No leaves or grass hang before it. */
  indoors?: true;
}

export type MotifPainter = (stage: Stage) => Composition;

export interface StageInput {
  width: number;
  height: number;
  style: StyleName;
  mood: MoodName;
  motif: Motif;
  energy: number;
  seed: number;
  mentions: ReadonlySet<string>;
  icons: readonly Icon[];
  variant: number;
}

/** How high the light stands, as a share of the height from the top. */
const lightHeights: Record<MoodName, number> = {
  dramatic: 0.41,
  calm: 0.33,
  uplifting: 0.28,
  tense: 0.3,
  mysterious: 0.24,
  playful: 0.21,
  melancholic: 0.37,
  epic: 0.39,
  neutral: 0.24,
};

export function createStage({ seed, ...input }: StageInput): Stage {
  const random = createRandom(mixSeed('light', seed, input.motif));
  // Off the middle, on either side, so that captions and faces have their own half.
  const treatment = treatmentOf(input.style, input.mood);
  const side = random() < 0.5 ? 0.24 + 0.14 * random() : 0.62 + 0.14 * random();
  const short = Math.min(input.width, input.height);
  // Where the picture is narrow, a large sun keeps off its edges.
  const edge = Math.min(0.5, (1.2 * treatment.disc * short) / input.width + 0.05);
  return {
    ...input,
    short,
    palette: onPaper(paletteOf(input.style, input.mood), treatment, input.variant),
    treatment,
    light: {
      x: Math.max(edge, Math.min(1 - edge, side)),
      y: lightHeights[input.mood] + 0.1 * (random() - 0.5),
    },
    random: (name) => createRandom(mixSeed(name, seed, input.motif)),
    seed: (name) => mixSeed(name, seed, input.motif) >>> 0,
  };
}

/** Flat styles have little else to tell pictures apart by than their paper: it takes turns. */
function onPaper(palette: Palette, { sky }: Treatment, variant: number): Palette {
  if (sky !== 'flat') return palette;
  const { accent, second, near } = palette;
  // Five for the ways to compose, and five others for when those come again.
  const tints: [Colour, number][] = [
    [near, 0],
    [accent, 0.16],
    [second, 0.3],
    [atLightness(accent, 0.6), 0.07],
    [near, 0.17],
    [near, 0.08],
    [second, 0.12],
    [accent, 0.32],
    [near, 0.27],
    [second, 0.45],
  ];
  const [tint, share] = tints[variant % tints.length]!;
  const dyed = (colour: Colour) => blend(colour, tint, share);
  return { ...palette, sky: palette.sky.map(dyed) as Palette['sky'], haze: dyed(palette.haze) };
}

/** The same stage in another light: motifs that fix the hour use it. */
export function relit(stage: Stage, change: Partial<Pick<Stage, 'light' | 'palette'>>): Stage {
  return { ...stage, ...change };
}

/** The colour of plain land or walls at a distance: 0 = lost in the air … 1 = right here. */
export function airTone({ palette, treatment }: Stage, depth: number): Colour {
  return blend(palette.haze, palette.near, depth ** (0.55 + 0.45 * (1 - treatment.haze)));
}

/** A natural colour, graded, at a distance. */
export function seenAt(stage: Stage, natural: Colour, depth: number): Colour {
  const { palette, treatment } = stage;
  return blend(
    palette.haze,
    palette.grade(natural),
    Math.min(1, depth ** (0.4 + 0.4 * (1 - treatment.haze))),
  );
}

/** Whether things glow on dark ground; else they are drawn on light. */
export const glowing = ({ palette }: Stage) => palette.sky[1][0] < 0.64;

/** Where a thing is put: its foot, waterline or middle in pixels, how long or high, and which way it faces. */
export interface Spot {
  x: number;
  y: number;
  size: number;
  /** 1 = right, -1 = left. */
  side: number;
}

/** Where a single thing stands, as a share of the width: off the middle where the picture is wide enough. */
export function offCentre({ width, height }: Stage, random: Random): number {
  const room = Math.max(0.02, Math.min(0.14, 0.2 * (width / height - 0.95)));
  return 0.5 + room * (2 * random() - 1);
}
