// The whole process group is killed during a render; started again, the job completes by itself and repeats nothing.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { childrenOf, gone } from '../support/processes.ts';
import { startServerProcess } from '../support/server-process.ts';
import { finished, reached, smallRequest } from '../support/small-job.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-kill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('kill -9 during a render loses no job and no finished step', async () => {
  const environment = { AIPROD_DATA: folder, AIPROD_LEASE_SECONDS: '2', AIPROD_SWEEP_SECONDS: '0.5' };
  const first = await startServerProcess(environment);
  const { job_id: jobId } = await createApiClient(first.url).create({ ...smallRequest, resolution: '1080p' });
  await reached(first.url, jobId, 'render');
  const media = childrenOf(first.pid);
  await first.killGroup();
  await gone(media);

  const second = await startServerProcess(environment);
  try {
    const job = await finished(second.url, jobId);
    expect(job).toMatchObject({ status: 'completed', retry_count: 1, error: null });
    const steps = await createApiClient(second.url).steps(jobId);
    const reused = steps.filter(({ outcome }) => outcome === 'reused').map(({ step }) => step);
    expect(reused).toEqual(expect.arrayContaining(['plan', 'narrate', 'illustrate']));
    expect(job.reuse!.steps_reused).toBe(reused.length);
  } finally {
    expect(await second.stop()).toBe(0);
  }
});
