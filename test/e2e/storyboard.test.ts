// A finished video of which one scene is edited: through the real server, only what the edit touches is made again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { Storyboard } from '../../src/domain/storyboard.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';

let folder: string;
let server: ServerProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-edited-'));
  server = await startServerProcess({ AIPROD_DATA: join(folder, 'data') });
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function call(path: string, { method = 'GET', json }: { method?: string; json?: unknown } = {}) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    ...(json !== undefined && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(json),
    }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function read<Answer>(path: string, options?: Parameters<typeof call>[1]): Promise<Answer> {
  return (await (await call(path, options)).json()) as Answer;
}

test('one scene is edited, the others are taken from before; and back again nothing is made', async () => {
  const script =
    'The storm came at night.\n\nThunder rolled over the sea.\n\nThen it was gone.\n\nNobody slept.';
  const { job_id: jobId } = await read<{ job_id: string }>('/v1/videos', {
    method: 'POST',
    json: { ...smallRequest, script, audio: { music: false, effects: false } },
  });
  const job = `/v1/videos/${jobId}`;
  const first = await finished(server.url, jobId);
  expect(first).toMatchObject({ status: 'completed', revision: 1, error: null });

  const storyboard = await read<Storyboard>(`${job}/storyboard`);
  const words = 'Thunder rolled slowly over the sea and over every hill.';
  const scenes = storyboard.scenes.map((scene, index) => (index === 1 ? { ...scene, text: words } : scene));
  const edited = await read<typeof first>(`${job}/storyboard`, {
    method: 'PUT',
    json: { ...storyboard, scenes },
  });
  expect(edited).toMatchObject({ status: 'pending', revision: 2, files: first.files, video: first.video });
  // What there is can be had while the next is made.
  expect((await call(`${job}/files/video.mp4`)).headers.get('etag')).toBe(
    `"${first.files['video.mp4']!.digest}"`,
  );

  const second = await finished(server.url, jobId);
  expect(second).toMatchObject({ status: 'completed', revision: 2, error: null });
  expect(second.report!.gates.filter(({ passed }) => !passed)).toEqual([]);
  expect(second.video!.duration).toBeGreaterThan(first.video!.duration + 0.5);
  expect(second.files['video.mp4']!.digest).not.toBe(first.files['video.mp4']!.digest);
  expect(await (await call(`${job}/files/captions.srt`)).text()).toMatch(/slowly/);

  const done = await stepsOf(job);
  expect(done.ran.filter((id) => /^(narrate|illustrate):/.test(id))).toEqual([
    'illustrate:s02',
    'narrate:s02',
  ]);
  expect(done.ran).toContain('render-scene:s02');
  expect(done.reused).toContain('render-scene:s01');
  expect(second.reuse).toEqual({
    steps_total: done.ran.length + done.reused.length,
    steps_reused: done.reused.length,
  });

  // Nothing moves: of the other scenes only the one after it is drawn again, for it begins with a transition from this picture.
  const current = await read<Storyboard>(`${job}/storyboard`);
  const repainted = current.scenes.map((scene, index) => (index === 1 ? { ...scene, motif: 'city' } : scene));
  await call(`${job}/storyboard`, { method: 'PUT', json: { ...current, scenes: repainted } });
  const third = await finished(server.url, jobId);
  expect(third).toMatchObject({ status: 'completed', revision: 3, error: null });
  const painted = await stepsOf(job);
  expect(painted.ran.filter((id) => id.includes(':'))).toEqual([
    'illustrate:s02',
    'render-scene:s02',
    'render-scene:s03',
  ]);

  await call(`${job}/storyboard`, { method: 'PUT', json: storyboard });
  const fourth = await finished(server.url, jobId);
  expect(fourth).toMatchObject({ status: 'completed', revision: 4, video: first.video });
  expect(fourth.files['video.mp4']).toEqual(first.files['video.mp4']);
  // The manifest tells that nobody planned.
  expect((await stepsOf(job)).ran).toEqual(['publish']);
});

async function stepsOf(job: string): Promise<{ ran: string[]; reused: string[] }> {
  const { steps } = await read<{ steps: { step_id: string; outcome: string }[] }>(`${job}/steps`);
  const idsOf = (which: string) =>
    steps
      .filter(({ outcome }) => outcome === which)
      .map(({ step_id: id }) => id)
      .sort();
  return { ran: idsOf('ran'), reused: idsOf('reused') };
}
