// aiprod sweep on a real database and queue: what a dead worker left is delivered again, and what is held is left alone.
import { PubSub } from '@google-cloud/pubsub';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';

import { runCommandLine } from '../../src/cli/aiprod.ts';
import { captureOutput } from '../support/captured-output.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { startPubsubDouble } from '../support/pubsub-double.ts';
import { openStores, type Stores } from '../support/stores.ts';

let database: TestDatabase;
let stores: Stores;
let printed: ReturnType<typeof captureOutput>;

beforeEach(async () => {
  database = await openTestDatabase();
  stores = await openStores(database);
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('AIPROD_DATA', stores.folder);
  printed = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await stores.close();
});

async function sweep() {
  printed.out = '';
  return { code: await runCommandLine(['sweep']), ...printed };
}

test('sends what a silent worker left, and leaves what is held alone', async () => {
  await stores.claimNew();
  expect(await sweep()).toEqual({ code: 0, out: '0 jobs were sent again.\n', err: '' });
  const left = await stores.claimNew('bob');
  await stores.expire(left);
  expect(await sweep()).toEqual({ code: 0, out: '1 job was sent again.\n', err: '' });
  // It is not sent again at once, whoever looks.
  expect(await sweep()).toEqual({ code: 0, out: '0 jobs were sent again.\n', err: '' });
});

test('with Pub/Sub, what it says it sent has been published when it ends', async () => {
  const double = await startPubsubDouble();
  onTestFinished(() => double.close());
  vi.stubEnv('PUBSUB_EMULATOR_HOST', double.host);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  vi.stubEnv('AIPROD_QUEUE', 'pubsub');
  vi.stubEnv('AIPROD_PUBSUB_PROJECT', 'aiprod-test');
  const admin = new PubSub({ projectId: 'aiprod-test' });
  const [topic] = await admin.createTopic('aiprod-jobs');
  const [subscription] = await topic.createSubscription('watching');
  const { promise: published, resolve } = Promise.withResolvers<unknown>();
  subscription.on('message', (message) => {
    message.ack();
    resolve(JSON.parse(message.data.toString()));
  });
  const left = await stores.claimNew();
  await stores.expire(left);
  expect(await sweep()).toEqual({ code: 0, out: '1 job was sent again.\n', err: '' });
  expect(await published).toMatchObject({ job_id: left.jobId });
  await subscription.close();
  await admin.close();
});

test('takes no argument', async () => {
  expect(await runCommandLine(['sweep', 'all'])).toBe(2);
  expect(printed.err).toContain('sweep takes nothing.');
});
