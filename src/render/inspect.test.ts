// A good video passes every gate; for each gate one is made that must fail it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  type CarelessMux,
  encodeScene,
  moving,
  muxCarelessly,
  type Paint,
  smallFormat,
  speechLike,
} from '../../test/support/footage.ts';
import type { Report } from '../domain/report.ts';
import type { TimedScene } from '../domain/timeline.ts';
import type { AssembleInput, InspectInput } from '../ports/media-tools.ts';
import { mixAudio } from '../sound/mix-audio.ts';
import { readWav, type Sound, writeWav } from '../sound/wav.ts';
import { assemble } from './assemble.ts';
import { inspect } from './inspect.ts';

const rate = 48_000;
const fps = smallFormat.fps;
const sceneFrames = 100;
const sceneMs = (sceneFrames * 1000) / fps;
const durationMs = 3 * sceneMs;
const speechMs = 2_200;

let folder: string;
let movingScene: string;
let mix: Sound;
let narration: Sound;
let assembly: AssembleInput;
let good: InspectInput;
let made = 0;

const context = () => ({ scratch: folder, signal: new AbortController().signal });
const fresh = (name: string) => path.join(folder, `${made++}-${name}`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'inspect-'));
  movingScene = fresh('scene.mp4');
  await encodeScene(movingScene, smallFormat, sceneFrames, moving);
  const starts = [0, 1, 2].map((scene) => scene * sceneMs + 500);
  const voices = await Promise.all(
    starts.map(async (startMs, scene) => {
      const file = fresh('voice.wav');
      await writeWav(file, [speechLike(speechMs / 1000, rate, 11 + scene)], rate);
      return { path: file, startMs };
    }),
  );
  const music = fresh('music.wav');
  await writeWav(music, chord(durationMs / 1000), rate);
  const mixed = await mixAudio(
    {
      durationMs,
      narration: voices,
      speech: starts.map((startMs) => ({ startMs, endMs: startMs + speechMs })),
      music,
      effects: [],
      loudnessLufs: -16,
    },
    context(),
  );
  mix = await readWav(mixed.mix.path);
  narration = await readWav(mixed.narration.path);
  assembly = {
    format: smallFormat,
    scenes: [movingScene, movingScene, movingScene],
    mix: mixed.mix.path,
    title: 'Test',
    language: 'en',
    comment: '',
    chapters: starts.map((_, i) => ({ title: `${i}`, startMs: i * sceneMs, endMs: (i + 1) * sceneMs })),
  };
  good = {
    video: '',
    narration: mixed.narration.path,
    music: mixed.music!.path,
    timeline: {
      format: smallFormat,
      durationFrames: 3 * sceneFrames,
      durationMs,
      scenes: starts.map((startMs, i) => timedScene(i, startMs)),
      effects: [],
    },
    requestedDurationMs: 10_000,
    durationMet: true,
    loudnessLufs: -16,
    captions: true,
    glyphCoverage: 1,
    chapters: 3,
  };
  good.video = await build();
});
afterAll(() => rm(folder, { recursive: true }));

function chord(seconds: number): Float32Array[] {
  return [0, 0.7].map((phase) =>
    Float32Array.from({ length: seconds * rate }, (_, i) =>
      [110, 220, 277.2, 329.6].reduce(
        (sum, f) => sum + 0.05 * Math.sin((2 * Math.PI * f * i) / rate + phase),
        0,
      ),
    ),
  );
}

function timedScene(index: number, startMs: number): TimedScene {
  return {
    id: `s0${index + 1}`,
    startFrame: index * sceneFrames,
    endFrame: (index + 1) * sceneFrames,
    speechStartMs: startMs,
    speechEndMs: startMs + speechMs,
    words: Array.from({ length: 6 }, (_, i) => ({
      text: i === 2 ? 'word.' : 'word',
      startMs: startMs + i * 350,
      endMs: startMs + i * 350 + 300,
    })),
    emphasis: [],
    energy: 0.5,
  };
}

