// aiprod doctor --production against doubles of every service and a real database: what it says when all is well, and of
// each thing that is not.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PubSub } from '@google-cloud/pubsub';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createDatabaseCheckups } from '../../src/adapters/postgres/checkups.ts';
import { productionCheckups } from '../../src/compose/checkups.ts';
import { readConfig } from '../../src/config/config.ts';
import { AppError } from '../../src/domain/errors.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type ElevenlabsDouble, elevenlabsKey, startElevenlabsDouble } from '../support/elevenlabs-double.ts';
import { type FreesoundDouble, openFreesoundDouble } from '../support/freesound-double.ts';
import { type GeminiDouble, openGeminiDouble } from '../support/gemini-double.ts';
import { type KmsDouble, startKmsDouble } from '../support/kms-double.ts';
import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/pubsub-double-issuer.ts';
import { type StorageDouble, startStorageDouble } from '../support/storage-double.ts';
import { makeSigningKey } from '../support/storage-double-signature.ts';
import { openSunoDouble, type SunoDouble } from '../support/suno-double.ts';

let folder: string;
let database: TestDatabase;
let issuer: TokenIssuer;
let pubsub: PubsubDouble;
let storage: StorageDouble;
let gemini: GeminiDouble;
let elevenlabs: ElevenlabsDouble;
let suno: SunoDouble;
let freesound: FreesoundDouble;
let kms: KmsDouble;
const kmsKey = 'projects/project/locations/europe-west1/keyRings/aiprod/cryptoKeys/data-keys';
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-doctor-'));
  const key = makeSigningKey();
  await writeFile(join(folder, 'key.json'), key.keyFile);
  issuer = await startTokenIssuer();
  [database, pubsub, storage, gemini, elevenlabs, suno, freesound, kms] = await Promise.all([
    openTestDatabase(),
    startPubsubDouble(),
    startStorageDouble({ key }),
    openGeminiDouble(),
    startElevenlabsDouble(),
    openSunoDouble(),
    openFreesoundDouble(),
    startKmsDouble({ folder }),
  ]);
  kms.rotate(kmsKey);
  const google = {
    PUBSUB_EMULATOR_HOST: pubsub.host,
    METADATA_SERVER_DETECTION: 'none',
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'key.json'),
  };
  for (const [name, value] of Object.entries(google)) vi.stubEnv(name, value);
  const admin = new PubSub({ projectId: 'project' });
  await admin.createTopic('aiprod-jobs');
  await admin.createSubscription('aiprod-jobs', 'aiprod-worker');
  await admin.createSubscription('aiprod-jobs', 'aiprod-dead-letters');
  await admin.close();
  environment = {
    ...google,
    AIPROD_DATA: folder,
    AIPROD_PORT: '0',
    DATABASE_URL: database.url,
    AIPROD_QUEUE: 'pubsub',
    AIPROD_PUBSUB_PROJECT: 'project',
    AIPROD_BLOBS: `gs://${storage.bucketName}/blobs`,
    AIPROD_SEAL_BLOBS: 'no',
    AIPROD_KMS_KEY: kmsKey,
    AIPROD_KMS_ENDPOINT: kms.endpoint,
    NODE_EXTRA_CA_CERTS: kms.environment.NODE_EXTRA_CA_CERTS,
    AIPROD_GCS_ENDPOINT: storage.endpoint,
    GEMINI_API_KEY: gemini.apiKey,
    AIPROD_GEMINI_URL: gemini.url,
    ELEVENLABS_API_KEY: elevenlabsKey,
    AIPROD_ELEVENLABS_URL: elevenlabs.url,
    SUNO_API_KEY: suno.apiKey,
    AIPROD_SUNO_URL: suno.url,
    FREESOUND_API_KEY: freesound.apiKey,
    AIPROD_FREESOUND_URL: freesound.url,
  };
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all(
    [database, pubsub, storage, gemini, elevenlabs, suno, freesound, issuer, kms].map((each) =>
      each?.close(),
    ),
  );
  await rm(folder, { recursive: true, force: true });
});

