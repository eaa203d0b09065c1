// Whole jobs whose bytes lie in Cloud Storage (its double), through the real server, with a service that stumbles.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { type ServerProcess, startServerProcess } from '../support/server-process.ts';
import { finished, smallRequest } from '../support/small-job.ts';
import { type StorageDouble, startStorageDouble } from '../support/storage-double.ts';
import { makeSigningKey } from '../support/storage-double-signature.ts';

let folder: string;
let double: StorageDouble;
let server: ServerProcess;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-cloud-'));
  const key = makeSigningKey();
  await writeFile(join(folder, 'key.json'), key.keyFile);
  double = await startStorageDouble({ key });
  server = await startServerProcess({
    AIPROD_DATA: join(folder, 'data'),
    AIPROD_BLOBS: `gs://${double.bucketName}/blobs`,
    AIPROD_SEAL_BLOBS: 'no',
    AIPROD_GCS_ENDPOINT: double.endpoint,
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'key.json'),
  });
});
afterEach(async () => {
  await server.stop();
  await double.close();
  await rm(folder, { recursive: true, force: true });
});

const count = (wanted: string) => double.calls.filter((call) => call === wanted).length;

test('a video is made, delivered by redirect, and changed by a worker that has no copies', async () => {
  double.inject('create', { status: 503 });
  double.inject('create', 'cut-late', { after: 3 });
  const client = createApiClient(server.url);
  const first = await finished(server.url, (await client.create(smallRequest)).job_id);
  expect(first).toMatchObject({ status: 'completed', error: null, degradations: [] });
  // What a step made is there for the next: nothing was fetched.
  expect(count('media')).toBe(0);

  for (const [name, { digest, bytes }] of Object.entries(first.files)) {
    const path = join(folder, name);
    await client.download(first.job_id, name, path);
    const file = await readFile(path);
    expect([file.length, createHash('sha256').update(file).digest('hex')], name).toEqual([bytes, digest]);
  }
  expect(count('signed')).toBe(Object.keys(first.files).length);
  expect(count('media')).toBe(0);
  expect(await readdir(join(folder, 'data'))).not.toContain('blobs');

  await rm(join(folder, 'data/blob-cache'), { recursive: true });
  double.inject('media', 'cut');
  double.inject('media', { status: 503 }, { after: 1 });
  const changed = { ...smallRequest, captions: { enabled: false } };
  const second = await finished(server.url, (await client.create(changed)).job_id);
  expect(second).toMatchObject({ status: 'completed', error: null });
  expect(second.reuse!.steps_reused).toBeGreaterThan(5);
  expect(count('media')).toBeGreaterThan(3);

  const { checks } = (await (await fetch(`${server.url}/ready`)).json()) as {
    checks: Record<string, { ok: boolean }>;
  };
  expect(checks.storage).toMatchObject({ ok: true });
  const names = [...double.bucket.objects.keys()];
  expect(names.filter((name) => !/^blobs\/([0-9a-f]{32}\/[0-9a-f]{64}|ping)$/.test(name))).toEqual([]);
});
