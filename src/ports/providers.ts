// The makers behind the recipe: language, speech, music, sound effects, visuals. Offline ones run in the media
// process; paid ones are adapters. All are pure in their input: same input, same seed, same result.
import type { SceneArtInfo } from '../domain/scene-art.ts';
import type { EffectKind, Scene, Storyboard } from '../domain/storyboard.ts';
import type { MoodName, StyleName, VideoRequest } from '../domain/video-request.ts';
import type { MadeFile } from './made-file.ts';
import type { WorkContext } from './work-context.ts';

/** A request in numbers, before it is planned. */
export interface PlannedWork {
  characters: number;
  /** For which a picture is to be made. */
  scenes: number;
  videoSeconds: number;
  effects: number;
}

/** Identity of a maker, part of its steps' keys: a new build means a new key. */
export interface Maker {
  /** Such as `offline/flite`. */
  readonly id: string;
  /** Build or model version. */
  readonly version: string;
  /** What its part of such a video will cost, micro-USD, as far as that can be told; absent = nothing. */
  expectedMicroUsd?(work: PlannedWork): number;
}

/** Who made what was not made here, and on which terms; it goes into the manifest and the video's description. */
export interface Credit {
  title: string;
  author: string;
  /** As its owner names it, such as `CC0 1.0`. */
  licence: string;
  /** Where the licence is written down. */
  licenceUrl?: string;
  /** Where the work is to be found. */
  url: string;
}

export interface Language extends Maker {
  /** True = it rewrites the words when the request says so. */
  readonly rewrites?: boolean;
  /**
   * Splits and directs the script. Keeps the user's words, unless it rewrites and was asked to. Throws
   * `script_unspeakable`, `language_unsupported`.
   */
  plan(input: PlanInput, context: WorkContext): Promise<Storyboard>;
}

export type PlanInput = Pick<
  VideoRequest,
  'script' | 'scenes' | 'style' | 'mood' | 'language' | 'seed' | 'duration'
> & {
  /** Only for those that can. */
  rewrite?: true;
};

export interface SpeechInput {
  text: string;
  language: string;
  /** Voice id; undefined = the language's default. */
  voice?: string;
  /** Absent = neutral. */
  delivery?: Delivery;
}

/** How a text is meant to be said: makers follow it as far as their voices can. */
export interface Delivery {
  mood: MoodName;
  /** 0..1. */
  energy: number;
  /** Tokens of the text (domain/tokens.ts) to stress, by index. */
  emphasis: number[];
}

export interface SpokenWord {
  /** A whitespace-separated token of `text`, unchanged; CJK and Thai: a segmenter word. Together they give all of it. */
  text: string;
  /** From the start of the audio. */
  startMs: number;
  endMs: number;
}

export interface SpeechResult {
  /** At the voice's natural pace: 48 kHz mono 16-bit WAV, silence before and after trimmed to ≤ 30 ms. */
  audio: MadeFile;
  durationMs: number;
  words: SpokenWord[];
  /** The voice that spoke. */
  voice: string;
  /** Words of the text that it could not say, or not wholly; shown, but not heard. */
  unspoken: string[];
}

export interface Voice {
  voice: string;
  name: string;
  /** BCP 47 primary tags. */
  languages: string[];
  engine: string;
  licence: string;
  /** In plain words: 'female, warm'. */
  description: string;
  /** Of what a user added to make it; another digest is another voice. */
  digest?: string;
}

export interface Speech extends Maker {
  voices(): Voice[];
  /**
   * Called once a text, however long the video shall be: another pace is MediaTools.paceSpeech's work. Throws `script_unspeakable`,
   * `language_unsupported`, `request_invalid` (unknown voice).
   */
  speak(input: SpeechInput, context: WorkContext): Promise<SpeechResult>;
}

export interface MusicInput {
  mood: MoodName;
  style: StyleName;
  durationMs: number;
  /** Scene starts with their energy 0..1; the form follows them. The last bar ends with the video. */
  sections: { startMs: number; energy: number }[];
  seed: number;
}

export interface Music extends Maker {
  /**
   * When the beats of what `compose` makes of the same input fall, ms, in order; quick, and free of charge. Empty where
   * that cannot be known beforehand.
   */
  planBeats(input: MusicInput, context: WorkContext): Promise<number[]>;
  /** 48 kHz stereo 16-bit WAV of exactly `durationMs`. Tempo and key as far as they are known. */
  compose(
    input: MusicInput,
    context: WorkContext,
  ): Promise<{ audio: MadeFile; tempoBpm: number | null; key: string | null; credits?: Credit[] }>;
}

export interface SoundEffects extends Maker {
  /** 48 kHz stereo 16-bit WAV of exactly `durationMs`, its hit (if any) at the start. */
  make(
    input: { kind: EffectKind; durationMs: number; seed: number },
    context: WorkContext,
  ): Promise<{ audio: MadeFile; credits?: Credit[] }>;
}

export interface VisualsInput {
  scene: Pick<Scene, 'motif' | 'keywords' | 'energy' | 'variant' | 'seed' | 'text'>;
  style: StyleName;
  mood: MoodName;
  /** Frame size; layers are painted with room to move around it. */
  width: number;
  height: number;
}

/** Layer files in the order of `info.layers`, in the format of domain/scene-art.ts. */
export interface PaintedPicture {
  info: SceneArtInfo;
  layers: MadeFile[];
}

/** An image or a clip that MediaTools.prepareMedia makes into a scene's art; one of the user's own types. */
export interface FoundPicture {
  picture: MadeFile;
  credits?: Credit[];
}

export interface Visuals extends Maker {
  illustrate(input: VisualsInput, context: WorkContext): Promise<PaintedPicture | FoundPicture>;
}
