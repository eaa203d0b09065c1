// AIPROD as the files of deploy/google-cloud run it, with doubles of Google's services: the environment of both services and
// both jobs is theirs, and only addresses and what is random are others.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { PubSub } from '@google-cloud/pubsub';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';

import { createApiClient } from '../../src/cli/api-client.ts';
import { jobArguments } from '../support/books.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import {
  environmentOf,
  exampleValues,
  readDeployFile,
  readJob,
  readService,
} from '../support/google-cloud-files.ts';
import { type KmsDouble, startKmsDouble } from '../support/kms-double.ts';
import { metricNames } from '../support/promql-names.ts';
import { type PubsubDouble, startPubsubDouble } from '../support/pubsub-double.ts';
import { startTokenIssuer, type TokenIssuer } from '../support/pubsub-double-issuer.ts';
import { startServerProcess } from '../support/server-process.ts';
import { smallRequest } from '../support/small-job.ts';
import { type StorageDouble, startStorageDouble } from '../support/storage-double.ts';
import { makeSigningKey } from '../support/storage-double-signature.ts';

const document = resolve(import.meta.dirname, '../../docs/operations/google-cloud.md');

type Part = 'api' | 'worker' | 'sweep' | 'admin' | 'doctor-api' | 'doctor-worker';

let folder: string;
let issuer: TokenIssuer;
let pubsub: PubsubDouble;
let storage: StorageDouble;
let kms: KmsDouble;
let database: TestDatabase;
let queue: PubSub;
let environments: Record<Part, Record<string, string>>;
const started: { stop(): Promise<unknown> }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-google-cloud-'));
  const key = makeSigningKey();
  const keyFile = join(folder, 'account.json');
  await writeFile(keyFile, key.keyFile);
  issuer = await startTokenIssuer();
  [pubsub, storage, kms, database] = await Promise.all([
    startPubsubDouble({ issuer }),
    startStorageDouble({ key }),
    startKmsDouble({ folder }),
    openTestDatabase(),
  ]);
  const values = {
    ...exampleValues,
    ...{ bucket: storage.bucketName, oidc_issuer: '', oidc_audience: '', oidc_jwks_url: '' },
  };
  const [api, worker] = [await readService('api.yaml', values), await readService('worker.yaml', values)];
  const [sweep, admin] = [await readJob('sweep.yaml', values), await readJob('admin.yaml', values)];
  const doctors = [await readJob('doctor-api.yaml', values), await readJob('doctor-worker.yaml', values)];
  const [askingApi, askingWorker] = doctors.map(
    ({ spec }) => spec.template.spec.template.spec.containers[0]!,
  );
  const containers = {
    'doctor-api': askingApi!,
    'doctor-worker': askingWorker!,
    api: api.spec.template.spec.containers[0]!,
    worker: worker.spec.template.spec.containers[0]!,
    sweep: sweep.spec.template.spec.template.spec.containers[0]!,
    admin: admin.spec.template.spec.template.spec.containers[0]!,
  };
  const environmentFor = (part: Part) => ({
    ...environmentOf(containers[part]),
    ...kms.environment,
    AIPROD_DATA: join(folder, part),
    AIPROD_PORT: '0',
    DATABASE_URL: database.url,
    AIPROD_DATABASE_CA: '',
    PUBSUB_EMULATOR_HOST: pubsub.host,
    GOOGLE_APPLICATION_CREDENTIALS: keyFile,
    ...(part !== 'sweep' && { AIPROD_KMS_ENDPOINT: kms.endpoint, AIPROD_GCS_ENDPOINT: storage.endpoint }),
    ...(part.endsWith('worker') && { AIPROD_PUSH_KEYS_URL: issuer.keysUrl }),
  });
  environments = {
    api: environmentFor('api'),
    worker: environmentFor('worker'),
    sweep: environmentFor('sweep'),
    admin: environmentFor('admin'),
    'doctor-api': environmentFor('doctor-api'),
    'doctor-worker': environmentFor('doctor-worker'),
  };
  kms.rotate(environments.api.AIPROD_KMS_KEY!);
  vi.stubEnv('PUBSUB_EMULATOR_HOST', pubsub.host);
  vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
  queue = new PubSub({ projectId: exampleValues.project });
  await queue.createTopic('aiprod-jobs');
  await queue.createTopic('aiprod-dead-letters');
  await queue.createSubscription('aiprod-dead-letters', 'aiprod-dead-letters');
}, 60_000);