/** What each checkup found, or the code and message of what it threw. */
async function findings(change: Record<string, string> = {}): Promise<Record<string, string>> {
  const checkups = await productionCheckups(readConfig({}, { ...environment, ...change }));
  const told = checkups.map(async ({ name, check }) => {
    const detail = await check(AbortSignal.timeout(15_000)).catch((error) => {
      if (!(error instanceof AppError)) throw error;
      expect(error.hint, `${name} says what to do`).toBeDefined();
      return `${error.code}: ${error.publicMessage}`;
    });
    return [name, detail];
  });
  return Object.fromEntries(await Promise.all(told));
}

test('says of each what it is when all is well, and leaves nothing behind', async () => {
  const host = new URL(database.url).hostname;
  expect(await findings()).toEqual({
    database: expect.stringMatching(RegExp(`^PostgreSQL \\d+\\.\\d+ at ${host}, no TLS$`)),
    'database schema': expect.stringMatching(/^version \d+$/),
    'database rights': 'reads and writes every table, takes on both roles',
    'database connections': expect.stringMatching(/room for \d+ processes of 13$/),
    clock: expect.stringMatching(/^\d+ ms/),
    bucket: `${storage.bucketName}: creates once, reads, signs, removes`,
    'pubsub topic': 'aiprod-jobs: pubsub.topics.publish',
    'pubsub subscription': 'aiprod-worker: pubsub.subscriptions.consume',
    'pubsub dead letters': 'aiprod-dead-letters: pubsub.subscriptions.consume',
    'encryption key': 'aiprod/data-keys, version 1: wraps and unwraps',
    elevenlabs: 'plan creator, 99000 of 100000 credits left',
    gemini: expect.stringMatching(/^offers gemini-\S+, gemini-\S+$/),
    suno: expect.stringMatching(/^500 credits left at 127/),
    freesound: expect.stringMatching(/^\d+ sounds of rain$/),
  });
  expect([...storage.bucket.objects.keys()]).toEqual([]);
});

test('names what is missing of topics, subscriptions, rights and the schema', async () => {
  const without = await openTestDatabase({ empty: true });
  const admin = new pg.Client(database.url);
  await admin.connect();
  const user = `doctor_${process.pid}`;
  await admin.query(
    `CREATE ROLE ${user} LOGIN PASSWORD 'secret'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${user}`,
  );
  try {
    const url = new URL(database.url);
    url.username = user;
    url.password = 'secret';
    expect(await findings({ DATABASE_URL: url.href, AIPROD_PUBSUB_TOPIC: 'other-topic' })).toMatchObject({
      'database rights': expect.stringMatching(/^forbidden: The user has no DELETE on .* and \d+ more\.$/),
      'pubsub topic': 'forbidden: other-topic is not there, or we lack pubsub.topics.publish.',
    });
    await admin.query(`GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${user}`);
    const [rights] = createDatabaseCheckups({
      url: url.href,
      caFile: undefined,
      replicaUrl: undefined,
      perProcess: 1,
      withQueue: false,
    }).filter(({ name }) => name === 'database rights');
    await expect(rights!.check(AbortSignal.timeout(15_000))).rejects.toMatchObject({
      code: 'forbidden',
      hint: `Let an administrator of the server run: GRANT aiprod_tenant TO "${user}"; GRANT aiprod_auditor TO "${user}";`,
    });
    expect(await findings({ DATABASE_URL: without.url })).toMatchObject({
      'database schema': expect.stringMatching(/^not_found: The schema is version 0; this program needs \d+/),
    });
  } finally {
    await admin.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
    await admin.end();
    await without.close();
  }
  pubsub.deny('pubsub.subscriptions.consume');
  expect(await findings()).toMatchObject({
    'pubsub subscription': expect.stringContaining('forbidden'),
    'pubsub dead letters': expect.stringContaining('forbidden'),
  });
});

test('names keys that are not accepted, models that are not offered and credits that are used up', async () => {
  elevenlabs.usedCredits = 100_000;
  suno.credits = 0;
  gemini.retired.push('gemini-old');
  expect(await findings({ FREESOUND_API_KEY: 'x', AIPROD_GEMINI_TEXT_MODEL: 'gemini-old' })).toMatchObject({
    elevenlabs: 'provider_quota: All 100000 credits of the plan are used.',
    suno: 'provider_quota: There are no credits left.',
    freesound: expect.stringContaining('provider_credentials'),
    gemini: expect.stringContaining('provider_refused'),
  });
  expect(await findings({ GEMINI_API_KEY: 'x', ELEVENLABS_API_KEY: 'x', SUNO_API_KEY: 'x' })).toMatchObject({
    gemini: expect.stringContaining('provider_credentials'),
    elevenlabs: expect.stringContaining('provider_credentials'),
    suno: expect.stringContaining('provider_credentials'),
  });
});

