// What a user asks for, in wire form (snake_case), with every default filled in. Kept on the job as its payload.

import type { SceneMedia } from './user-media.ts';

export const styles = [
  'cinematic',
  'documentary',
  'corporate',
  'social',
  'minimal',
  'retro',
  'nature',
  'noir',
] as const;
export type StyleName = (typeof styles)[number];

export const moods = [
  'dramatic',
  'calm',
  'uplifting',
  'tense',
  'mysterious',
  'playful',
  'melancholic',
  'epic',
  'neutral',
] as const;
export type MoodName = (typeof moods)[number];

export const aspectRatios = ['16:9', '9:16', '1:1', '4:5'] as const;
export type AspectRatio = (typeof aspectRatios)[number];

export const resolutions = ['720p', '1080p', '2160p'] as const;
export type Resolution = (typeof resolutions)[number];

export const frameRates = [24, 25, 30, 60] as const;
export type FrameRate = (typeof frameRates)[number];

export const captionStyles = ['bold', 'clean', 'karaoke', 'boxed', 'typewriter'] as const;
export type CaptionStyle = (typeof captionStyles)[number];

export const captionPositions = ['bottom', 'middle', 'top'] as const;
export type CaptionPosition = (typeof captionPositions)[number];

export const limits = {
  scriptChars: 20_000,
  scenes: 200,
  minDurationSeconds: 5,
  maxDurationSeconds: 600,
  metadataKeys: 16,
  metadataChars: 512,
} as const;

export interface VideoRequest {
  /** The words to speak. Empty when `scenes` is used. */
  script: string;
  /** The caller's own scene split; each text is spoken as it is. */
  scenes?: { text: string; media?: SceneMedia }[];
  style: StyleName;
  mood: MoodName;
  /** Seconds; absent = as long as the narration takes. */
  duration?: number;
  aspect_ratio: AspectRatio;
  resolution: Resolution;
  fps: FrameRate;
  /** BCP 47 primary tag such as `en`; absent = detected from the script. */
  language?: string;
  /** A voice id from `/v1/voices`; absent = the language's default. */
  voice?: string;
  /** The title over the opening, and again, quietly, over the end. */
  title_cards: boolean;
  captions: { enabled: boolean; style?: CaptionStyle; position: CaptionPosition };
  audio: { music: boolean; effects: boolean; loudness_lufs: number };
  /** True = a planner that can may rewrite the words for the ear; else they are spoken as they are. */
  rewrite: boolean;
  budget_micro_usd?: number;
  /** Who is told of the job, besides the user's other webhooks. */
  webhook_url?: string;
  /** True = any fallback is an error instead of a named degradation. */
  strict: boolean;
  /** True = wait in `awaiting_approval` after planning. */
  approval: boolean;
  seed: number;
  /** Echoed on the job, never looked at. */
  metadata: Record<string, string>;
}

const shortSides: Record<Resolution, number> = { '720p': 720, '1080p': 1080, '2160p': 2160 };

/** Pixels of the picture; both sides are even. The resolution names the shorter side. */
export function frameSize(aspect: AspectRatio, resolution: Resolution): { width: number; height: number } {
  const short = shortSides[resolution];
  const [w, h] = aspect.split(':').map(Number) as [number, number];
  const long = 2 * Math.round((short * Math.max(w, h)) / Math.min(w, h) / 2);
  return w >= h ? { width: long, height: short } : { width: short, height: long };
}
