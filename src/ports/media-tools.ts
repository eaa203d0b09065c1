// The deterministic media work of the recipe. Paths in, files out; nothing here knows jobs, blobs or users.
import type { Figure } from '../domain/figure.ts';
import type { Report } from '../domain/report.ts';
import type { SceneArtInfo } from '../domain/scene-art.ts';
import type { FrameFormat, TimedScene, Timeline } from '../domain/timeline.ts';
import type { MediaFacts, MediaFit, UserMediaType } from '../domain/user-media.ts';
import type {
  CaptionPosition,
  CaptionStyle,
  FrameRate,
  MoodName,
  StyleName,
} from '../domain/video-request.ts';
import type { MadeFile } from './made-file.ts';
import type { WorkContext } from './work-context.ts';

export interface Clip {
  path: string;
  startMs: number;
}

export interface MixInput {
  durationMs: number;
  /** One file per scene: 48 kHz mono WAV. */
  narration: Clip[];
  /** When somebody speaks; music and beds duck there. */
  speech: { startMs: number; endMs: number }[];
  /** 48 kHz stereo WAV of the whole length, or null. */
  music: string | null;
  effects: (Clip & { intensity: number; role: 'bed' | 'hit' })[];
  loudnessLufs: number;
}

export interface MixResult {
  /** The finished sound: 48 kHz stereo WAV of exactly `durationMs`, at the asked loudness, peaks limited. */
  mix: MadeFile;
  /** Stems as they stand in the mix, ducking included, before the master limiter. */
  narration: MadeFile;
  music: MadeFile | null;
  effects: MadeFile | null;
  integratedLufs: number;
  truePeakDbtp: number;
  narrationToMusicLu: number | null;
}

export interface SceneArtFiles {
  info: SceneArtInfo;
  /** Paths in the order of `info.layers`. */
  layers: string[];
  /** Path of the clip, when `info.clip` tells of one. */
  clip?: string;
}

/** A moment of a video file; past the end counts as the end. */
export interface Still<File> {
  video: File;
  atMs: number;
  /** The title stands alone on screen. */
  isTitle: boolean;
}

/** A user's file and how the scene wants it. */
export interface PrepareMediaInput {
  source: string;
  mediaType: UserMediaType;
  fit: MediaFit;
  focus: { x: number; y: number };
  /** Of the finished picture. */
  frame: { width: number; height: number; fps: FrameRate };
  /** Height of the black bars above and below, which will hide that much of the picture. */
  barHeight: number;
  /** Of a clip, at most so many frames are kept; a shorter clip is kept whole. Null for images. */
  frames: number | null;
}

export interface RenderSceneInput {
  format: FrameFormat;
  style: StyleName;
  mood: MoodName;
  /** Times and frames count from the scene's own start. */
  scene: TimedScene;
  /** Position in the video: scene 0 fades in. */
  index: number;
  /** The last scene fades out. */
  last: boolean;
  /** Shown over the start of scene 0, and after the last word of the last of several; empty = no card. */
  title: string;
  /** Right-to-left and font choice follow it. */
  language: string;
  art: SceneArtFiles;
  /** The scene before (its own times, no words), whose last picture the transition starts from; null for the first. */
  previous: { scene: TimedScene; art: SceneArtFiles; seed: number } | null;
  captions: { style: CaptionStyle | null; position: CaptionPosition } | null;
  /** Shown beside the captions from its word on. */
  figure?: Figure | null;
  seed: number;
}

export interface AssembleInput {
  format: FrameFormat;
  /** Rendered scenes in order. */
  scenes: string[];
  mix: string;
  title: string;
  language: string;
  comment: string;
  chapters: { title: string; startMs: number; endMs: number }[];
}

export interface InspectInput {
  video: string;
  /** Stems of the mix, to look for the narration and to weigh the music against it. */
  narration: string;
  music: string | null;
  timeline: Timeline;
  requestedDurationMs: number | null;
  /** False when it is known, and was named, that the request cannot be met: that is reported, not judged. */
  durationMet: boolean;
  loudnessLufs: number;
  captions: boolean;
  /** Share 0..1 of the characters that the fonts can draw. */
  glyphCoverage: number;
  chapters: number;
  /** Scenes that show the user's own picture, or one that was found (left out: none): when it stands still, it was sent so. */
  userPictures?: string[];
}

