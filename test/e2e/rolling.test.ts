// Rolling from one version to the next, and back: the real program of the version before runs beside this one, on one
// database that this one migrates under it. Nobody is refused, and no job notices.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { openTestDatabase } from '../support/database.ts';
import { commitBefore, extractProgram } from '../support/program-before.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished, reached, smallRequest } from '../support/small-job.ts';

const before = await commitBefore();

if (before === undefined) {
  test.skip('NOT RUN: without git and its history there is no version before this one to roll from');
} else {
  test('from the version before to this one and back, with work under way', () => roll(before), 240_000);
}

async function roll(commit: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-rolling-'));
  const database = await openTestDatabase({ empty: true });
  const watch = watchServers();
  onTestFinished(async () => {
    await watch.end();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const previous = await extractProgram(commit, join(folder, 'before'));
  const files = await readdir(new URL('../../src/adapters/postgres/migrations/', import.meta.url));
  const environment = {
    AIPROD_DATA: join(folder, 'data'),
    DATABASE_URL: database.url,
    AIPROD_JOBS_AT_ONCE: '1',
    AIPROD_SWEEP_SECONDS: '0.5',
  };
  const startOld = () => startServerProcess(environment, undefined, previous.program);
  const create = async ({ url }: ServerProcess, seed: number) =>
    (await createApiClient(url).create({ ...smallRequest, seed })).job_id;

  const old = await startOld();
  await watch.add(old);
  expect(await schemaOf(database.url)).toBe(previous.schema);
  const underWay = await create(old, 1);
  await reached(old.url, underWay, 'render');

  const present = await startServerProcess(environment);
  await watch.add(present);
  expect(await schemaOf(database.url)).toBe(files.length);
  const jobs = [underWay, await create(old, 2), await create(present, 3)];
  watch.remove(old);
  expect(await old.stop(), 'gives back what it works on').toBe(0);
  const videos = new Map<string, string>();
  for (const jobId of jobs) {
    const job = await finished(present.url, jobId);
    expect(job).toMatchObject({ status: 'completed', retry_count: 0, error: null, degradations: [] });
    videos.set(jobId, job.files['video.mp4']!.digest);
  }

  const back = await startOld();
  await watch.add(back);
  const last = await create(present, 4);
  await reached(present.url, last, 'render');
  watch.remove(present);
  expect(await present.stop()).toBe(0);
  expect(await finished(back.url, last)).toMatchObject({ status: 'completed', retry_count: 0 });
  for (const [jobId, digest] of videos) {
    const job = await createApiClient(back.url).get(jobId);
    expect(job.files['video.mp4']!.digest, 'read by the version before').toBe(digest);
  }
  watch.remove(back);
  expect(await back.stop()).toBe(0);
  expect(await watch.end()).toEqual([]);
}

async function schemaOf(url: string): Promise<number> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query('SELECT max(version) AS schema FROM aiprod_migrations');
  await client.end();
  return rows[0].schema;
}

/** Asks every server that is to be asked for its jobs and its readiness, again and again, and notes what was not answered well. */
function watchServers() {
  const servers = new Set<ServerProcess>();
  const faults: string[] = [];
  let ended = false;

  async function ask(server: ServerProcess, path: string): Promise<void> {
    const said = await fetch(new URL(path, server.url)).then(
      async (answer) => (answer.ok ? '' : `${answer.status} ${await answer.text()}`),
      (error) => `${error.cause ?? error}`,
    );
    if (said !== '' && servers.has(server)) faults.push(`${path}: ${said}`);
  }

  const watching = (async () => {
    while (!ended) {
      for (const server of servers) {
        await ask(server, '/v1/videos');
        await ask(server, '/ready');
      }
      await delay(100);
    }
  })();
  return {
    /** Once it says that it is ready, as load balancers do. */
    async add(server: ServerProcess): Promise<void> {
      while (!(await fetch(new URL('/ready', server.url))).ok) await delay(100);
      servers.add(server);
    },
    /** Before it is told to stop: from then on it may refuse. */
    remove: (server: ServerProcess) => void servers.delete(server),
    async end(): Promise<string[]> {
      ended = true;
      await watching;
      return faults;
    },
  };
}
