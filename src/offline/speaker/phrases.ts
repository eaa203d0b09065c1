// Cuts an utterance at its rests into phrases, close around what is heard, so that silences can be set exactly.
import type { TimeSpan, Utterance } from './engine.ts';
import type { ScriptPiece } from './read-script.ts';

export interface Phrase {
  /** At the engine's rate, soft at both edges. */
  samples: Float32Array;
  /** One per token of each piece of the phrase, within its sound; from the phrase's start. */
  words: { token: number; startMs: number; endMs: number }[];
  /** The rest behind it, measured between what is heard. */
  restMs: number;
  /** Quiet sound kept before the first and after the last that is heard; counts as part of rests. */
  leadMs: number;
  tailMs: number;
}

const restMs: Record<ScriptPiece['rest'], number> = {
  none: 40,
  breath: 90,
  comma: 180,
  clause: 240,
  dash: 240,
  sentence: 420,
  exclamation: 420,
  question: 460,
  ellipsis: 520,
  paragraph: 700,
};

const keptLeadMs = 10;
const keptTailMs = 20;
const windowMs = 4;
/** Below the loudest window of the utterance: not heard. */
const heardDb = -42;

/** `pieces` as spoken in `utterance`; `rests` is the factor of the rests between them. */
export function cutIntoPhrases(utterance: Utterance, pieces: ScriptPiece[], rests = 1): Phrase[] {
  const { samples, sampleRate } = utterance;
  const totalMs = (samples.length * 1000) / sampleRate;
  const spans = fillSpans(utterance.spans, pieces, totalMs);
  const level = windowLevels(samples, sampleRate);
  const threshold = Math.max(1e-4, level.reduce((a, b) => Math.max(a, b), 0) * 10 ** (heardDb / 20));

  const phrases: Phrase[] = [];
  for (let first = 0; first < pieces.length; ) {
    let last = first;
    while (last < pieces.length - 1 && pieces[last]!.rest === 'none') last++;
    const before = first === 0 ? 0 : spans[first - 1]!.endMs;
    const after = last === pieces.length - 1 ? totalMs : spans[last + 1]!.startMs;
    const heard = heardSpan(level, threshold, {
      startMs: spans[first]!.startMs - Math.min(20, (spans[first]!.startMs - before) / 2),
      endMs: spans[last]!.endMs + Math.min(60, (after - spans[last]!.endMs) / 2),
    });
    const startMs = Math.max(before, heard.startMs - keptLeadMs);
    const endMs = Math.min(after, heard.endMs + keptTailMs);
    const [leadMs, tailMs] = [heard.startMs - startMs, endMs - heard.endMs];
    const within = (ms: number) => Math.min(Math.max(ms, heard.startMs), heard.endMs) - startMs;
    phrases.push({
      samples: cutSoftly(samples, sampleRate, { startMs, endMs }, leadMs, tailMs),
      words: pieces.slice(first, last + 1).flatMap((piece, i) => {
        const { startMs: from, endMs: to } = spans[first + i]!;
        return shareOut(piece, within(from), within(to));
      }),
      restMs: rests * restMs[pieces[last]!.rest],
      leadMs,
      tailMs,
    });
    first = last + 1;
  }
  return phrases;
}

/** The tokens that a piece is the reading of share its time. */
function shareOut({ token, through = token }: ScriptPiece, startMs: number, endMs: number): Phrase['words'] {
  const count = through - token + 1;
  const at = (share: number) => startMs + ((endMs - startMs) * share) / count;
  return Array.from({ length: count }, (_, i) => ({
    token: token + i,
    startMs: at(i),
    endMs: at(i + 1),
  }));
}

/**
 * A time for every piece, in order and without overlap: pieces whose sounds went to a neighbour share its time by the
 * length of their texts.
 */
function fillSpans(spans: (TimeSpan | null)[], pieces: ScriptPiece[], totalMs: number): TimeSpan[] {
  const groups: { span: TimeSpan; members: number[] }[] = [];
  const waiting: number[] = [];
  spans.forEach((span, i) => {
    if (span) groups.push({ span: { ...span }, members: [...waiting.splice(0), i] });
    else if (groups.length > 0) groups.at(-1)!.members.push(i);
    else waiting.push(i);
  });
  if (groups.length === 0) groups.push({ span: { startMs: 0, endMs: totalMs }, members: waiting });

  const filled: TimeSpan[] = [];
  let reachedMs = 0;
  for (const { span, members } of groups) {
    const startMs = Math.max(reachedMs, span.startMs);
    const endMs = Math.min(totalMs, Math.max(startMs, span.endMs));
    const letters = members.reduce((sum, i) => sum + pieces[i]!.text.length, 0);
    let from = startMs;
    for (const i of members) {
      const to = from + ((endMs - startMs) * pieces[i]!.text.length) / letters;
      filled.push({ startMs: from, endMs: to });
      from = to;
    }
    reachedMs = endMs;
  }
  return filled;
}

function windowLevels(samples: Float32Array, sampleRate: number): Float32Array {
  const size = (windowMs * sampleRate) / 1000;
  return Float32Array.from({ length: Math.floor(samples.length / size) }, (_, w) => {
    const [from, to] = [Math.round(w * size), Math.round((w + 1) * size)];
    let sum = 0;
    for (let i = from; i < to; i++) sum += samples[i]! * samples[i]!;
    return Math.sqrt(sum / (to - from));
  });
}

/** From the first to the last window above the threshold; all of `within` when none is. */
function heardSpan(level: Float32Array, threshold: number, within: TimeSpan): TimeSpan {
  const from = Math.max(0, Math.floor(within.startMs / windowMs));
  const to = Math.min(level.length, Math.ceil(within.endMs / windowMs));
  let first = from;
  while (first < to && level[first]! < threshold) first++;
  if (first === to) return within;
  let last = to - 1;
  while (level[last]! < threshold) last--;
  return { startMs: first * windowMs, endMs: (last + 1) * windowMs };
}

function cutSoftly(
  samples: Float32Array,
  sampleRate: number,
  { startMs, endMs }: TimeSpan,
  leadMs: number,
  tailMs: number,
): Float32Array {
  const frame = (ms: number) => Math.round((ms * sampleRate) / 1000);
  const cut = samples.slice(frame(startMs), frame(endMs));
  // Two milliseconds soften a cut through sound without being heard as a fade.
  const rise = frame(Math.max(2, leadMs));
  const fall = frame(Math.max(2, tailMs));
  for (let i = 0; i < Math.min(rise, cut.length); i++) cut[i]! *= ease(i / rise);
  for (let i = 0; i < Math.min(fall, cut.length); i++) cut[cut.length - 1 - i]! *= ease(i / fall);
  return cut;
}

function ease(share: number): number {
  return share * share * (3 - 2 * share);
}