/** A finished video with another mix or other scenes. */
async function build(change: { sound?: Float32Array[]; scenes?: string[] } = {}): Promise<string> {
  const scratch = await mkdtemp(path.join(folder, 'build-'));
  const sound = fresh('mix.wav');
  if (change.sound) await writeWav(sound, change.sound, rate);
  const { path: file } = await assemble(
    { ...assembly, ...(change.sound && { mix: sound }), ...(change.scenes && { scenes: change.scenes }) },
    { ...context(), scratch },
  );
  return file;
}

async function careless(change: Partial<CarelessMux>): Promise<string> {
  const target = fresh('careless.mp4');
  await muxCarelessly({
    pictures: good.video,
    target,
    channels: mix.channels,
    sampleRate: rate,
    indexFirst: true,
    ...change,
  });
  return target;
}

async function scene(paint: Paint): Promise<string> {
  const file = fresh('scene.mp4');
  await encodeScene(file, smallFormat, sceneFrames, paint);
  return file;
}

const missed = ({ gates }: Report) => gates.filter(({ passed }) => !passed).map(({ name }) => name);
const look = async (change: Partial<InspectInput>) =>
  missed(await inspect({ ...good, ...change }, context()));
/** The mix with each sample changed by time. */
const remix = (change: (value: number, seconds: number, i: number, c: number) => number) =>
  mix.channels.map((channel, c) => channel.map((value, i) => change(value, i / rate, i, c)));

test('a good video passes every gate and is described', async () => {
  const report = await inspect(good, context());
  expect(missed(report)).toEqual([]);
  expect(report.gates.map(({ name }) => name)).toEqual([
    'duration',
    'video_stream',
    'audio_stream',
    'decodes_to_end',
    'faststart',
    'loudness',
    'true_peak',
    'silence',
    'black',
    'frozen',
    'narration',
    'sound_in_sync',
    'narration_over_music',
    'captions_in_time',
    'glyphs',
    'chapters',
  ]);
  expect(report).toMatchObject({
    duration: 10,
    duration_error: 0,
    container: 'mp4',
    faststart: true,
    video: {
      codec: 'h264',
      profile: 'Main',
      width: 192,
      height: 108,
      fps: 30,
      frames: 300,
      pixel_format: 'yuv420p',
    },
    audio: { codec: 'aac', sample_rate: 48_000, channels: 2 },
    chapters: 3,
    silence: [],
    black: [],
    frozen: [],
  });
  expect(report.narration.map(({ scene, sentence }) => `${scene}.${sentence}`)).toEqual(
    ['s01', 's02', 's03'].flatMap((scene) => [`${scene}.1`, `${scene}.2`]),
  );
  expect(Math.min(...report.narration.map(({ presence }) => presence))).toBeGreaterThan(0.8);
  expect(report.captions.words).toBe(18);
  expect(report.captions.offset_p95_ms).toBeLessThanOrEqual(1000 / fps);
});

test('duration: not what was asked for, or not what was planned', async () => {
  expect(await look({ requestedDurationMs: 10_600 })).toEqual(['duration']);
  const timeline = { ...good.timeline, durationFrames: 304, durationMs: 304_000 / fps };
  expect(await look({ timeline })).toEqual(['duration', 'video_stream', 'decodes_to_end']);
});

test('duration: what cannot be met is measured all the same', async () => {
  const report = await inspect({ ...good, requestedDurationMs: 4_000, durationMet: false }, context());
  expect(missed(report)).toEqual([]);
  expect(report.duration_error).toBe(6);
});

test('video_stream: another size or rate', async () => {
  const asked = (format: Partial<typeof smallFormat>) => ({
    ...good.timeline,
    format: { ...smallFormat, ...format },
  });
  expect(await look({ timeline: asked({ width: 640, height: 360 }) })).toEqual(['video_stream']);
  expect(await look({ timeline: asked({ fps: 25 }) })).toContain('video_stream');
});

test('audio_stream: mono', async () => {
  expect(await look({ video: await careless({ channels: [mix.channels[0]!] }) })).toContain('audio_stream');
});

