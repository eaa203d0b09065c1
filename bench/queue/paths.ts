// The ways of bench:queue to bring jobs from whoever asks to whoever works: ours, with all that a job's row promises, and
// pg-boss by itself.
import { createHash } from 'node:crypto';

import { type Job as BossJob, PgBoss } from 'pg-boss';

import { createPgBossQueue } from '../../src/adapters/pg-boss/job-queue.ts';
import { databaseAddress } from '../../src/adapters/postgres/database-address.ts';
import { createJobLeases } from '../../src/adapters/postgres/job-leases.ts';
import { createJobStore } from '../../src/adapters/postgres/job-store.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { createSealedJobLeases, createSealedJobStore } from '../../src/adapters/sealing/sealed-columns.ts';
import { openSealing } from '../../src/compose/open-sealing.ts';
import { readConfig } from '../../src/config/config.ts';
import type { CompletedJob } from '../../src/ports/job-leases.ts';
import { requestOf } from '../../test/support/requests.ts';

export const pathNames = ['ours', 'pg-boss', 'pg-boss in batches'] as const;
export type PathName = (typeof pathNames)[number];

export interface Path {
  /** Creates one job; the `n`th asks for the user that `n` says. */
  create(n: number): Promise<void>;
  /** Queues many jobs in few statements. */
  fill(jobs: number): Promise<void>;
  /** Takes jobs and completes them at once, at most `places` at a time, until closed. */
  work(places: number, onDone: (jobs: number) => void): Promise<void>;
  close(): Promise<void>;
}

/** How many users share the queue: none may have more than a thousand jobs that wait. */
const users = 200;
const fillAtOnce = 5_000;

/** `url` is a database that `createTables` made ready, `folder` keeps the key that seals. */
export function openPath(name: PathName, url: string, folder: string): Promise<Path> {
  if (name === 'ours') return openOurs(url, folder);
  return name === 'pg-boss' ? openPgBoss(url, oneByOne) : openPgBoss(url, inBatches);
}

/** That a long queue is long is no news here. */
const logger = {
  warn: (facts: object, message: string) => void ('err' in facts && console.error(message, facts)),
};

async function openOurs(url: string, folder: string): Promise<Path> {
  const config = readConfig({ AIPROD_DATA: folder }, {});
  const pool = createPool({
    url,
    max: config.database.pool,
    applicationName: 'aiprod-bench',
    onError: (error) => console.error(error),
  });
  const queue = await createPgBossQueue({ ...databaseAddress(url), logger });
  const { sealer, close } = await openSealing(config, { pool });
  const deps = { pool, queue, limits: config.userLimits };
  const jobStore = createSealedJobStore(createJobStore(deps), sealer);
  const leases = createSealedJobLeases(createJobLeases(deps), sealer);
  return {
    async create(n) {
      const userId = `user-${n % users}`;
      await jobStore.create({ userId, request, maxRetries: 3, estimatedMicroUsd: 0, videoMs: 30_000 });
    },

    // As `create` writes them, but for the sealing, which nothing here looks at.
    async fill(jobs) {
      for (let from = 0; from < jobs; from += fillAtOnce) {
        await pool.query(
          `WITH made AS (
             INSERT INTO jobs (job_id, user_id, status, request, max_retries, cost, video_ms, turn, event_seq)
             SELECT gen_random_uuid(), 'user-' || (n % $3::int), 'pending', $4, 3, '{}', 30000, n / $3::int, 1
             FROM generate_series($1::int, $2::int) n RETURNING job_id, user_id
           )
           INSERT INTO job_events (job_id, user_id, event_id, type, data)
           SELECT job_id, user_id, 1, 'state', '{"status":"pending","stage":null,"progress":0}' FROM made`,
          [from, Math.min(from + fillAtOnce, jobs) - 1, users, JSON.stringify(request)],
        );
      }
      const { rows } = await pool.query<{ job_id: string }>('SELECT job_id FROM jobs ORDER BY turn, job_id');
      await insertAll(
        url,
        'jobs',
        rows.map(({ job_id: jobId }) => ({ jobId })),
      );
      await pool.query('ANALYZE');
    },

    async work(places, onDone) {
      await queue.consume(
        async ({ jobId }) => {
          const claimed = await leases.claimNext(jobId, `bench-${process.pid}`, 30_000);
          if (claimed === undefined) return;
          await leases.complete(claimed.lease, resultOf(claimed.lease.jobId));
          onDone(1);
        },
        { concurrency: places },
      );
    },

    async close() {
      await queue.close();
      await close();
      await pool.end();
    },
  };
}

