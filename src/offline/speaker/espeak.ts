// The engine of many languages: eSpeak NG, compiled by Emscripten. A sentence gives sound and phoneme times by text
// position. It keeps state between utterances, so a reading that shall repeat exactly takes an engine of its own.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import loadEspeak, { type EspeakEvent } from '@echogarden/espeak-ng-emscripten';

import { markOf, type Piece, type PromptEngine, type TimeSpan } from './engine.ts';

/** Slower than the engine's 175: a narrator's pace. */
const naturalWordsPerMinute = 148;

const require = createRequire(import.meta.url);
let engineData: Promise<ArrayBuffer> | undefined;

/** Dictionaries and voices, read once: every engine only looks at them. */
function loadData(): Promise<ArrayBuffer> {
  engineData ??= readFile(require.resolve('@echogarden/espeak-ng-emscripten/espeak-ng.data')).then(
    (bytes) => new Uint8Array(bytes).buffer,
  );
  return engineData;
}

/** A fresh engine: the same calls in the same order give the same sound. */
export async function createEspeak(): Promise<PromptEngine> {
  const data = await loadData();
  const { eSpeakNGWorker } = await loadEspeak({ getPreloadedPackage: () => data });
  const worker = new eSpeakNGWorker();

  return {
    speak(pieces, voice, pace) {
      if (worker.set_voice(voice) !== 0) throw new Error(`espeak has no voice ${voice}`);
      worker.set_rate(Math.round(naturalWordsPerMinute * pace));
      const { text, owners } = sentenceOf(pieces);
      const chunks: Int16Array[] = [];
      const events: EspeakEvent[] = [];
      worker.synthesize(text, (samples, heard) => {
        chunks.push(samples);
        events.push(...heard);
      });
      return {
        samples: toFloats(chunks),
        sampleRate: worker.samplerate,
        spans: spansOf(pieces.length, owners, events),
      };
    },
  };
}

/** The text, and for each of its characters the piece that it belongs to. */
function sentenceOf(pieces: Piece[]): { text: string; owners: number[] } {
  let text = '';
  const owners: number[] = [];
  pieces.forEach((piece, i) => {
    if (piece.text === '') return;
    const said = `${piece.text}${markOf(piece.rest, i === pieces.length - 1)} `;
    text += said;
    for (const _ of said) owners.push(i);
  });
  return { text, owners };
}

function spansOf(count: number, owners: number[], events: EspeakEvent[]): (TimeSpan | null)[] {
  const spans = new Array<TimeSpan | null>(count).fill(null);
  const phonemes = events.filter(({ type }) => type === 'phoneme');
  phonemes.forEach((phoneme, i) => {
    const next = phonemes[i + 1];
    const owner = owners[phoneme.text_position - 1];
    if (isSilent(phoneme) || next === undefined || owner === undefined) return;
    const span = spans[owner];
    if (span) span.endMs = Math.max(span.endMs, next.audio_position);
    else spans[owner] = { startMs: phoneme.audio_position, endMs: next.audio_position };
  });
  return spans;
}

/** A pause, or the name of the language that the engine turns to, such as `(en)`. */
function isSilent({ id }: EspeakEvent): boolean {
  return id === '' || String(id).startsWith('(');
}

function toFloats(chunks: Int16Array[]): Float32Array {
  const samples = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) for (let i = 0; i < chunk.length; i++) samples[at++] = chunk[i]! / 32_768;
  return samples;
}