test('names a bucket that is not there, or that may be created in but not read', async () => {
  expect(await findings({ AIPROD_BLOBS: 'gs://another-bucket' })).toMatchObject({
    bucket: expect.stringContaining('forbidden: It does not let us create objects'),
  });
  storage.inject('media', { status: 403 }, { times: 5 });
  expect(await findings()).toMatchObject({
    bucket: expect.stringContaining('forbidden: It does not let us read objects'),
  });
});

test('names a key of Cloud KMS that is not there, not ours or disabled', async () => {
  const absent = 'forbidden: The key is not there, or not ours to use.';
  expect(await findings({ AIPROD_KMS_KEY: `${kmsKey}-other` })).toMatchObject({ 'encryption key': absent });
  kms.deny();
  expect(await findings()).toMatchObject({ 'encryption key': absent });
  kms.deny(false);
  expect(await findings({ AIPROD_KMS_ENDPOINT: 'https://127.0.0.1:1' })).toMatchObject({
    'encryption key': expect.stringContaining('encryption_key_unavailable'),
  });
});

test('looks at the settings of pushes where they are pushed', async () => {
  const pushed = { AIPROD_PUSH_ACCOUNT: 'a@b.iam.gserviceaccount.com', AIPROD_PUSH_KEYS_URL: issuer.keysUrl };
  const audience = { ...pushed, AIPROD_PUSH_AUDIENCE: 'https://worker.example' };
  const found = await findings(audience);
  expect(found).toMatchObject({ push: 'audience https://worker.example, 1 keys' });
  expect(found).not.toHaveProperty('pubsub subscription');
  expect(await findings({ ...pushed, AIPROD_PUSH_AUDIENCE: 'worker' })).toMatchObject({
    push: expect.stringContaining('config_invalid'),
  });
  issuer.answerKeysWith(200, '{"keys":[]}');
  expect(await findings(audience)).toMatchObject({ push: expect.stringContaining('There are no keys') });
});

test('asks an API for the right to send jobs, and not to take them', async () => {
  const found = await findings({ AIPROD_ROLE: 'api' });
  expect(found).toHaveProperty('pubsub topic');
  expect(found).not.toHaveProperty('pubsub subscription');
  expect(found).not.toHaveProperty('pubsub dead letters');
});

test('a database that cannot be reached is named on every line that needs it', async () => {
  expect(await findings({ DATABASE_URL: 'postgres://127.0.0.1:1/x' })).toMatchObject({
    database: expect.stringContaining('database_unavailable'),
    clock: expect.stringContaining('database_unavailable'),
  });
});

test('the command prints a line each, or JSON, and fails when something is not right', async () => {
  const program = join(import.meta.dirname, '../../src/cli/aiprod.ts');
  const run = (args: string[]) =>
    promisify(execFile)(process.execPath, [program, 'doctor', '--production', ...args], {
      env: { PATH: process.env.PATH, ...environment },
    }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }) => ({ code, stdout }),
    );
  const text = await run([]);
  expect(text.code).toBe(4);
  expect(text.stdout).toMatch(/^ok {6}Node: /m);
  expect(text.stdout).toMatch(/^ok {6}database: PostgreSQL/m);
  expect(text.stdout).toMatch(/^missing pubsub subscription: .*\n {2}→ aiprod gcp setup --project project/m);
  expect(text.stdout).toMatch(/^wrong {3}suno: There are no credits left\.\n {2}→ /m);
  expect(text.stdout).toMatch(/\d+ of \d+ checks failed\.\n$/);
  const { ok, findings: all } = JSON.parse((await run(['--json'])).stdout);
  expect(ok).toBe(false);
  expect(all).toContainEqual({
    name: 'suno',
    status: 'wrong',
    detail: 'There are no credits left.',
    remedy: 'Buy credits at the broker.',
  });
});
