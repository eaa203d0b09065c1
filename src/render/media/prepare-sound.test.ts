// Sound files from elsewhere: every kind that is read, exact lengths, trimming with its times, and what is refused.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { encodeScene, moving, smallFormat } from '../../../test/support/footage.ts';
import { type SoundKind, tone, writeSound } from '../../../test/support/sound-files.ts';
import { createLoudnessMeter } from '../../sound/loudness.ts';
import { readWav } from '../../sound/wav.ts';
import { prepareSound } from './prepare-sound.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aiprod-sound-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const rate = 44_100;
/** Silence, one second of tone, silence. */
const spoken = (before: number, after: number) =>
  Float32Array.from([
    ...new Float32Array(before * rate),
    ...tone(1, rate),
    ...new Float32Array(after * rate),
  ]);

type Input = Parameters<typeof prepareSound>[0];

async function prepare(source: string, input: Partial<Input> = {}) {
  const made = await prepareSound(
    { source, channels: 1, trim: false, ...input },
    { scratch: folder, signal: new AbortController().signal },
  );
  const { sampleRate, channels } = await readWav(made.audio.path);
  expect(sampleRate).toBe(48_000);
  return { ...made, channels };
}

async function file(kind: SoundKind, channels: Float32Array[], at = rate): Promise<string> {
  const target = path.join(folder, `sound.${kind}`);
  await writeSound(target, kind, channels, at);
  return target;
}

async function bytes(content: Uint8Array | string): Promise<string> {
  const target = path.join(folder, 'bytes');
  await writeFile(target, content);
  return target;
}

/** Within 1 dB: coders are not exact. */
function expectLevel(samples: Float32Array): void {
  const asked = 0.3 / Math.SQRT2;
  expect(Math.abs(20 * Math.log10(rms(samples) / asked))).toBeLessThan(1);
}

function rms(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, each) => sum + each * each, 0) / samples.length);
}

test.each<[SoundKind, number]>([
  ['mp3', 44_100],
  ['wav', 22_050],
  ['flac', 44_100],
  ['vorbis', 44_100],
  ['opus', 48_000],
  ['adts', 44_100],
  ['m4a', 44_100],
])('reads %s, keeps its level and its times', async (kind, at) => {
  const silence = new Float32Array(at / 2);
  const source = await file(kind, [Float32Array.from([...silence, ...tone(1, at), ...silence])], at);
  const { channels, durationMs, cutMs } = await prepare(source, { trim: true });
  expect(cutMs).toBeGreaterThan(450);
  expect(cutMs).toBeLessThan(kind === 'adts' ? 510 : 500);
  expect(durationMs).toBeGreaterThan(1020);
  expect(durationMs).toBeLessThan(1070);
  expectLevel(channels[0]!.subarray(9_600, 38_400));
});

test.each<[1 | 2, 1 | 2]>([
  [1, 2],
  [2, 1],
  [2, 2],
])('%i channels become %i at the same level', async (from, to) => {
  const source = await file('wav', Array(from).fill(tone(0.5, rate)));
  const { channels } = await prepare(source, { channels: to });
  expect(channels).toHaveLength(to);
  for (const samples of channels) expectLevel(samples);
});

describe('an exact length', () => {
  test('of a longer sound: its end fades and is cut', async () => {
    const source = await file('mp3', [tone(3, rate), tone(3, rate)]);
    const { channels, durationMs } = await prepare(source, { channels: 2, durationMs: 2_001.5 });
    expect(durationMs).toBe(2_001.5);
    for (const samples of channels) {
      expect(samples).toHaveLength(96_072);
      expect(rms(samples.subarray(-48))).toBeLessThan(0.01);
      expectLevel(samples.subarray(-9_600, -4_900));
    }
  });

  test('fades one channel that becomes two as one', async () => {
    const source = await file('wav', [tone(3, rate, 0.5, 1_000)]);
    const { channels } = await prepare(source, { channels: 2, durationMs: 1_000 });
    // Half-way through its fade of 50 ms.
    for (const samples of channels)
      expect(Math.max(...samples.subarray(-1_224, -1_176))).toBeCloseTo(0.25, 1);
  });

  test('of a shorter one: silence follows', async () => {
    const source = await file('flac', [tone(0.5, rate)]);
    const { channels } = await prepare(source, { durationMs: 2_500 });
    expect(channels[0]).toHaveLength(120_000);
    expect(rms(channels[0]!.subarray(24_100))).toBe(0);
    expectLevel(channels[0]!.subarray(2_000, 22_000));
  });

  test('of a shorter one that may be heard again: over and over, without a gap', async () => {
    const source = await file('flac', [spoken(0.2, 0.2), spoken(0.2, 0.2)]);
    const { channels } = await prepare(source, { channels: 2, durationMs: 5_000, trim: true, repeat: true });
    for (const samples of channels) {
      expect(samples).toHaveLength(240_000);
      // The tone meets itself out of step: louder by 3 dB at most, never gone.
      const levels = Array.from({ length: 46 }, (_, i) =>
        rms(samples.subarray(2_400 + i * 4_800, 7_200 + i * 4_800)),
      );
      expect(Math.max(...levels)).toBeLessThan(0.32);
      expect(Math.min(...levels)).toBeGreaterThan(0.1);
      expect(rms(samples.subarray(-48))).toBeLessThan(0.01);
    }
  });

  test('counts from where the trimmed sound begins', async () => {
    const source = await file('wav', [spoken(0.7, 0.5)]);
    const { channels, cutMs } = await prepare(source, { durationMs: 400, trim: true });
    expect(cutMs).toBeCloseTo(680, -1);
    expect(channels[0]).toHaveLength(19_200);
    expectLevel(channels[0]!.subarray(1_200, 12_000));
  });
});