export interface DescribeInput {
  style: StyleName;
  /** Null = the style's own. */
  captionStyle: CaptionStyle | null;
  captions: string;
  title: string;
  language: string;
}

export interface ToolFacts {
  /** By name: of the program, its runtime, and the libraries that make pictures and sound. */
  versions: Record<string, string>;
  fonts: { family: string; package: string; version: string; licence: string }[];
}

export interface MediaTools {
  /** Of the code and libraries behind these tools; part of every step key. */
  readonly version: string;
  /**
   * A voice faster (`pace` above 1) or slower at its own pitch: 48 kHz mono 16-bit WAV of `round(frames / pace)` frames, in
   * which what was heard at t is heard at t / pace, within 10 ms.
   */
  paceSpeech(input: { audio: string; pace: number }, context: WorkContext): Promise<MadeFile>;
  /** Sets each scene's narration, music and effects together. */
  mixAudio(input: MixInput, context: WorkContext): Promise<MixResult>;
  /** H.264 in MP4, closed GOP, exactly `endFrame - startFrame` frames, no audio. */
  renderScene(input: RenderSceneInput, context: WorkContext): Promise<MadeFile>;
  /** Joins scenes and sound: faststart MP4, H.264 copied, AAC encoded, chapters and metadata. */
  assemble(input: AssembleInput, context: WorkContext): Promise<MadeFile>;
  /**
   * A JPEG at most 1280 wide of the sharpest and fullest of the stills. One in which the title stands alone on screen is
   * taken unless its picture is clearly poorer.
   */
  makeThumbnail(input: { stills: Still<string>[] }, context: WorkContext): Promise<MadeFile>;
  /** Measures the finished file. Returns the report with every gate, passed or not; throws only if unreadable. */
  inspect(input: InspectInput, context: WorkContext): Promise<Report>;
  /**
   * Looks at a user's file: what it is, by its bytes, and that it can be decoded. Throws `media_unreadable`, and
   * `media_refused` for what is too large, too long or of a kind that is not accepted.
   */
  probeMedia(input: { source: string }, context: WorkContext): Promise<MediaFacts>;
  /**
   * A user's file as a scene's art: an image as one layer for the camera to move over, a clip as frames of the video's
   * size and rate. Throws as `probeMedia`.
   */
  prepareMedia(
    input: PrepareMediaInput,
    context: WorkContext,
  ): Promise<{ info: SceneArtInfo; layers: MadeFile[]; clip?: MadeFile }>;
  /**
   * A sound file that came from elsewhere (MP3, WAV, FLAC, Ogg, AAC, by its bytes) as 48 kHz 16-bit WAV. `trim` cuts
   * silence at both ends down to 20 ms; `cutMs` is what was cut at the start. `durationMs` is met exactly: the end is faded
   * and cut, or silence follows, or with `repeat` the same again, its end going over into its start. `loudnessLufs` is
   * met as far as peaks allow; without it the level stays. Throws `media_unreadable` for what is no sound, silent, damaged,
   * or too much.
   */
  prepareSound(
    input: {
      source: string;
      channels: 1 | 2;
      durationMs?: number;
      trim: boolean;
      repeat?: boolean;
      loudnessLufs?: number;
    },
    context: WorkContext,
  ): Promise<{ audio: MadeFile; durationMs: number; cutMs: number }>;
  /** Sounds (48 kHz mono WAV) one behind the other, with rests between them; `startsMs` is where each begins. */
  joinSounds(
    input: { sounds: string[]; restMs: number },
    context: WorkContext,
  ): Promise<{ audio: MadeFile; startsMs: number[]; durationMs: number }>;
  /** Which software works here, and which fonts draw these texts: for the manifest. Empty texts use none. */
  describe(input: DescribeInput, context: WorkContext): Promise<ToolFacts>;
  /** Share 0..1 of the text's graphemes that the bundled fonts can draw, and which cannot be. */
  checkGlyphs(
    input: { text: string; language: string },
    context: WorkContext,
  ): Promise<{
    coverage: number;
    missing: string[];
  }>;
}
