// aiprod smoke against a service as it runs in production, with a login and with files by redirect to a bucket's signed
// URLs: everything works, and nothing is left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { type StorageDouble, startStorageDouble } from '../support/storage-double.ts';
import { makeSigningKey } from '../support/storage-double-signature.ts';

let folder: string;
let database: TestDatabase;
let bucket: StorageDouble;
let server: ServerProcess;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-smoke-'));
  database = await openTestDatabase();
  environment = { DATABASE_URL: database.url, AIPROD_DATA: folder, AIPROD_LOGIN: 'required' };
  const made = await aiprod(['keys', 'create', '--user', 'smoke', '--scopes', 'videos:read,videos:write'])
    .ended;
  expect(made.code, made.stderr).toBe(0);
  const signingKey = makeSigningKey();
  await writeFile(join(folder, 'key.json'), signingKey.keyFile);
  bucket = await startStorageDouble({ key: signingKey });
  server = await startServerProcess({
    ...environment,
    AIPROD_BLOBS: `gs://${bucket.bucketName}/blobs`,
    AIPROD_SEAL_BLOBS: 'no',
    AIPROD_GCS_ENDPOINT: bucket.endpoint,
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'key.json'),
  });
  environment.AIPROD_API_KEY = /aiprod_[\w-]+/.exec(made.stdout)![0];
});
afterAll(async () => {
  await server?.stop();
  await bucket?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

function aiprod(args: string[]) {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../src/cli/aiprod.ts'), ...args], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code: code as number, stdout, stderr }),
  );
  return { child, ended };
}

async function jobsLeft(): Promise<unknown[]> {
  const headers = { authorization: `Bearer ${environment.AIPROD_API_KEY}` };
  const answer = await fetch(new URL('/v1/videos', server.url), { headers });
  return ((await answer.json()) as { jobs: unknown[] }).jobs;
}

test('every line is good, and the job is gone', { timeout: 150_000 }, async () => {
  const { code, stdout, stderr } = await aiprod(['smoke', server.url, '--strict']).ended;
  expect(code, stdout + stderr).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines.pop()).toBe('The service makes videos.');
  const names = [
    'health',
    'ready',
    'openapi',
    'login',
    'create',
    'video',
    'report',
    'files',
    'privacy',
    'delete',
  ];
  expect(lines.map((line) => line.split(':')[0])).toEqual(names.map((name) => `✓ ${name}`));
  const files = Number(/(\d+) files/.exec(stdout)![1]);
  const andOneRange = files + 1;
  expect(bucket.calls.filter((call) => call === 'signed')).toHaveLength(andOneRange);
  expect(await jobsLeft()).toEqual([]);
});

test('Ctrl-C removes the job', async () => {
  const { child, ended } = aiprod(['smoke', server.url]);
  child.stderr.on('data', (chunk: Buffer) => {
    if (/speaking|painting|composing|rendering/.test(chunk.toString())) child.kill('SIGINT');
  });
  const { code, stdout, stderr } = await ended;
  expect(code, stdout + stderr).toBe(130);
  expect(stdout).toContain('✓ delete: the job is gone');
  expect(await jobsLeft()).toEqual([]);
});
