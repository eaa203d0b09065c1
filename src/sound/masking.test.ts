// Finished mixes of a real voice with the loudest music and effects that the offline makers make: words stay in front.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { EffectKind } from '../domain/storyboard.ts';
import type { MoodName, StyleName } from '../domain/video-request.ts';
import { composeMusic } from '../offline/composer/compose-music.ts';
import { makeEffect } from '../offline/foley/make-effect.ts';
import { speak } from '../offline/speaker/speak.ts';
import { measureLoudness } from './loudness.ts';
import { mixAudio } from './mix-audio.ts';
import { readWav } from './wav.ts';

const rate = 48_000;
const durationMs = 10_000;
let folder: string;
let spoken: { path: string; startMs: number; endMs: number }[];
const context = async (name: string) => {
  const scratch = path.join(folder, name);
  await mkdir(scratch, { recursive: true });
  return { scratch, signal: new AbortController().signal };
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'masking-'));
  const sentences = [
    'Then, one night, the storm came over the harbour.',
    'Not one ship was lost that winter.',
  ];
  spoken = [];
  for (const [index, text] of sentences.entries()) {
    const startMs = 900 + index * 4_400;
    const said = await speak({ text, language: 'en' }, await context(`voice${index}`));
    spoken.push({ path: said.audio.path, startMs, endMs: startMs + said.durationMs });
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** Loudness of a stem within a time. */
function heardLufs(stem: Float32Array[], { startMs, endMs }: { startMs: number; endMs: number }): number {
  const part = stem.map((side) => side.subarray((startMs * rate) / 1000, (endMs * rate) / 1000));
  return measureLoudness(part, rate).integratedLufs;
}

async function cue(kind: EffectKind, role: 'bed' | 'hit', startMs: number, lengthMs: number) {
  const made = await makeEffect({ kind, durationMs: lengthMs, seed: 3 }, await context(kind));
  return { path: made.audio.path, startMs, intensity: 1, role };
}

test.each<[MoodName, StyleName, Parameters<typeof cue>[]]>([
  [
    'epic',
    'social',
    [
      ['applause', 'hit', 1_500, 3_500],
      ['whoosh', 'hit', 5_000, 1_200],
    ],
  ],
  [
    'dramatic',
    'retro',
    [
      ['thunder', 'hit', 1_600, 4_000],
      ['rain', 'bed', 0, 10_000],
    ],
  ],
  [
    'epic',
    'cinematic',
    [
      ['impact', 'hit', 2_000, 2_600],
      ['waves', 'bed', 4_000, 6_000],
    ],
  ],
])('%s %s: while somebody speaks, music stays 8 LU and effects 6 LU below every sentence', async (mood, style, cues) => {
  const sections = [{ startMs: 0, energy: 1 }];
  const input = { mood, style, durationMs, sections, seed: 4 };
  const music = await composeMusic(input, await context('music'));
  const effects = [];
  for (const wanted of cues) effects.push(await cue(...wanted));
  const result = await mixAudio(
    { durationMs, narration: spoken, speech: spoken, music: music.audio.path, effects, loudnessLufs: -14 },
    await context('mix'),
  );
  const stems = await Promise.all(
    [result.narration, result.music!, result.effects!].map(
      async ({ path: file }) => (await readWav(file)).channels,
    ),
  );
  const [voice, band, noises] = stems as [Float32Array[], Float32Array[], Float32Array[]];
  for (const sentence of spoken) {
    const voiceLufs = heardLufs(voice, sentence);
    expect(voiceLufs - heardLufs(band, sentence)).toBeGreaterThan(8);
    expect(voiceLufs - heardLufs(noises, sentence)).toBeGreaterThan(6);
  }
  expect(result.narrationToMusicLu).toBeGreaterThan(9);
  // They are heard, though: the music comes back between the sentences.
  const pause = { startMs: spoken[0]!.endMs + 500, endMs: spoken[1]!.startMs - 300 };
  expect(heardLufs(band, pause)).toBeGreaterThan(heardLufs(band, spoken[0]!) + 4);
});