test('decodes_to_end: damaged pictures, sound that ends early', async () => {
  const bytes = await readFile(good.video);
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0xa5, middle, middle + 4_000);
  const damaged = fresh('damaged.mp4');
  await writeFile(damaged, bytes);
  expect(await look({ video: damaged })).toContain('decodes_to_end');
  const channels = mix.channels.map((channel) => channel.subarray(0, 9.8 * rate));
  expect(await look({ video: await careless({ channels }) })).toContain('decodes_to_end');
});

test('faststart: index last', async () => {
  expect(await look({ video: await careless({ indexFirst: false }) })).toEqual(['faststart', 'chapters']);
});

test('loudness: too quiet', async () => {
  expect(await look({ video: await build({ sound: remix((value) => 0.9 * value) }) })).toEqual(['loudness']);
});

test('true_peak: bursts that nobody limited', async () => {
  const channels = remix((value, _, i) => (i % 90_000 < 12 ? 0.99 : value));
  expect(await look({ video: await careless({ channels }) })).toEqual(['true_peak', 'chapters']);
});

test('silence: a gap; without music only where somebody should speak', async () => {
  const gap = await build({ sound: remix((value, t) => (t > 2.8 && t < 5.6 ? 0 : value)) });
  expect(await look({ video: gap })).toContain('silence');
  expect(await look({ video: gap, music: null })).not.toContain('silence');
});

test('black: a stretch in the middle, but not a fade at the end', async () => {
  const dark = await scene((x, y, frame) => (frame > 30 && frame < 66 ? 16 : moving(x, y, frame)));
  expect(await look({ video: await build({ scenes: [movingScene, dark, movingScene] }) })).toEqual(['black']);
  const ending = await scene((x, y, frame) => (frame > 63 ? 16 : moving(x, y, frame)));
  expect(await look({ video: await build({ scenes: [movingScene, movingScene, ending] }) })).toEqual([]);
});

test('black: a caption alone does not make a picture', async () => {
  const caption = await scene((x, y, frame) =>
    y > 84 && y < 90 && x > 48 && x < 120 + (frame % 24) ? 235 : 16,
  );
  expect(await look({ video: await build({ scenes: [movingScene, caption, movingScene] }) })).toEqual([
    'black',
  ]);
});

test('frozen: a picture that stands, but not a slow camera', async () => {
  const texture: Paint = (x, y) => 110 + 40 * Math.sin(x / 9) * Math.cos(y / 7) + 8 * Math.sin(x * y);
  const standing = await scene(texture);
  const report = await inspect(
    { ...good, video: await build({ scenes: [movingScene, standing, movingScene] }) },
    context(),
  );
  expect(missed(report)).toEqual(['frozen']);
  // An encoder still refines the first frames of a standing picture.
  expect(report.frozen).toEqual([{ start: expect.closeTo(3.4, 0), end: 6.667 }]);
  const slowly: Paint = (x, y, frame) => {
    const zoom = 1 + 0.00015 * frame;
    return texture(96 + (x - 96) / zoom, 54 + (y - 54) / zoom, 0);
  };
  expect(
    await look({ video: await build({ scenes: [movingScene, await scene(slowly), movingScene] }) }),
  ).toEqual([]);
});

test('black and frozen: what a user sent is reported, not judged, and only in its scene', async () => {
  const still = await scene((x, y) => 110 + 40 * Math.sin(x / 9) * Math.cos(y / 7));
  const dark = await scene((x, y, frame) => (frame > 30 && frame < 66 ? 16 : moving(x, y, frame)));
  const video = await build({ scenes: [movingScene, still, dark] });
  expect(await look({ video })).toEqual(['black', 'frozen']);
  expect(await look({ video, userPictures: ['s02'] })).toEqual(['black']);
  expect(await look({ video, userPictures: ['s03'] })).toEqual(['frozen']);
  const report = await inspect({ ...good, video, userPictures: ['s02', 's03'] }, context());
  expect(missed(report)).toEqual([]);
  expect([report.black.length, report.frozen.length]).toEqual([1, 1]);
});

