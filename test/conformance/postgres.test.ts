// Runs the stores' conformance suites on PostgreSQL, as the user of docs/operations/postgresql.md: what works with least rights
// works with more, and row security binds it.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect } from 'vitest';

import { createAssetStore } from '../../src/adapters/postgres/asset-store.ts';
import { createDeadLetters } from '../../src/adapters/postgres/dead-letters.ts';
import { createJobEvents } from '../../src/adapters/postgres/job-events.ts';
import { createJobLeases } from '../../src/adapters/postgres/job-leases.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { createReceipts } from '../../src/adapters/postgres/receipts.ts';
import { createStepStore } from '../../src/adapters/postgres/step-store.ts';
import { alone } from '../support/claim-one.ts';
import { startLeastRightsServer } from '../support/least-rights-server.ts';
import { describeAssetStore } from './asset-store.ts';
import { describeDeadLetters } from './dead-letters.ts';
import { describeJobEvents } from './job-events.ts';
import { describeJobLeases } from './job-leases.ts';
import { describeJobStore } from './job-store.ts';
import { describeJobTransitions } from './job-transitions.ts';
import { describeReceipts } from './receipts.ts';
import { describeStepStore } from './step-store.ts';
import { createRecordingQueue, type StoresUnderTest } from './stores-under-test.ts';

const clocks: Record<string, string[]> = {
  jobs: ['lease_until', 'due_at', 'resend_at'],
  idempotency_keys: ['created_at'],
  step_results: ['used_at', 'unwanted_since'],
  blobs: ['touched_at', 'unwanted_since'],
  receipts: ['opened_at'],
};

let stores: StoresUnderTest;
let close: () => Promise<void>;
beforeAll(async () => {
  ({ stores, close } = await open());
});
afterAll(() => close());

describeJobStore(() => stores);
describeJobLeases(() => stores);
describeJobTransitions(() => stores);
describeStepStore(() => stores);
describeReceipts(() => stores);
describeJobEvents(() => stores);
describeDeadLetters(() => stores);
describeAssetStore(() => stores);

async function open(): Promise<{ stores: StoresUnderTest; close(): Promise<void> }> {
  const server = await startLeastRightsServer();
  const errors: Error[] = [];
  const applicationName = `conformance-${randomUUID().slice(0, 8)}`;
  const pool = createPool({
    url: server.urlOf('aiprod_app'),
    max: 8,
    applicationName,
    onError: (e) => errors.push(e),
  });
  const control = new pg.Client(server.urlOf('aiprod'));
  await control.connect();
  const queue = createRecordingQueue();
  const jobEvents = createJobEvents({ pool });

  async function letTimePass(ms: number): Promise<void> {
    for (const [table, columns] of Object.entries(clocks)) {
      const earlier = columns.map(
        (column) => `${column} = ${column} - $1::float8 * interval '1 millisecond'`,
      );
      // Ended jobs have no times to come; leaving them alone keeps this quick.
      const rows = table === 'jobs' ? `WHERE status IN ('pending', 'processing')` : '';
      await control.query(`UPDATE ${table} SET ${earlier.join(', ')} ${rows}`, [ms]);
    }
  }

  async function dump({ userId, jobId }: { userId: string; jobId: string }): Promise<unknown> {
    const rows = async (table: string, column: string, value: string) =>
      (await control.query(`SELECT * FROM ${table} t WHERE ${column} = $1 ORDER BY t::text`, [value])).rows;
    return {
      jobs: await rows('jobs', 'job_id', jobId),
      events: await rows('job_events', 'job_id', jobId),
      letters: await rows('dead_letters', 'job_id', jobId),
      receipts: await rows('receipts', 'user_id', userId),
      runs: await rows('step_runs', 'job_id', jobId),
      results: await rows('step_results', 'user_id', userId),
      stepBlobs: await rows('step_blobs', 'user_id', userId),
      jobBlobs: await rows('job_blobs', 'user_id', userId),
      blobs: await rows('blobs', 'user_id', userId),
    };
  }

  async function breakSubscriptions(): Promise<void> {
    await control.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND query LIKE 'LISTEN %'`,
      [applicationName],
    );
  }

  return {
    stores: {
      jobStore: createJobStore({ pool, queue }),
      assetStore: createAssetStore({ pool }),
      leases: createJobLeases({ pool, queue }),
      stepStore: createStepStore({ pool }),
      deadLetters: createDeadLetters({ pool, queue }),
      receipts: createReceipts({ pool }),
      jobEvents,
      queue,
      letTimePass,
      dump,
      alone: (jobId, work) => alone(control, jobId, work),
      breakSubscriptions,
    },
    async close() {
      // Before the pool ends: stopping the server may cut a connection that is just closing.
      const errorsWhileOpen = [...errors];
      await jobEvents.close();
      await control.end();
      await pool.end();
      await server.close();
      expect(errorsWhileOpen).toEqual([]);
    },
  };
}