describe('an asked loudness', () => {
  const loudness = async (source: string, loudnessLufs: number) => {
    const { channels } = await prepare(source, { loudnessLufs });
    const meter = createLoudnessMeter(48_000, 1);
    // The meter says nothing of less than 0.4 s.
    const padded = new Float32Array(Math.max(19_200, channels[0]!.length));
    padded.set(channels[0]!);
    meter.push([padded], padded.length);
    const peak = channels[0]!.reduce((most, each) => Math.max(most, Math.abs(each)), 0);
    return { lufs: meter.read().integratedLufs, peak };
  };

  test.each([0.02, 0.9])('is met by what was sent at %d', async (level) => {
    const source = await file('wav', [tone(2, rate, level, 1_000)]);
    expect((await loudness(source, -20)).lufs).toBeCloseTo(-20, 0);
  });

  test('is met by a word of a moment too, and not at the price of its peaks', async () => {
    const source = await file('wav', [tone(0.2, rate, 0.1, 1_000)]);
    expect((await loudness(source, -26)).lufs).toBeCloseTo(-26, 0);
    expect((await loudness(source, -5)).peak).toBeCloseTo(0.708, 1);
  });
});

describe('media_unreadable', () => {
  const refuses = (source: string, fault: string, input: Partial<Input> = {}) =>
    expect(prepare(source, input)).rejects.toMatchObject({
      code: 'media_unreadable',
      publicMessage: expect.stringContaining(fault),
    });

  test.each([
    ['nothing', '', 'is empty'],
    ['words', '<html><body>Bad gateway</body></html>', 'is not of a kind'],
    ['a playlist', '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n', 'is not of a kind'],
    ['a header alone', `RIFF\0\0\0\0WAVE`, 'cannot be opened'],
    ['noise that begins like MP3', Buffer.from([0xff, 0xfb, ...Array(9_000).fill(0x55)]), ''],
  ])('%s', async (_, content, fault) => refuses(await bytes(content), fault));

  test('a codec that is not read', async () => {
    await refuses(await file('adpcm', [tone(0.5, rate)]), 'coded in a way');
  });

  test('a clip without sound', async () => {
    const target = path.join(folder, 'clip.mp4');
    await encodeScene(target, smallFormat, 3, moving);
    await refuses(target, 'has no sound');
  });

  test('silence', async () => {
    await refuses(await file('mp3', [new Float32Array(rate)]), 'is silent');
  });

  test('a file that was cut short', async () => {
    const whole = await readFile(await file('flac', [tone(3, rate)]));
    await refuses(await bytes(whole.subarray(0, whole.length / 2)), 'is cut short');
  });

  test('a file with damage all over', async () => {
    const whole = await readFile(await file('flac', [tone(3, rate)]));
    for (let at = 400; at < whole.length; at += 97) whole[at] = 0;
    await refuses(await bytes(whole), '');
  });
});

test('stops when it is no longer wanted', async () => {
  const gone = new AbortController();
  gone.abort(new Error('gone'));
  const source = await file('wav', [tone(0.5, rate)]);
  await expect(
    prepareSound({ source, channels: 1, trim: false }, { scratch: folder, signal: gone.signal }),
  ).rejects.toThrow('gone');
});