const bossQueue = 'raw';

interface BossUse {
  /** Whether senders wake workers, in their transactions. */
  notify: boolean;
  batchSize: number;
}

/** With the least delay that pg-boss has to offer. */
const oneByOne = { notify: true, batchSize: 1 };
/** With the highest rate: who finds a full batch looks again at once, and nobody is woken. */
const inBatches = { notify: false, batchSize: 50 };

async function openPgBoss(url: string, { notify, batchSize }: BossUse): Promise<Path> {
  const boss = await startBoss(url);
  await boss.createQueue(bossQueue, { notify, heartbeatSeconds: 60, deleteAfterSeconds: 600 });
  const place = async (onDone: (jobs: number) => void): Promise<void> => {
    const options = {
      batchSize,
      burstWhenBatchFull: true,
      pollingIntervalSeconds: 0.5,
      notifyPollingIntervalSeconds: 0.5,
    };
    const id: string = await boss.work(bossQueue, options, async (taken: BossJob[]) => {
      onDone(taken.length);
      // Else it would wait for half a second after each: bursts are for batches only.
      if (batchSize === 1) boss.notifyWorker(id);
    });
  };
  return {
    async create(n) {
      await boss.send(bossQueue, { jobId: `${n}` });
    },

    async fill(jobs) {
      await insertAll(
        url,
        bossQueue,
        Array.from({ length: jobs }, (_, n) => ({ jobId: `${n}` })),
      );
      await boss.getDb().executeSql('ANALYZE');
    },

    async work(places, onDone) {
      await Promise.all(Array.from({ length: places }, () => place(onDone)));
    },

    close: () => boss.stop(),
  };
}

/** Makes pg-boss's tables. */
export async function createTables(url: string): Promise<void> {
  const queue = await createPgBossQueue({ ...databaseAddress(url), logger });
  await queue.close();
}

async function startBoss(url: string): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: url,
    schema: 'pgboss',
    max: 10,
    useListenNotify: true,
    schedule: false,
  });
  boss.on('error', (error) => console.error(error));
  return boss.start();
}

async function insertAll(url: string, queue: string, data: object[]): Promise<void> {
  const boss = await startBoss(url);
  for (let from = 0; from < data.length; from += fillAtOnce) {
    await boss.insert(
      queue,
      data.slice(from, from + fillAtOnce).map((each) => ({ data: each })),
    );
  }
  await boss.stop();
}

const request = requestOf({
  script:
    'The lighthouse keeper climbs the stairs once more. Outside, the storm takes the sea apart, and far away a ship turns for home.',
  mood: 'dramatic',
  duration: 30,
  resolution: '1080p',
  fps: 30,
});

const fileNames = [
  'video.mp4',
  'thumbnail.jpg',
  'captions.vtt',
  'captions.srt',
  'words.json',
  'narration.wav',
  'music.wav',
  'effects.wav',
  'manifest.json',
  'report.json',
];

/** What a real job leaves: ten files, each of which becomes a blob with its references. */
function resultOf(jobId: string): CompletedJob {
  const digest = (name: string) => createHash('sha256').update(`${jobId}/${name}`).digest('hex');
  return {
    files: Object.fromEntries(
      fileNames.map((name) => [name, { digest: digest(name), bytes: 10_000, media_type: 'video/mp4' }]),
    ),
    report: {} as CompletedJob['report'],
    video: {
      title: 'The lighthouse keeper',
      width: 1920,
      height: 1080,
      fps: 30,
      duration: 30,
      bytes: 10_000,
    },
    degradations: [],
    reuse: { steps_total: 24, steps_reused: 0 },
  };
}
