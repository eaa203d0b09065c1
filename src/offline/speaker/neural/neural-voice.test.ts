// Neural voices from end to end with the real library: a model that the test builds is found, loaded and heard; broken
// ones are named.
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { toySampleRate, toyTokenFrames, writeToyVoice } from '../../../../test/support/toy-voice.ts';
import { readWav } from '../../../sound/wav.ts';
import { speak } from '../speak.ts';
import { findVoiceModels } from './find-voice-models.ts';
import { createNeural } from './neural-engine.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'voices-'));
});
afterAll(() => rm(folder, { recursive: true }));

const words = ['hello', 'world', 'again', 'twenty', 'five'];
const context = () => ({ scratch: folder, signal: new AbortController().signal });

/** A models folder of its own. */
async function modelsFolder(name: string): Promise<string> {
  const models = path.join(folder, name);
  await mkdir(models);
  return models;
}

async function onlyVoice(models: string) {
  const { models: found, broken } = await findVoiceModels(models);
  expect(broken).toEqual([]);
  expect(found).toHaveLength(1);
  return found[0]!;
}

test('a model is found, loaded by the library and speaks, the same each time', async () => {
  const models = await modelsFolder('good');
  await writeToyVoice(path.join(models, 'toy'), { words });
  await writeFile(path.join(models, 'notes.txt'), 'no voice');
  const model = await onlyVoice(models);
  expect(model).toMatchObject({
    voice: 'neural-toy',
    language: 'en',
    kind: 'vits',
    sampleRate: toySampleRate,
    speaker: 0,
  });

  const hear = () =>
    speak({ text: 'Hello world, again 25.', language: 'en', voice: 'neural-toy', model }, context());
  const result = await hear();
  expect(result.voice).toBe('neural-toy');
  expect(result.words.map(({ text }) => text)).toEqual(['Hello', 'world,', 'again', '25.']);
  for (const [i, { startMs, endMs }] of result.words.entries()) {
    expect(endMs).toBeGreaterThan(startMs);
    expect(startMs).toBeGreaterThanOrEqual(result.words[i - 1]?.endMs ?? 0);
  }
  const { channels, sampleRate } = await readWav(result.audio.path);
  expect(sampleRate).toBe(48_000);
  const letters = words.join('').length;
  const soundingMs = (letters * toyTokenFrames * 1000) / toySampleRate;
  expect(Math.abs(result.durationMs - soundingMs)).toBeLessThan(700);
  expect(crossings(channels[0]!)).toBeCloseTo(225, -1);
  const bytes = await readFile(result.audio.path);
  await hear();
  expect((await readFile(result.audio.path)).equals(bytes)).toBe(true);
});

/** Of the tone in the first half second, per second. */
function crossings(samples: Float32Array): number {
  const part = samples.subarray(4_800, 14_400);
  let count = 0;
  for (let i = 1; i < part.length; i++) if (part[i - 1]! < 0 && part[i]! >= 0) count++;
  return (count * 48_000) / part.length;
}

test('an exchanged model is another voice', async () => {
  const models = await modelsFolder('exchanged');
  await writeToyVoice(path.join(models, 'toy'), { words });
  const before = await onlyVoice(models);
  await appendFile(path.join(models, 'toy', 'lexicon.txt'), 'more m o r e\n');
  const after = await onlyVoice(models);
  expect(after.voice).toBe(before.voice);
  expect(after.digest).not.toBe(before.digest);
});

test('voice.json says what the model does not', async () => {
  const models = await modelsFolder('own-facts');
  const toy = path.join(models, 'toy');
  await writeToyVoice(toy, { words, metadata: { language: 'Klingon' } });
  const facts = { language: 'de', name: 'Klara', licence: 'CC0-1.0' };
  await writeFile(path.join(toy, 'voice.json'), JSON.stringify(facts));
  expect(await onlyVoice(models)).toMatchObject(facts);
});

const toy = (metadata: Record<string, string> = {}) => ({
  make: (at: string) => writeToyVoice(at, { words, metadata }),
});

test.each([
  ['Bad Name', toy(), async () => {}, /its name must be/],
  ['no-tokens', toy(), (at: string) => rm(path.join(at, 'tokens.txt')), /tokens.txt is missing/],
  ['no-words', toy(), (at: string) => rm(path.join(at, 'lexicon.txt')), /espeak-ng-data or lexicon.txt/],
  ['no-model', toy(), (at: string) => rm(path.join(at, 'model.onnx')), /no .onnx model/],
  ['two', toy(), (at: string) => writeFile(path.join(at, 'b.onnx'), ''), /holds 2 models/],
  ['text', toy(), (at: string) => writeFile(path.join(at, 'model.onnx'), '<html>'), /is no ONNX model/],
  ['empty', toy(), (at: string) => writeFile(path.join(at, 'model.onnx'), ''), /it is empty/],
  ['rate', toy({ sample_rate: '400' }), async () => {}, /no sample rate/],
  ['klingon', toy({ language: 'Klingon' }), async () => {}, /language is not known/],
  ['georgian', toy({ language: 'Georgian' }), async () => {}, /no voice here speaks its language, ka/],
  [
    'json',
    toy(),
    (at: string) => writeFile(path.join(at, 'voice.json'), '{"a":1}'),
    /voice.json is not valid/,
  ],
  ['data', toy(), (at: string) => mkdir(path.join(at, 'espeak-ng-data')), /not complete: phontab/],
])('names the fault of a folder: %s', async (name, { make }, spoil, fault) => {
  const models = await modelsFolder(`faulty-${name}`);
  const at = path.join(models, name);
  await make(at);
  await spoil(at);
  const { models: usable, broken } = await findVoiceModels(models);
  expect(usable).toEqual([]);
  expect(broken).toEqual([{ folder: name, fault: expect.stringMatching(fault) }]);
});

test('a folder that is not there is a fault of the configuration', async () => {
  await expect(findVoiceModels(path.join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 'config_invalid',
    publicMessage: expect.stringContaining('ENOENT'),
  });
});

test('a model that the library does not take is an error with its words; other rates are refused', async () => {
  const models = await modelsFolder('unfit');
  const at = path.join(models, 'toy');
  await writeToyVoice(at, { words });
  const model = await onlyVoice(models);
  await writeFile(path.join(at, 'tokens.txt'), 'no numbers here\n');
  const input = { text: 'Hello.', language: 'en', voice: 'neural-toy' };
  const refused = await speak({ ...input, model }, context()).catch((error) => error);
  expect(refused).toMatchObject({
    code: 'machine_unfit',
    publicMessage: expect.stringContaining('does not load'),
  });
  expect(refused.cause.message).toContain('ReadTokens');

  await writeToyVoice(at, { words });
  const wrong = { ...model, sampleRate: 22_050 };
  await expect(speak({ ...input, model: wrong }, context())).rejects.toMatchObject({
    publicMessage: expect.stringContaining('16000 Hz'),
  });
  await expect(speak({ ...input, text: 'Unknown.', model }, context())).rejects.toMatchObject({
    publicMessage: expect.stringContaining('had no sound'),
  });
});

test('stops when told, and its process with it', async () => {
  const models = await modelsFolder('aborted');
  await writeToyVoice(path.join(models, 'toy'), { words });
  const model = await onlyVoice(models);
  const engine = { speak: () => expect.unreachable() };
  const stop = new AbortController();
  const loading = createNeural(model, { engine, voice: '' }, stop.signal);
  stop.abort(new Error('enough'));
  await expect(loading).rejects.toThrow('enough');
});
