// What is said of users' files, and which are refused before they can do harm.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  encodeBar,
  encodeBarWebm,
  forgedPng,
  turned,
  twoColours,
  withOrientation,
} from '../../../test/support/user-media.ts';
import { probeMedia } from './probe-media.ts';

let folder: string;
let clip: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aiprod-probe-'));
  const file = path.join(folder, 'bar.mp4');
  await encodeBar(file, { width: 192, height: 108, fps: 25, frames: 50 });
  clip = await readFile(file);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function probe(bytes: Uint8Array, name = 'upload') {
  const source = path.join(folder, name);
  await writeFile(source, bytes);
  return probeMedia({ source }, { scratch: folder, signal: new AbortController().signal });
}

const codeOf = (bytes: Uint8Array) =>
  probe(bytes).then(
    (facts) => JSON.stringify(facts),
    (error) => error.code,
  );

test.each(['png', 'jpeg', 'webp'] as const)('an image (%s) is measured', async (type) => {
  expect(await probe(twoColours(64, 40, type))).toEqual({
    kind: 'image',
    mediaType: `image/${type}`,
    width: 64,
    height: 40,
    durationSeconds: null,
  });
});

test('an image that asks to be turned is measured as shown', async () => {
  expect(await probe(withOrientation(twoColours(64, 40, 'jpeg'), 6))).toMatchObject({
    width: 40,
    height: 64,
  });
});

test('a clip is measured, whatever its name', async () => {
  const facts = { kind: 'clip', mediaType: 'video/mp4', width: 192, height: 108, durationSeconds: 2 };
  expect(await probe(clip, 'holiday.png')).toEqual(facts);
  expect(await probe(turned(clip, 90))).toMatchObject({ width: 108, height: 192 });
});

test('a WebM clip is measured, and is unreadable when it is cut short', async () => {
  const file = path.join(folder, 'bar.webm');
  await encodeBarWebm(file, { width: 192, height: 108, fps: 25, frames: 100 });
  const webm = await readFile(file);
  expect(await probe(webm)).toEqual({
    kind: 'clip',
    mediaType: 'video/webm',
    width: 192,
    height: 108,
    // The file does not say how long the last picture is shown.
    durationSeconds: expect.closeTo(3.98, 1),
  });
  expect(await codeOf(webm.subarray(0, Math.floor(webm.length / 3)))).toBe('media_unreadable');
  expect(await codeOf(webm.subarray(0, 200))).toBe('media_unreadable');
});

test('sizes beyond the limits are refused by the header, before decoding', async () => {
  const before = process.memoryUsage.rss();
  expect(await codeOf(forgedPng(16_000, 16_000))).toBe('media_refused');
  expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  const wide = Buffer.from(clip);
  const entry = wide.indexOf('avc1', wide.indexOf('stsd'));
  wide.writeUInt16BE(8_000, entry + 28);
  expect(await codeOf(wide)).toBe('media_refused');
});

test('a clip that runs too long is refused, also when its header hides it', async () => {
  const slow = Buffer.from(clip);
  const times = slow.indexOf('stts');
  // One entry: count 50, ticks per picture; 512 ticks are 1/25 s.
  slow.writeUInt32BE(512 * 25 * 20, times + 16);
  slow.write('free', slow.indexOf('edts'), 'latin1');
  expect(await codeOf(slow)).toBe('media_refused');
});

test('a PNG with a wrong byte is unreadable', async () => {
  const png = twoColours(300, 200);
  png[png.length - 40]! ^= 1;
  expect(await codeOf(png)).toBe('media_unreadable');
});

test.each(['png', 'jpeg', 'webp'] as const)('a cut or damaged image (%s) is unreadable', async (type) => {
  const whole = twoColours(300, 200, type);
  for (const share of [0.02, 0.3, 0.7, 0.98]) {
    expect(await codeOf(whole.subarray(0, Math.floor(whole.length * share)))).toMatch(
      /media_(unreadable|refused)/,
    );
  }
});

test('a cut clip is unreadable, wherever it is cut', async () => {
  for (const share of [0.1, 0.5, 0.9]) {
    expect(await codeOf(clip.subarray(0, Math.floor(clip.length * share)))).toBe('media_unreadable');
  }
  // The index first, the pictures cut off.
  const index = clip.indexOf('moov') - 4;
  const length = clip.readUInt32BE(index);
  const early = Buffer.concat([
    clip.subarray(0, 32),
    clip.subarray(index, index + length),
    clip.subarray(32, 64),
  ]);
  expect(await codeOf(early)).toBe('media_unreadable');
});

test('a playlist is no clip, whatever it calls itself', async () => {
  const playlist = '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n';
  expect(await codeOf(Buffer.from(playlist))).toBe('media_refused');
  const box = Buffer.concat([
    Buffer.from('\0\0\0\x18ftypisom\0\0\0\0isommp42', 'latin1'),
    Buffer.from(playlist),
  ]);
  expect(await codeOf(box)).toBe('media_unreadable');
  expect(await codeOf(Buffer.from("ffconcat version 1.0\nfile '/etc/passwd'\n"))).toBe('media_refused');
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['text', Buffer.from('hello world, this is text')],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['GIF', Buffer.from('GIF89a..........')],
  ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0', 'latin1')],
  ['Matroska', Buffer.from('\x1aE\xdf\xa3\x8b\x42\x82\x88matroska', 'latin1')],
])('%s is not accepted', async (_, bytes) => {
  expect(await codeOf(bytes)).toBe('media_refused');
});
