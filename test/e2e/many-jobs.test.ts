// Fifty submissions at once, half of them asking for something that nobody asked before: all complete, none twice.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { readServerSentEvents } from '../../src/cli/server-sent-events.ts';
import { startSystem } from '../../src/compose/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import { openTestDatabase } from '../support/database.ts';
import { finished } from '../support/small-job.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-many-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('fifty concurrent submissions all complete, each once', async () => {
  const database = await openTestDatabase();
  const system = await startSystem(
    readConfig({
      AIPROD_PORT: '0',
      AIPROD_DATA: folder,
      DATABASE_URL: database.url,
      AIPROD_LOG_LEVEL: 'warn',
    }),
  );
  try {
    const client = createApiClient(system.url!);
    const requests = Array.from({ length: 50 }, (_, n) => ({
      script: `Number ${n % 25}.`,
      resolution: '720p',
      fps: 24,
      style: 'minimal',
      audio: { music: false, effects: false },
    }));
    const created = await Promise.all(requests.map((request) => client.create(request)));
    expect(new Set(created.map(({ job_id: id }) => id)).size).toBe(50);

    const jobs = await Promise.all(created.map(({ job_id: id }) => finished(system.url!, id)));
    for (const job of jobs) expect(job).toMatchObject({ status: 'completed', retry_count: 0, error: null });
    for (const { job_id: id } of created) expect(await outcomes(system.url!, id)).toEqual(['completed']);
  } finally {
    await system.close();
    await database.close();
  }
}, 400_000);

/** Every ending that the job's history tells of. */
async function outcomes(url: string, jobId: string): Promise<string[]> {
  const response = await fetch(`${url}/v1/videos/${jobId}/events`);
  const endings: string[] = [];
  for await (const { event, data } of readServerSentEvents(response.body!)) {
    const { status } = JSON.parse(data) as { status: string };
    if (event === 'state' && ['completed', 'failed', 'canceled'].includes(status)) endings.push(status);
  }
  return endings;
}
