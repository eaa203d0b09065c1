// The finished file read back: pictures and sound in step, chapters and titles as FFmpeg sees them, the same bytes twice.
import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { AV_LOG_INFO, Log } from 'node-av';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { encodeScene, moving, type Paint, smallFormat, speechLike } from '../../test/support/footage.ts';
import type { AssembleInput } from '../ports/media-tools.ts';
import { measureLoudness } from '../sound/loudness.ts';
import { measureTruePeak } from '../sound/true-peak.ts';
import { writeWav } from '../sound/wav.ts';
import { assemble } from './assemble.ts';
import { finishMp4 } from './finish-mp4.ts';
import { openMp4 } from './media-calls.ts';
import { listTopBoxes } from './mp4-boxes.ts';
import { playThrough } from './play-through.ts';

const rate = 48_000;
const framesOfScene = [45, 50];
const flashFrame = 70;

let clips: string;
let scratch: string;
let input: AssembleInput;

beforeAll(async () => {
  clips = await mkdtemp(path.join(os.tmpdir(), 'assemble-clips-'));
  const scenes = [path.join(clips, 'one.mp4'), path.join(clips, 'two.mp4')];
  const flash: Paint = (x, y, frame) =>
    frame === flashFrame - framesOfScene[0]! ? 235 : moving(x, y, frame) / 2;
  await encodeScene(scenes[0]!, smallFormat, framesOfScene[0]!, (x, y, frame) => moving(x, y, frame) / 2);
  await encodeScene(scenes[1]!, smallFormat, framesOfScene[1]!, flash);
  const mix = path.join(clips, 'mix.wav');
  const click = new Float32Array(Math.round((95 / 30) * rate));
  click[(flashFrame * rate) / 30] = 0.8;
  await writeWav(mix, [click, click], rate);
  input = {
    format: smallFormat,
    scenes,
    mix,
    title: 'Où “va” le Nil ?',
    language: 'fr-CA',
    comment: 'Made with AIPROD',
    chapters: [
      { title: 'Le début', startMs: 0, endMs: 1500 },
      { title: '第二章 🚀', startMs: 1500, endMs: 95_000 / 30 },
    ],
  };
});
afterAll(() => rm(clips, { recursive: true }));
beforeEach(async () => {
  scratch = await mkdtemp(path.join(os.tmpdir(), 'assemble-'));
});
afterEach(() => rm(scratch, { recursive: true }));

const context = () => ({ scratch, signal: new AbortController().signal });

async function play(file: string) {
  const flashes: number[] = [];
  const sound: [number[], number[]] = [[], []];
  let frame = 0;
  const played = await playThrough(
    file,
    {
      see({ luma, stride }) {
        if (luma[50 * stride + 50]! > 200) flashes.push(frame);
        frame++;
      },
      hear(channels) {
        for (const [c, channel] of channels.entries()) sound[c]!.push(...channel);
      },
    },
    async () => {},
  );
  return { played, flashes, channels: sound.map((samples) => Float32Array.from(samples)) };
}

/** What FFmpeg tells about a file. Its log arrives later, in order: the last line says that all is here. */
async function describe(file: string): Promise<string> {
  const lines: string[] = [];
  const opened = openMp4(file);
  Log.setLevel(AV_LOG_INFO);
  const all = new Promise<void>((resolve) => {
    Log.setCallback(
      (_, message) => {
        if (message.includes('end of story')) resolve();
        else lines.push(message);
      },
      { maxLevel: AV_LOG_INFO },
    );
  });
  try {
    opened.findStreamInfoSync();
    opened.dumpFormat(0, 'file', false);
    Log.log(AV_LOG_INFO, 'end of story');
    await all;
  } finally {
    Log.resetCallback();
    opened.closeInputSync();
  }
  return lines.join('');
}

test('every frame once, sound and picture in step, of one length', async () => {
  const { path: file } = await assemble(input, context());
  const { played, flashes, channels } = await play(file);
  expect(played.faults).toBe(0);
  expect(played.video).toMatchObject({
    frames: 95,
    packets: 95,
    even: true,
    fps: 30,
    width: 192,
    height: 108,
  });
  expect(played.audio).toMatchObject({ codec: 'aac', sampleRate: rate, channels: 2, startSample: 0 });
  expect(Math.abs(played.audio!.endSample - (95 * rate) / 30)).toBeLessThanOrEqual(1024);
  expect(Math.abs(played.durationSeconds - 95 / 30)).toBeLessThan(0.002);
  expect(flashes).toEqual([flashFrame]);
  const loudest = channels[0]!.reduce(
    (best, value, i, all) => (Math.abs(value) > Math.abs(all[best]!) ? i : best),
    0,
  );
  expect(Math.abs(loudest / rate - flashFrame / 30)).toBeLessThan(0.001);
});