afterEach(async () => {
  for (const { stop } of started.splice(0).reverse()) await stop();
  await queue.close();
  await Promise.all([pubsub, storage, kms, issuer, database].map((each) => each.close()));
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** What the job of Cloud Run prints with these arguments. */
async function execute(part: Exclude<Part, 'api' | 'worker'>, ...args: string[]): Promise<string> {
  const program = resolve(import.meta.dirname, '../../src/cli/aiprod.ts');
  const env = { PATH: process.env.PATH, ...environments[part] };
  return (await promisify(execFile)(process.execPath, [program, ...args], { env })).stdout;
}

/** Lines of the log go into `log`. */
async function start(part: 'api' | 'worker', log: string[]) {
  const server = await startServerProcess(environments[part], (line) => log.push(line));
  started.push(server);
  return server;
}

test('a first key, a video through both services, its files by signed URLs, metrics, and the end', async () => {
  const log: string[] = [];
  // Others could reach it, and nobody could log in.
  await expect(start('api', [])).rejects.toThrow('nobody could log in');

  // As the document says.
  const [, create] = jobArguments(await readFile(document, 'utf8'));
  const apiKey = (await execute('admin', ...create!)).trim();
  const [api, worker] = await Promise.all([start('api', log), start('worker', log)]);
  await queue.createSubscription('aiprod-jobs', 'aiprod-worker', {
    pushConfig: {
      pushEndpoint: `${worker.url}/process-job`,
      oidcToken: {
        serviceAccountEmail: environments.worker.AIPROD_PUSH_ACCOUNT!,
        audience: environments.worker.AIPROD_PUSH_AUDIENCE!,
      },
    },
    ackDeadlineSeconds: 600,
  });
  // In the place of each service; neither fails.
  const doctors = ['doctor-api', 'doctor-worker'] as const;
  const [byApi, byWorker] = await Promise.all(doctors.map((part) => execute(part, 'doctor', '--production')));
  expect(byApi).toMatch(/^ok {6}bucket: .*signs/m);
  expect(byApi).not.toContain('pubsub dead letters');
  expect(byWorker).toMatch(/^ok {6}push: audience https/m);
  expect(byWorker).toMatch(/^ok {6}pubsub dead letters/m);

  // The first probe of either.
  for (const { url } of [api, worker]) expect((await fetch(`${url}/ready`)).status).toBe(200);

  const client = createApiClient(api.url, { apiKey });
  const { job_id } = await client.create(smallRequest);
  const job = await client.follow(job_id, () => {}, AbortSignal.timeout(120_000));
  expect(job).toMatchObject({ status: 'completed', error: null, degradations: [] });

  const authorization = `Bearer ${apiKey}`;
  const asked = await fetch(`${api.url}/v1/videos/${job_id}/files/video.mp4`, {
    headers: { authorization },
    redirect: 'manual',
  });
  expect(asked.status).toBe(302);
  const file = Buffer.from(await (await fetch(asked.headers.get('location')!)).arrayBuffer());
  expect(createHash('sha256').update(file).digest('hex')).toBe(job.files['video.mp4']!.digest);

  // The collectors stand beside the services, and show no token.
  const texts: string[] = [];
  for (const { url } of [api, worker]) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^jobs\{status="completed"\} 1$/m);
    texts.push(metrics);
  }
  // A policy of a metric that was never written is refused: after a first video one is left, as the document says.
  const { groups } = parse(await readDeployFile('alert-rules.yaml')) as {
    groups: { rules: { expr: string }[] }[];
  };
  const named = new Set(groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => metricNames(expr))));
  const written = (name: string) => texts.some((text) => new RegExp(`^${name}[ {]`, 'm').test(text));
  expect([...named].filter((name) => !written(name)).sort()).toEqual(['provider_requests_total', 'up']);
  expect(await execute('sweep', 'sweep')).toBe('0 jobs were sent again.\n');

  expect(await Promise.all([worker.stop(), api.stop()])).toEqual([0, 0]);
  // No secret was made on a disk that is memory, nor told.
  for (const part of ['api', 'worker']) expect(await readdir(join(folder, part))).not.toContain('keys');
  expect(log.length).toBeGreaterThan(2);
  for (const line of log) {
    expect(JSON.parse(line)).toHaveProperty('severity');
    for (const name of ['AIPROD_AUDIT_KEY', 'AIPROD_KEY_PEPPER']) {
      expect(line).not.toContain(environments.admin[name]!);
    }
    expect(line).not.toContain(apiKey);
  }
}, 180_000);