test('narration: missing from one scene, in the mix or already in the stem', async () => {
  const from = sceneMs / 1000;
  const without = remix((value, t, i, c) =>
    t > from && t < 2 * from ? value - narration.channels[c]![i]! : value,
  );
  const report = await inspect({ ...good, video: await build({ sound: without }) }, context());
  expect(missed(report)).toContain('narration');
  expect(report.gates.find(({ name }) => name === 'narration')?.measured).toMatch(
    /^not heard in s02.1 \(0[.\d]*\), s02.2 \(0[.\d]*\)$/,
  );
  const stem = fresh('stem.wav');
  await writeWav(
    stem,
    narration.channels.map((channel) => channel.map((value, i) => (i / rate > 2 * from ? 0 : value))),
    rate,
  );
  expect(await look({ narration: stem })).toEqual(['narration']);
});

test('narration: one sentence missing from a scene that has another', async () => {
  const [from, to] = [0.5 + 1.02, 0.5 + 2.25];
  const without = remix((value, t, i, c) =>
    t > from && t < to ? value - narration.channels[c]![i]! : value,
  );
  const report = await inspect({ ...good, video: await build({ sound: without }) }, context());
  const { measured, passed } = report.gates.find(({ name }) => name === 'narration')!;
  expect(passed).toBe(false);
  expect(measured).toMatch(/^not heard in s01.2 /);
});

test('glyphs: more is missing on screen than was named before', async () => {
  const scenes = good.timeline.scenes.map((each, i) => ({
    ...each,
    words: each.words.map((word, n) => (i === 0 && n === 0 ? { ...word, text: '𓀀𓀁' } : word)),
  }));
  const timeline = { ...good.timeline, scenes };
  const report = await inspect({ ...good, timeline }, context());
  expect(missed(report)).toEqual(['glyphs']);
  const { glyph_coverage } = report.captions;
  expect(await look({ timeline, glyphCoverage: glyph_coverage })).toEqual([]);
  expect(await look({ timeline, captions: false })).toEqual([]);
});

test('sound_in_sync and captions_in_time: sound 120 ms late, in its samples or in its times', async () => {
  const late = mix.channels.map((channel) => {
    const out = new Float32Array(channel.length);
    out.set(channel.subarray(0, channel.length - 0.12 * rate), 0.12 * rate);
    return out;
  });
  const report = await inspect({ ...good, video: await build({ sound: late }) }, context());
  expect(missed(report)).toEqual(['sound_in_sync', 'captions_in_time']);
  expect(report.captions.offset_p95_ms).toBeGreaterThan(118);
  const shifted = await look({ video: await careless({ soundShiftSeconds: 0.12 }) });
  expect(shifted).toEqual(expect.arrayContaining(['sound_in_sync', 'captions_in_time']));
});

test('captions_in_time: not asked where there are none', async () => {
  const report = await inspect({ ...good, captions: false }, context());
  expect(report.captions.offset_p95_ms).toBeNull();
  expect(report.gates.map(({ name }) => name)).not.toContain('captions_in_time');
});

test('narration_over_music: music as loud as the voice', async () => {
  expect(await look({ music: good.narration })).toEqual(['narration_over_music']);
});

test('chapters: one too few', async () => {
  expect(await look({ chapters: 4 })).toEqual(['chapters']);
});

test('what cannot be read is an error', async () => {
  const bytes = await readFile(good.video);
  const broken = fresh('broken.mp4');
  for (const content of [
    bytes.subarray(0, bytes.length - 20_000),
    Buffer.from('#EXTM3U\n'),
    Buffer.alloc(0),
  ]) {
    await writeFile(broken, content);
    await expect(inspect({ ...good, video: broken }, context())).rejects.toMatchObject({
      code: 'inspection_failed',
    });
  }
});

test('an aborted inspection says so', async () => {
  const aborted = { scratch: folder, signal: AbortSignal.abort(new Error('enough')) };
  await expect(inspect(good, aborted)).rejects.toThrow('enough');
});
