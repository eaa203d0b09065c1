import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { joinSounds } from './join-sounds.ts';
import { readWav, writeWav } from './wav.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aiprod-join-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('sounds follow one another with rests between, none before and none after', async () => {
  const sounds = [];
  for (const [name, frames, level] of [
    ['a', 60_000, 0.25],
    ['b', 4_800, -0.5],
    ['c', 48, 0.75],
  ] as const) {
    sounds.push(path.join(folder, name));
    await writeWav(sounds.at(-1)!, [new Float32Array(frames).fill(level)], 48_000);
  }
  const signal = new AbortController().signal;
  const made = await joinSounds({ sounds, restMs: 100 }, { scratch: folder, signal });
  expect(made).toMatchObject({ startsMs: [0, 1_350, 1_550], durationMs: 1_551 });
  const { channels } = await readWav(made.audio.path);
  const samples = channels[0]!;
  expect(samples).toHaveLength(74_448);
  for (const [at, level] of [
    [59_999, 0.25],
    [60_000, 0],
    [64_799, 0],
    [64_800, -0.5],
    [69_600, 0],
    [74_400, 0.75],
  ] as const)
    expect(samples[at]).toBeCloseTo(level, 3);
});