test('the index comes first; only the finished file is left', async () => {
  const { path: file } = await assemble(input, context());
  await using handle = await open(file, 'r');
  expect((await listTopBoxes(handle)).map(({ type }) => type)).toEqual(['ftyp', 'moov', 'mdat', 'mdat']);
  expect(await readdir(scratch)).toEqual(['video.mp4']);
});

test('FFmpeg reads chapters, titles, language and colours', async () => {
  const { path: file } = await assemble(input, context());
  const told = await describe(file);
  expect(told).toMatch(/title +: Où “va” le Nil \?/);
  expect(told).toMatch(/comment +: Made with AIPROD/);
  expect(told).toMatch(/Chapter #0:0: start 0\.000000, end 1\.500000/);
  expect(told).toMatch(/Chapter #0:1: start 1\.500000, end 3\.16/);
  expect(told).toMatch(/title +: 第二章 🚀/);
  expect(told).toMatch(/\(fra\): Audio: aac \(LC\)/);
  expect(told).toMatch(/yuv420p\(tv, bt709/);
  expect(told).not.toMatch(/Chapter #0:2/);
  expect(told).not.toMatch(/encoder +:|creation_time/);
});

test('names that look like markup, filters or metadata are names', async () => {
  const title = "{\\an8}<b>Où</b>;title=x\\nCHAPTER01=0 [c]'drawtext=textfile=/etc/passwd' %s";
  const chapters = [{ title: '../../etc/passwd -->', startMs: 0, endMs: 95_000 / 30 }];
  const { path: file } = await assemble({ ...input, title, chapters }, context());
  const told = await describe(file);
  expect(told).toContain(`: ${title}    comment `);
  expect(told).toMatch(/title +: \.\.\/\.\.\/etc\/passwd --> {2}Stream/);
  expect(told).not.toMatch(/Chapter #0:1/);
});

test('more chapters than the short list can count', async () => {
  const { path: file } = await assemble({ ...input, chapters: [] }, context());
  const finished = path.join(scratch, 'many.mp4');
  const chapters = Array.from({ length: 300 }, (_, i) => ({
    title: `${i}`,
    startMs: i * 10,
    endMs: i * 10 + 10,
  }));
  await finishMp4(file, finished, chapters);
  expect(await describe(finished)).toMatch(/Chapter #0:299: start 2\.990000/);
  expect((await play(finished)).played.faults).toBe(0);
});

test('same input, same bytes', async () => {
  const { path: file } = await assemble(input, context());
  const first = await readFile(file);
  await rm(file);
  await assemble(input, context());
  expect((await readFile(file)).equals(first)).toBe(true);
});

test('peaks that AAC raises are brought down, loudness stays', async () => {
  const mix = path.join(scratch, 'hot.wav');
  // Short bursts just below −1 dBTP: their edges overshoot in the encoder.
  const hot = speechLike(95 / 30, rate, 3).map((value, i) => (i % 40_000 < 30 ? 0.88 : value));
  await writeWav(mix, [hot, hot], rate);
  const { path: file } = await assemble({ ...input, mix }, context());
  const { channels } = await play(file);
  expect(measureTruePeak(channels)).toBeLessThanOrEqual(-1);
  const before = measureLoudness([hot, hot], rate).integratedLufs;
  expect(Math.abs(measureLoudness(channels, rate).integratedLufs - before)).toBeLessThan(0.4);
});

test('sound shorter than the pictures ends in silence', async () => {
  const mix = path.join(scratch, 'short.wav');
  const tone = Float32Array.from({ length: rate }, (_, i) => 0.2 * Math.sin(i / 20));
  await writeWav(mix, [tone, tone], rate);
  const { path: file } = await assemble({ ...input, mix }, context());
  const { played, channels } = await play(file);
  expect(played.audio!.endSample).toBeGreaterThanOrEqual((95 * rate) / 30 - 1024);
  expect(Math.max(...channels[0]!.subarray(rate + 2048, rate + 4096))).toBeLessThan(0.001);
});

test('scenes that do not fit are refused and leave no video', async () => {
  const larger = path.join(clips, 'large.mp4');
  await encodeScene(larger, { ...smallFormat, width: 640, height: 360 }, 5, moving);
  await expect(assemble({ ...input, scenes: [input.scenes[0]!, larger] }, context())).rejects.toThrow(
    'encoded differently',
  );
  expect(await readdir(scratch)).not.toContain('video.mp4');
});

test('a playlist that calls itself a scene is not followed', async () => {
  const fake = path.join(scratch, 'scene.mp4');
  await writeFile(fake, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${input.scenes[0]}\n#EXT-X-ENDLIST\n`);
  await expect(assemble({ ...input, scenes: [fake] }, context())).rejects.toThrow('open an MP4 file');
});
