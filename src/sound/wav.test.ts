// WAV round trips, block access, dither and refusals.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openWavReader, openWavWriter, readWav, writeWav } from './wav.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

const ramp = (length: number, scale: number) =>
  Float32Array.from({ length }, (_, i) => scale * Math.sin(i / 7));

test('gives back what was written, within dither', async () => {
  const file = path.join(folder, 'a.wav');
  const written = [ramp(50_000, 0.9), ramp(50_000, -0.3)];
  await writeWav(file, written, 48_000);
  const { sampleRate, channels } = await readWav(file);
  expect(sampleRate).toBe(48_000);
  expect(channels.map((channel) => channel.length)).toEqual([50_000, 50_000]);
  const worst = Math.max(
    ...channels.map((channel, c) => Math.max(...channel.map((x, i) => Math.abs(x - written[c]![i]!)))),
  );
  expect(worst).toBeLessThan(1.51 / 32_768);
  expect(worst).toBeGreaterThan(0.5 / 32_768);
});

test('clamps instead of wrapping, and keeps silence silent', async () => {
  const file = path.join(folder, 'b.wav');
  await writeWav(file, [Float32Array.of(1.5, -1.5, 0, 0)], 16_000);
  const { channels } = await readWav(file);
  expect([...channels[0]!]).toEqual([32_767 / 32_768, -1, 0, 0]);
});

test('reads and writes in blocks; outside of the file is silence', async () => {
  const file = path.join(folder, 'c.wav');
  const writer = openWavWriter(file, 2, 48_000);
  const first = ramp(40_000, 0.5);
  writer.write([first, first]);
  writer.write([ramp(100, 0.1), ramp(100, 0.1)], 10);
  writer.close();
  const reader = openWavReader(file);
  expect(reader.frameCount).toBe(40_010);
  const into = [new Float32Array(64).fill(9), new Float32Array(64).fill(9)];
  reader.read(into, -32, 64);
  expect([...into[0]!.subarray(0, 32)]).toEqual(Array(32).fill(0));
  expect(into[1]![40]).toBeCloseTo(first[8]!, 3);
  reader.read(into, 40_000, 64);
  expect(into[0]![9]).toBeCloseTo(0.1 * Math.sin(9 / 7), 3);
  expect([...into[0]!.subarray(10)]).toEqual(Array(54).fill(0));
  reader.close();
});

test('reads 32-bit float and skips unknown chunks', async () => {
  const file = path.join(folder, 'd.wav');
  const head = Buffer.alloc(36);
  head.write('RIFF', 0, 'latin1');
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(3, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(44_100, 24);
  head.writeUInt16LE(32, 34);
  const odd = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1');
  const data = Buffer.from('data\x08\0\0\0', 'latin1');
  await writeFile(file, Buffer.concat([head, odd, data, Buffer.from(Float32Array.of(0.25, -2).buffer)]));
  expect(await readWav(file)).toEqual({ sampleRate: 44_100, channels: [Float32Array.of(0.25, -2)] });
});

test.each([
  ['no file', undefined],
  ['another format', Buffer.from('not a wav file at all, but long enough to look')],
  ['no data', Buffer.from('RIFF\0\0\0\0WAVE', 'latin1')],
])('refuses %s', async (name, bytes) => {
  const file = path.join(folder, `refused ${name}.wav`);
  if (bytes) await writeFile(file, bytes);
  await expect(readWav(file)).rejects.toMatchObject({ code: 'internal' });
});
