// A job whose scenes show the user's own image and clip, and one whose picture cannot be had: through the real server.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { decodeVideo } from '../support/decode-video.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished } from '../support/small-job.ts';
import { barAt, encodeBar, sideOf, twoColours } from '../support/user-media.ts';

let folder: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-own-media-'));
  server = await startServerProcess({ AIPROD_DATA: join(folder, 'data') });
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const clipFrames = 30;
const size = { width: 640, height: 360, fps: 24 } as const;

async function call<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${server.url}${path}`, init);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

async function upload(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<string> {
  const init = { method: 'POST', headers: { 'content-type': type }, body: bytes };
  return (await call<{ asset_id: string }>('/v1/assets', init)).asset_id;
}

test('an image and a clip are shown in their scenes; what cannot be had is painted and named', async () => {
  const clip = join(folder, 'bar.mp4');
  await encodeBar(clip, { ...size, frames: clipFrames });
  const image = await upload(new Uint8Array(twoColours(900, 500)), 'image/png');
  const bar = await upload(new Uint8Array(await readFile(clip)), 'video/mp4');
  const request = {
    scenes: [
      { text: 'One half is blue, the other one is red.', media: { asset_id: image } },
      { text: 'A bar crosses the picture, again and again.', media: { asset_id: bar } },
      { text: 'This one is lost.', media: { url: 'https://pictures.example.invalid/lost.png' } },
    ],
    style: 'corporate',
    resolution: '720p',
    fps: 24,
    captions: { enabled: false },
  };
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  };
  const { job_id: jobId } = await call<{ job_id: string }>('/v1/videos', init);
  const job = await finished(server.url, jobId);
  expect(job.error).toBeNull();
  expect(job.status).toBe('completed');
  expect(job.report!.gates.filter(({ passed }) => !passed)).toEqual([]);
  expect(job.degradations).toEqual([
    {
      capability: 'pictures',
      cause: expect.stringContaining('Scene s03 was painted'),
      remedy: expect.any(String),
    },
  ]);

  const files = `/v1/videos/${jobId}/files`;
  const manifest = await call<{ media: { supplied: object }; rights: object[] }>(`${files}/manifest.json`);
  expect(manifest.media.supplied).toMatchObject({
    s01: { source: { asset_id: image }, media_type: 'image/png' },
    s02: { source: { asset_id: bar }, media_type: 'video/mp4' },
  });
  expect(manifest.rights).toContainEqual({ item: 'pictures of s01, s02', licence: 'supplied by the user' });

  const video = join(folder, 'video.mp4');
  await writeFile(
    video,
    new Uint8Array(await (await fetch(`${server.url}${files}/video.mp4`)).arrayBuffer()),
  );
  const bars: (number | undefined)[] = [];
  const sides: string[] = [];
  await decodeVideo(
    video,
    () => true,
    (index, { y, u, width, height }) => {
      const row = y.subarray((height / 2) * width, (height / 2 + 1) * width);
      const left = row.findIndex((luma) => luma > 140);
      bars.push(left < 0 ? undefined : left);
      if (index !== 30) return;
      const chroma = u.subarray((height / 4) * (width / 2), (height / 4 + 1) * (width / 2));
      sides.push(sideOf(chroma[20]!), sideOf(chroma[width / 2 - 20]!));
    },
  );
  expect(sides).toEqual(['left', 'right']);
  // The clip is drawn at twice its size; wherever its scene begins, the bar goes on by one step per frame and starts again.
  const scale = 1280 / size.width;
  const stepsOf = (from: number) =>
    Array.from({ length: clipFrames - 1 }, (_, i) => bars[from + i + 1]! - bars[from + i]!);
  const starts = bars.flatMap((left, index) => (left !== undefined && left < 3 * scale ? [index] : []));
  const again = starts.filter(
    (start) => starts.includes(start + clipFrames) || starts.includes(start - clipFrames),
  );
  expect(again.length).toBeGreaterThanOrEqual(2);
  for (const step of stepsOf(again[0]!)) expect(Math.abs(step - barAt(1) * scale)).toBeLessThanOrEqual(2);

  await call('/v1/assets');
  expect((await fetch(`${server.url}/v1/assets/${bar}`, { method: 'DELETE' })).status).toBe(204);
  const strict = { ...request, strict: true, scenes: [request.scenes[2]] };
  const { job_id: strictId } = await call<{ job_id: string }>('/v1/videos', {
    ...init,
    body: JSON.stringify(strict),
  });
  expect(await finished(server.url, strictId)).toMatchObject({
    status: 'failed',
    error: { code: 'media_refused', stage: 'illustrate', hint: expect.any(String) },
  });
});
