// Speaking a storyboard once, and the pace at which it fills the requested duration as nearly as voices naturally can;
// saying where they cannot.
import { AppError } from '../domain/errors.ts';
import { possibleDurations } from '../domain/possible-duration.ts';
import type { Storyboard } from '../domain/storyboard.ts';
import type { Timeline } from '../domain/timeline.ts';
import { limits, type VideoRequest } from '../domain/video-request.ts';
import type { InOrder } from '../ports/makers.ts';
import type { Speech } from '../ports/providers.ts';
import { allOrNone } from './all-or-none.ts';
import { firstThatWorks } from './first-that-works.ts';
import { choosePace } from './fit-duration.ts';
import type { Kitchen } from './kitchen.ts';
import { type Narration, narrateStep } from './steps/narrate.ts';

/** Sound as the voice spoke it; length and times of the words as they are at `pace`. */
export interface PacedNarration extends Narration {
  pace: number;
}

/** Of narrations. */
const framesPerMs = 48;
/** As many as are spoken before it is known whether the voice can. */
const scenesAtOnce = 8;
/** A requested duration counts as met within this. */
const durationToleranceMs = 500;

/** Milliseconds; undefined when the narration decides. */
export function requestedMs({ duration }: VideoRequest): number | undefined {
  return duration === undefined ? undefined : duration * 1000;
}

/**
 * Speaks every scene and paces it for the requested duration; the paced sound itself is made later. Throws
 * `duration_impossible` when it is strictly asked for and out of reach.
 */
export async function narrateScenes(
  request: VideoRequest,
  storyboard: Storyboard,
  kitchen: Kitchen,
): Promise<PacedNarration[]> {
  const { makers, run } = kitchen;
  const { language, scenes } = storyboard;
  // One voice for all of it: when one scene cannot be spoken, another maker speaks every scene, and no more is paid for.
  const natural = await firstThatWorks('voice', speakersFor(request, makers.speech), kitchen, (speech) =>
    allOrNone(scenes, scenesAtOnce, ({ id, text, energy, emphasis }) => {
      const delivery = { mood: request.mood, energy, emphasis };
      const input = { text, language, delivery, ...voiceOf(speech, request, makers.speech) };
      return run(narrateStep(speech, input.voice), input, id);
    }),
  );
  noteUnspoken(natural, kitchen);
  const wantedMs = requestedMs(request);
  if (wantedMs === undefined) return natural.map((narration) => paced(narration, 1));
  const speechMs = natural.reduce((sum, { durationMs }) => sum + durationMs, 0);
  if (request.strict) refuseImpossibleDuration(wantedMs, speechMs, scenes.length);
  const pace = choosePace(speechMs, scenes.length, wantedMs);
  if (pace !== 1) kitchen.progress.expect('narrate', 2 * scenes.length);
  return natural.map((narration) => paced(narration, pace));
}

/** Those who have the requested voice before those who would lend another. */
function speakersFor({ voice }: VideoRequest, speakers: InOrder<Speech>): InOrder<Speech> {
  const able = speakers.filter((speech) => has(speech, voice));
  const others = speakers.filter((speech) => !able.includes(speech));
  const [first = speakers[0], ...rest] = [...able, ...others];
  return [first, ...rest];
}

/** The requested voice for whom it is meant; a stand-in speaks with its own. */
function voiceOf(speech: Speech, { voice }: VideoRequest, speakers: InOrder<Speech>): { voice?: string } {
  const isTheirs = !has(speech, voice) && speakers.some((other) => has(other, voice));
  return voice === undefined || isTheirs ? {} : { voice };
}

function has(speech: Speech, voice: string | undefined): boolean {
  return voice !== undefined && speech.voices().some((each) => each.voice === voice);
}

/** Times as MediaTools.paceSpeech makes them. */
function paced(narration: Narration, pace: number): PacedNarration {
  const frames = Math.round(narration.durationMs * framesPerMs);
  return {
    ...narration,
    pace,
    durationMs: Math.round(frames / pace) / framesPerMs,
    words: narration.words.map(({ text, startMs, endMs }) => ({
      text,
      startMs: Math.round(startMs / pace),
      endMs: Math.round(endMs / pace),
    })),
  };
}

/** Words that are shown but not heard are said so. */
function noteUnspoken(narrations: Narration[], { degrade }: Kitchen): void {
  const words = [...new Set(narrations.flatMap(({ unspoken }) => unspoken))];
  if (words.length === 0) return;
  const shown = words
    .slice(0, 8)
    .map((word) => (word.length > 24 ? `${word.slice(0, 24).toWellFormed()}…` : word));
  degrade({
    capability: 'voice',
    cause: `The voice cannot say, or not wholly: ${shown.join(' ')}${words.length > 8 ? ' …' : ''}`,
    remedy: 'Write these words in the letters of the script’s language, and long numbers in words.',
  });
}

function refuseImpossibleDuration(wantedMs: number, speechMs: number, scenes: number): void {
  const { shortestMs, longestMs } = possibleDurations(speechMs, scenes);
  if (wantedMs >= shortestMs - durationToleranceMs && wantedMs <= longestMs + durationToleranceMs) return;
  const from = Math.max(limits.minDurationSeconds, Math.ceil(shortestMs / 1000));
  const to = Math.min(limits.maxDurationSeconds, Math.floor(longestMs / 1000));
  const ask =
    from > to
      ? `It takes at least ${from} s: shorten the script`
      : `Ask for ${from} to ${to} s, change the script`;
  throw new AppError(
    'duration_impossible',
    `This narration cannot fill ${wantedMs / 1000} s at a natural pace.`,
    {
      hint: `${ask}, or send strict: false for the nearest possible length.`,
    },
  );
}

/** Whether the requested duration is met; if not, says so as a degradation. */
export function noteDuration(
  request: VideoRequest,
  timeline: Timeline,
  narrations: Narration[],
  { degrade }: Kitchen,
): boolean {
  const wantedMs = requestedMs(request);
  if (wantedMs === undefined || Math.abs(timeline.durationMs - wantedMs) <= durationToleranceMs) return true;
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const words = narrations.reduce((sum, narration) => sum + narration.words.length, 0);
  const way = timeline.durationMs > wantedMs ? 'Shorten the script' : 'Write a longer script';
  degrade({
    capability: 'duration',
    cause: `${words} ${words === 1 ? 'word' : 'words'} cannot be spoken naturally in ${seconds(wantedMs)} s; made ${seconds(timeline.durationMs)} s.`,
    remedy: `${way}, or ask for about ${Math.round(timeline.durationMs / 1000)} s.`,
  });
  return false;
}
