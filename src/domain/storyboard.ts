// The plan of a video: scenes with their words, what to show, what to emphasise, which sounds to place.
// Wire form: users read and edit it. It holds no times; those come from measured speech (timeline.ts).

import type { Figure } from './figure.ts';
import type { SceneMedia } from './user-media.ts';

/** What a scene's picture is about; the painter knows how to paint each. */
export const motifs = [
  'mountains',
  'forest',
  'sea',
  'river',
  'desert',
  'fields',
  'city',
  'street',
  'home',
  'space',
  'night_sky',
  'rain',
  'storm',
  'snow',
  'sunrise',
  'sunset',
  'people',
  'portrait',
  'technology',
  'data',
  'business',
  'science',
  'health',
  'education',
  'travel',
  'food',
  'music',
  'time',
  'idea',
  'abstract',
] as const;
export type Motif = (typeof motifs)[number];

/** As many really different pictures there are of each motif, chance aside. */
export const waysToCompose = 5;

export const effectKinds = [
  'whoosh',
  'impact',
  'riser',
  'rain',
  'thunder',
  'wind',
  'waves',
  'fire',
  'birds',
  'city',
  'crowd',
  'heartbeat',
  'clock',
  'chime',
  'click',
  'typing',
  'sparkle',
  'footsteps',
  'engine',
  'applause',
  'drone',
] as const;
export type EffectKind = (typeof effectKinds)[number];

export interface EffectCue {
  kind: EffectKind;
  /** Word index within the scene at which it starts; -1 = at the cut into the scene. */
  at_word: number;
  /** Beds lie under the whole scene; hits are short. */
  role: 'bed' | 'hit';
  /** 0..1, relative loudness among effects. */
  intensity: number;
}

export interface Scene {
  /** Stable within the job: `s01`, `s02`, … Editing one scene leaves the ids of the others. */
  id: string;
  /** The user's own words, exactly; spoken and captioned. */
  text: string;
  motif: Motif;
  /**
   * Up to three, lower-case, that steer details of the picture: things by their English names first, then words of
   * the text.
   */
  keywords: string[];
  /** Indexes of the words to stress in captions. */
  emphasis: number[];
  effects: EffectCue[];
  /** 0..1: how much is going on; steers camera and music. */
  energy: number;
  /** The user's own picture, shown instead of a painted one. */
  media?: SceneMedia;
  /** A number of the words, shown over the picture while it is said. */
  figure?: Figure;
  /**
   * Which of the `waysToCompose` its motif the picture uses, from 0; absent = 0. Scenes of one motif differ in it. A way
   * that comes again in a video is `waysToCompose` more each time.
   */
  variant?: number;
  /** Painter seed, so that a scene looks the same however often it is painted. */
  seed: number;
}

export interface Storyboard {
  /** From the script's first words; shown on the opening, at most 60 characters. */
  title: string;
  /** BCP 47 primary tag. */
  language: string;
  scenes: Scene[];
}
