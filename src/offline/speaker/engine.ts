// What every speech engine gives: one sentence in, its sound and the time of each piece out. Engines know neither
// tokens of the script nor pauses between sentences.

/** How long the voice rests after a piece; the engine gets it as punctuation, the pauses are then set exactly. */
export type Rest =
  | 'none'
  | 'breath'
  | 'comma'
  | 'clause'
  | 'dash'
  | 'sentence'
  | 'question'
  | 'exclamation'
  | 'ellipsis'
  | 'paragraph';

/** What is spoken for one token of the script. */
export interface Piece {
  /** Words as the engine shall read them, without markup; empty = this token is silent. */
  text: string;
  rest: Rest;
}

/** Milliseconds from the start of the utterance. */
export interface TimeSpan {
  startMs: number;
  endMs: number;
}

export interface Utterance {
  samples: Float32Array;
  sampleRate: number;
  /** One per piece: from its first to its last sound; null when none of the sounds is known to be its own. */
  spans: (TimeSpan | null)[];
}

export interface SpeechEngine {
  /** Speaks the pieces as one sentence. `pace` 1 = natural. The engine's voice names are its own. */
  speak(pieces: Piece[], voice: string, pace: number): Utterance | Promise<Utterance>;
}

/** An engine that answers at once. */
export interface PromptEngine extends SpeechEngine {
  speak(pieces: Piece[], voice: string, pace: number): Utterance;
}

const marks: Record<Rest, string> = {
  none: '',
  breath: ',',
  comma: ',',
  clause: ',',
  dash: ',',
  sentence: '.',
  question: '?',
  exclamation: '!',
  ellipsis: '.',
  paragraph: '.',
};

/** Punctuation by which the engine hears the rest after the piece; only the last piece ends the sentence. */
export function markOf(rest: Rest, last: boolean): string {
  // An utterance that ends without a rest goes on in the next: no falling voice.
  if (last && rest !== 'none') return /[.?!]/.test(marks[rest]) ? marks[rest] : '.';
  if (last) return ',';
  return rest === 'none' ? '' : ',';
}
