// The vocabulary of looks and feelings: what each style and mood means to camera, captions, cuts and sound.
// Makers read their share of it; how a maker turns it into pictures or notes is its own business.
import type { CaptionStyle, MoodName, StyleName } from './video-request.ts';

type CameraMove = 'push' | 'drift' | 'parallax' | 'handheld' | 'still';

export type TransitionKind = 'dissolve' | 'dip' | 'wipe' | 'whip' | 'light_leak' | 'cut';

interface StyleLook {
  title: string;
  description: string;
  captions: CaptionStyle;
  camera: CameraMove;
  /** How scenes change, used in turn. */
  transitions: TransitionKind[];
  transitionMs: number;
  /** Height of each black bar as a share of the frame's height (landscape frames only). */
  letterbox: number;
  /** 0 = none … 1 = corners black. */
  vignette: number;
}

export const styleLooks: Record<StyleName, StyleLook> = {
  cinematic: {
    title: 'Cinematic',
    description: 'Wide bars, deep layered landscapes, slow pushes and long dissolves.',
    captions: 'bold',
    camera: 'push',
    transitions: ['dissolve', 'dissolve', 'light_leak'],
    transitionMs: 700,
    letterbox: 0.085,
    vignette: 0.55,
  },
  documentary: {
    title: 'Documentary',
    description: 'Natural light, patient drifts across the picture, plain captions.',
    captions: 'clean',
    camera: 'drift',
    transitions: ['dissolve', 'dip'],
    transitionMs: 600,
    letterbox: 0,
    vignette: 0.3,
  },
  corporate: {
    title: 'Corporate',
    description: 'Bright, clear shapes, confident wipes and boxed captions.',
    captions: 'boxed',
    camera: 'drift',
    transitions: ['wipe', 'dissolve'],
    transitionMs: 450,
    letterbox: 0,
    vignette: 0.08,
  },
  social: {
    title: 'Social',
    description: 'Saturated, quick and close, with big captions word by word.',
    captions: 'karaoke',
    camera: 'parallax',
    transitions: ['whip', 'cut', 'whip'],
    transitionMs: 260,
    letterbox: 0,
    vignette: 0.15,
  },
  minimal: {
    title: 'Minimal',
    description: 'Few shapes, much air, one accent colour, almost still.',
    captions: 'clean',
    camera: 'still',
    transitions: ['dip', 'dissolve'],
    transitionMs: 500,
    letterbox: 0,
    vignette: 0,
  },
  retro: {
    title: 'Retro',
    description: 'Sun bands and grids in faded print colours, light leaks between scenes.',
    captions: 'typewriter',
    camera: 'parallax',
    transitions: ['light_leak', 'dip'],
    transitionMs: 500,
    letterbox: 0,
    vignette: 0.35,
  },
  nature: {
    title: 'Nature',
    description: 'Greens, water and mist in many layers that part as the camera passes.',
    captions: 'clean',
    camera: 'parallax',
    transitions: ['dissolve'],
    transitionMs: 800,
    letterbox: 0,
    vignette: 0.25,
  },
  noir: {
    title: 'Noir',
    description: 'Black and white, hard light and rain, cut to the bone.',
    captions: 'typewriter',
    camera: 'push',
    transitions: ['dip', 'cut'],
    transitionMs: 420,
    letterbox: 0.06,
    vignette: 0.75,
  },
};

/** How the scene at `index` of a video begins. */
export function cutOf(style: StyleName, index: number): TransitionKind {
  const { transitions } = styleLooks[style];
  return index === 0 ? 'cut' : transitions[(index - 1) % transitions.length]!;
}

interface MoodTraits {
  title: string;
  description: string;
  /** -1 = dark … 1 = bright. */
  valence: number;
  /** 0 = resting … 1 = driving. */
  arousal: number;
  /** -1 = cold … 1 = warm: colour temperature. */
  warmth: number;
}

export const moodTraits: Record<MoodName, MoodTraits> = {
  dramatic: {
    title: 'Dramatic',
    description: 'Minor, swelling, strong light against dark.',
    valence: -0.3,
    arousal: 0.75,
    warmth: 0.3,
  },
  calm: {
    title: 'Calm',
    description: 'Slow, open harmony and soft light.',
    valence: 0.4,
    arousal: 0.1,
    warmth: 0.1,
  },
  uplifting: {
    title: 'Uplifting',
    description: 'Major, rising, morning light.',
    valence: 0.9,
    arousal: 0.65,
    warmth: 0.5,
  },
  tense: {
    title: 'Tense',
    description: 'Pulsing, dissonant, cold and narrow.',
    valence: -0.6,
    arousal: 0.8,
    warmth: -0.5,
  },
  mysterious: {
    title: 'Mysterious',
    description: 'Modal, sparse, mist and half-light.',
    valence: -0.2,
    arousal: 0.3,
    warmth: -0.3,
  },
  playful: {
    title: 'Playful',
    description: 'Plucked, bouncing, candy colours.',
    valence: 0.8,
    arousal: 0.7,
    warmth: 0.35,
  },
  melancholic: {
    title: 'Melancholic',
    description: 'Slow minor, rain and dusk.',
    valence: -0.6,
    arousal: 0.15,
    warmth: -0.2,
  },
  epic: {
    title: 'Epic',
    description: 'Wide chords, drums, huge skies.',
    valence: 0.3,
    arousal: 0.95,
    warmth: 0.2,
  },
  neutral: {
    title: 'Neutral',
    description: 'Unobtrusive, even, daylight.',
    valence: 0.2,
    arousal: 0.35,
    warmth: 0,
  },
};
