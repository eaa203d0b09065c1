// The promise of the demo, read from the finished file by FFmpeg alone: 30 s of 1080p30 with everything in it.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AV_LOG_ERROR, Log } from 'node-av';
import { Decoder, Demuxer, FilterAPI } from 'node-av/api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import type { JobView } from '../../src/cli/views.ts';
import { type System, startSystem } from '../../src/compose/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import { decodeVideo } from '../support/decode-video.ts';
import { finished } from '../support/small-job.ts';

let folder: string;
let system: System;
let job: JobView;
let video: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-whole-'));
  system = await startSystem(
    readConfig({ AIPROD_PORT: '0', AIPROD_DATA: join(folder, 'data'), AIPROD_LOG_LEVEL: 'warn' }),
  );
  const client = createApiClient(system.url!);
  const script = await readFile(resolve(import.meta.dirname, '../../examples/lighthouse.txt'), 'utf8');
  const created = await client.create({ script, style: 'cinematic', mood: 'dramatic', duration: 30 });
  job = await finished(system.url!, created.job_id);
  video = join(folder, 'video.mp4');
  await client.download(job.job_id, 'video.mp4', video);
}, 200_000);

afterAll(async () => {
  await system.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a 30 s video of the lighthouse script', () => {
  test('is completed as asked, with every gate passed and nothing degraded', () => {
    expect(job).toMatchObject({ status: 'completed', error: null, degradations: [], progress: 1 });
    expect(job.report!.gates.filter(({ passed }) => !passed)).toEqual([]);
    expect(job.report!.captions.offset_p95_ms).toBeLessThanOrEqual(80);
  });

  test('is H.264 1080p30 and AAC stereo at 48 kHz, within half a second of the request', async () => {
    await using demuxer = await Demuxer.open(video);
    const picture = demuxer.video()!;
    const sound = demuxer.audio()!;
    expect(picture.codecpar).toMatchObject({ width: 1920, height: 1080 });
    expect(sound.codecpar.sampleRate).toBe(48_000);
    expect(sound.codecpar.channels).toBe(2);
    expect(Math.abs(demuxer.duration - 30)).toBeLessThanOrEqual(0.5);
    const { frames } = await decodeVideo(
      video,
      () => false,
      () => {},
    );
    expect(frames).toBe(900);
  });

  test('is as loud as the standard asks', async () => {
    const { integrated, peak } = await readLoudness(video);
    expect(Math.abs(integrated + 14)).toBeLessThanOrEqual(0.5);
    expect(peak).toBeLessThanOrEqual(-1);
  });

  test('speaks in every scene and shows every word of the script', async () => {
    const { words } = await fetchJson<{
      words: { scene: string; text: string; start: number; end: number }[];
    }>('words.json');
    const script = await readFile(resolve(import.meta.dirname, '../../examples/lighthouse.txt'), 'utf8');
    expect(words.map(({ text }) => text)).toEqual(script.trim().split(/\s+/));
    expect(job.report!.narration.length).toBe(new Set(words.map(({ scene }) => scene)).size);
  });

  test('comes with captions, stems, a picture and a manifest', async () => {
    expect(Object.keys(job.files).sort()).toEqual(
      [
        ...['captions.srt', 'captions.vtt', 'effects.wav', 'manifest.json', 'music.wav', 'narration.wav'],
        ...['report.json', 'storyboard.json', 'thumbnail.jpg', 'video.mp4', 'words.json', 'description.txt'],
      ].sort(),
    );
    const manifest = await fetchJson<{ media: { video: string } }>('manifest.json');
    expect(manifest.media.video).toBe(job.files['video.mp4']!.digest);
  });
});

async function fetchJson<T>(name: string): Promise<T> {
  const response = await fetch(`${system.url}/v1/videos/${job.job_id}/files/${name}`);
  return (await response.json()) as T;
}

/** What FFmpeg's own meter says: LUFS and dBTP. */
async function readLoudness(file: string): Promise<{ integrated: number; peak: number }> {
  Log.setLevel(AV_LOG_ERROR);
  await using demuxer = await Demuxer.open(file);
  const stream = demuxer.audio()!;
  using decoder = await Decoder.create(stream);
  using meter = FilterAPI.create('ebur128=metadata=1:peak=true');
  const values = new Map<string, number>();
  for await (const packet of demuxer.packets(stream.index)) {
    for (const frame of await decoder.decodeAll(packet)) {
      for (const out of meter.processAllSync(frame)) {
        for (const [key, value] of Object.entries(out.getMetadata().getAll())) values.set(key, Number(value));
        out.free();
      }
      frame.free();
    }
    packet?.free();
    if (packet === null) break;
  }
  const peaks = [...values].filter(([key]) => key.includes('true_peaks_ch')).map(([, value]) => value);
  return { integrated: values.get('lavfi.r128.I')!, peak: 20 * Math.log10(Math.max(...peaks)) };
}
