// How each style handles the brush: edges, air, texture. Colours are in palettes.ts, motifs read both.
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import { weather } from './hours.ts';

export interface Treatment {
  /** How the sky (or a wall) is laid on. */
  sky: 'graded' | 'natural' | 'clean' | 'mesh' | 'flat' | 'bands' | 'misty' | 'hard';
  /** Radius of sun and moon as a share of the short side. */
  disc: number;
  /** Outline of land. */
  edges: 'jagged' | 'natural' | 'smooth' | 'angular' | 'lush';
  /** 0..1: clouds in the sky. */
  clouds: number;
  /** 0..1: light and shade on stone, walls and leaves. */
  relief: number;
  /** 0..1: how fast distance fades into the air. */
  haze: number;
  /** 0..1: how many things there are. */
  detail: number;
  /** 0..1: light on the edges of things. */
  rim: number;
  /** 0..1: glow around lights. */
  glow: number;
  texture: 'film' | 'fine' | 'print' | 'dots' | 'paper' | 'coarse' | 'none';
  foreground: 'branches' | 'grass' | 'panels' | 'shapes' | 'none' | 'frame' | 'leaves';
}

const treatments: Record<StyleName, Treatment> = {
  cinematic: {
    sky: 'graded',
    disc: 0.05,
    edges: 'jagged',
    clouds: 0.7,
    relief: 0.8,
    haze: 1,
    detail: 0.8,
    rim: 0.8,
    glow: 1,
    texture: 'film',
    foreground: 'branches',
  },
  documentary: {
    sky: 'natural',
    disc: 0.035,
    edges: 'natural',
    clouds: 0.95,
    relief: 1,
    haze: 0.65,
    detail: 1,
    rim: 0.25,
    glow: 0.4,
    texture: 'fine',
    foreground: 'grass',
  },
  corporate: {
    sky: 'clean',
    disc: 0.11,
    edges: 'smooth',
    clouds: 0,
    relief: 0,
    haze: 0.6,
    detail: 0.55,
    rim: 0.2,
    glow: 0.3,
    texture: 'none',
    foreground: 'panels',
  },
  social: {
    sky: 'mesh',
    disc: 0.19,
    edges: 'smooth',
    clouds: 0,
    relief: 0.15,
    haze: 0.35,
    detail: 0.7,
    rim: 0.6,
    glow: 0.8,
    texture: 'dots',
    foreground: 'shapes',
  },
  minimal: {
    sky: 'flat',
    disc: 0.14,
    edges: 'smooth',
    clouds: 0,
    relief: 0,
    haze: 0.8,
    detail: 0.15,
    rim: 0,
    glow: 0,
    texture: 'paper',
    foreground: 'none',
  },
  retro: {
    sky: 'bands',
    disc: 0.23,
    edges: 'angular',
    clouds: 0,
    relief: 0.25,
    haze: 0.3,
    detail: 0.5,
    rim: 0,
    glow: 0.15,
    texture: 'print',
    foreground: 'frame',
  },
  nature: {
    sky: 'misty',
    disc: 0.06,
    edges: 'lush',
    clouds: 0.55,
    relief: 0.55,
    haze: 0.9,
    detail: 1,
    rim: 0.3,
    glow: 0.7,
    texture: 'fine',
    foreground: 'leaves',
  },
  noir: {
    sky: 'hard',
    disc: 0.1,
    edges: 'jagged',
    clouds: 0.85,
    relief: 1,
    haze: 0.25,
    detail: 0.7,
    rim: 1,
    glow: 0.55,
    texture: 'coarse',
    foreground: 'none',
  },
};

/** The style's hand in the mood's weather. A style without clouds or glow gets none from a mood. */
export function treatmentOf(style: StyleName, mood: MoodName): Treatment {
  const own = treatments[style];
  const { haze, clouds, glow } = weather[mood];
  return {
    ...own,
    haze: Math.min(1, own.haze * haze),
    clouds: Math.min(1, own.clouds * clouds),
    // Up to this much glow is only hinted at; painters leave it out.
    glow: own.glow > 0.3 ? Math.min(1.2, own.glow * glow) : own.glow,
  };
}
