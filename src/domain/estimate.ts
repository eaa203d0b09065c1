// How much work a request will be, told from its words, its frames and how long steps took lately. Pure arithmetic:
// nothing is planned, spoken or rendered for it.
import { possibleDurations, silences, totalSilenceMs } from './possible-duration.ts';
import { frameSize, limits, type VideoRequest } from './video-request.ts';

export interface Estimate {
  words: number;
  scenes: number;
  frames: number;
  /** Length of the video, seconds. */
  videoSeconds: number;
  /** Lengths to which pace and pauses can bring this narration, seconds. */
  possibleSeconds: { min: number; max: number };
  /** Seconds one processor works; two at once halve the wait. */
  workSeconds: number;
  /** `measured` when this system's own step times were used for every step, `typical` when for none. */
  basis: 'measured' | 'partly_measured' | 'typical';
}

const wordsPerSecond = 2.6;
const wordsPerScene = 10;
/** A scene of this size is what the times of rendering and painting are scaled from: 5 s of 1080p30. */
const typicalScene = { frames: 150, pixels: 1920 * 1080 };

/** Milliseconds of one run on a two-core machine, until this system has measured its own. */
const typicalMs = {
  plan: 60,
  'check-glyphs': 60,
  narrate: 200,
  'pace-narration': 40,
  illustrate: 900,
  'compose-music': 1_500,
  'find-effect': 120,
  'mix-audio': 1_800,
  'render-scene': 2_600,
  assemble: 700,
  inspect: 1_500,
  publish: 40,
  'make-thumbnail': 250,
} as const;
type StepName = keyof typeof typicalMs;
/** Steps that run once per scene, whose typical times are scaled to the request's pictures. */
const perScene = new Set<StepName>(['illustrate', 'render-scene']);

/**
 * Work of `request` in seconds. `medianMs` is what the step store measured, by step name; steps it does not know
 * count with typical times.
 */
export function estimateWork(request: VideoRequest, medianMs: Record<string, number>): Estimate {
  const texts = request.scenes?.map(({ text }) => text) ?? [request.script];
  const words = texts.reduce((sum, text) => sum + countWords(text), 0);
  const scenes = request.scenes?.length ?? Math.max(1, Math.round(words / wordsPerScene));
  const speechMs = (words / wordsPerSecond) * 1000;
  const videoSeconds = request.duration ?? (speechMs + totalSilenceMs(silences.natural, scenes)) / 1000;
  const frames = Math.round(videoSeconds * request.fps);
  const { width, height } = frameSize(request.aspect_ratio, request.resolution);
  const pixelShare = (width * height) / typicalScene.pixels;

  const runs: Record<StepName, number> = {
    plan: 1,
    'check-glyphs': 1,
    narrate: scenes,
    'pace-narration': request.duration === undefined ? 0 : scenes,
    illustrate: scenes * pixelShare,
    'compose-music': request.audio.music ? 1 : 0,
    'find-effect': request.audio.effects ? scenes : 0,
    'mix-audio': 1,
    'render-scene': (frames / typicalScene.frames) * pixelShare,
    assemble: 1,
    inspect: 1,
    publish: 1,
    'make-thumbnail': 1,
  };
  const steps = (Object.entries(runs) as [StepName, number][]).filter(([, count]) => count > 0);
  const measured = steps.filter(([step]) => medianMs[step] !== undefined).length;
  const workMs = steps.reduce((sum, [step, count]) => {
    const median = medianMs[step];
    if (median === undefined) return sum + count * typicalMs[step];
    // A measured scene is of the sizes that are usual here; the typical one is of one size.
    return sum + median * (perScene.has(step) ? scenes : count);
  }, 0);
  return {
    words,
    scenes,
    frames,
    videoSeconds: tenths(videoSeconds),
    possibleSeconds: possibleLengths(speechMs, scenes),
    workSeconds: tenths(workMs / 1000),
    basis: measured === 0 ? 'typical' : measured === steps.length ? 'measured' : 'partly_measured',
  };
}

/** Whole seconds, rounded into what is possible and may be asked for; more than may be where the words take longer. */
function possibleLengths(speechMs: number, scenes: number): { min: number; max: number } {
  const { shortestMs, longestMs } = possibleDurations(speechMs, scenes);
  const min = Math.max(limits.minDurationSeconds, Math.ceil(shortestMs / 1000));
  const max = Math.min(limits.maxDurationSeconds, Math.floor(longestMs / 1000));
  return { min, max: Math.max(min, max) };
}

/** Spoken words, also where a language writes them without spaces. */
function countWords(text: string): number {
  let words = 0;
  for (const { segment, isWordLike } of new Intl.Segmenter('en', { granularity: 'word' }).segment(text)) {
    if (isWordLike) words += wordsOfNumber(segment) || 1;
  }
  return words;
}

/** How many words are spoken for it: each three digits are five, such as "eight hundred seventy six billion". */
function wordsOfNumber(segment: string): number {
  const digits = segment.match(/\p{Nd}/gu)?.length ?? 0;
  return digits <= 4 ? digits : Math.round((digits * 5) / 3);
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
