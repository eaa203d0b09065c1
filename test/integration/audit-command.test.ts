// aiprod audit on a real database: what operators did is in it, and what was done to it behind our back is named.
import { createWriteStream } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../../src/adapters/observe/logger.ts';
import { createAuditLog } from '../../src/adapters/postgres/audit-log.ts';
import { createPool } from '../../src/adapters/postgres/pool.ts';
import { runCommandLine } from '../../src/cli/aiprod.ts';
import { captureOutput } from '../support/captured-output.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let folder: string;
let pool: pg.Pool;
let printed: ReturnType<typeof captureOutput>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-audit-'));
  database = await openTestDatabase();
  pool = createPool({ url: database.url, max: 2, applicationName: 'test', onError: () => {} });
  vi.stubEnv('DATABASE_URL', database.url);
  vi.stubEnv('AIPROD_DATA', folder);
  vi.stubEnv('AIPROD_AUDIT_KEY', undefined);
  printed = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await pool.end();
  await database.close();
  await rm(folder, { recursive: true });
});

async function aiprod(...args: string[]) {
  Object.assign(printed, { out: '', err: '' });
  const code = await runCommandLine(args);
  return { code, ...printed };
}

/** As somebody who owns the table: the trigger is off. */
const tamper = (sql: string) =>
  pool.query(`ALTER TABLE audit_log DISABLE TRIGGER USER; ${sql}; ALTER TABLE audit_log ENABLE TRIGGER USER`);

/** Three more entries, with the log that the program writes of them. */
async function writeEntries(logFile: string): Promise<void> {
  const destination = createWriteStream(logFile, { flags: 'a' });
  const logger = createLogger({ level: 'info', format: 'json', destination });
  const log = createAuditLog({ pool, key: await readFile(join(folder, 'keys', 'audit-key')), logger });
  for (const target of ['a', 'b', 'c']) {
    await log.record({
      action: 'video.create',
      outcome: 'done',
      // Some issuers name their users so; what is logged is what is in the chain.
      actor: { userId: 'https://issuer.example/users/ann', via: 'token', credentialId: 'eyJ0123456789' },
      from: '127.0.0.1',
      requestId: 'r\u001b[2J',
      userId: 'ann',
      target,
      facts: { status: 202 },
    });
    logger.info({ target }, 'something else');
  }
  await finished(destination.end());
}

test('what operators do with commands is written down, without the key itself', async () => {
  const made = await aiprod('keys', 'create', '--user', 'ann', '--scopes', 'videos:read', '--name', 'first');
  expect(made.code).toBe(0);
  const [, keyId] = /Key (\S+)\./.exec(made.err)!;
  expect((await aiprod('keys', 'revoke', keyId!)).code).toBe(0);
  expect((await aiprod('encryption', 'rotate')).code).toBe(0);

  const listed = await aiprod('audit', 'list');
  expect(listed.code, listed.err).toBe(0);
  const lines = listed.out.trimEnd().split('\n');
  expect(lines.map((line) => line.split('  ').slice(2, 4).join(' '))).toEqual([
    'done encryption.rotate',
    'done api_key.revoke',
    'done api_key.create',
  ]);
  expect(lines[2]).toContain(`command_line  user=ann  target=${keyId}  scopes=videos:read`);
  expect(listed.out).not.toContain(made.out.trim().slice(16));
  const { out: ofAnn } = await aiprod('audit', 'list', '--user', 'ann', '--limit', '1');
  expect(ofAnn).toMatch(/^2 {2}\S+Z {2}done {2}api_key.revoke/);
  expect((await aiprod('audit', 'verify')).out).toMatch(/^3 entries, 1 to 3, .* Head: [0-9a-f]{64}\n$/);
});

test('verify names the first bad entry, what is wrong with it, and ends with 1', async () => {
  await aiprod('keys', 'create', '--user', 'ann', '--scopes', 'videos:read');
  const logFile = join(folder, 'aiprod.log');
  await writeEntries(logFile);
  const good = await aiprod('audit', 'verify', '--log', logFile);
  expect(good.code, good.out).toBe(0);
  expect(good.out).toContain(`The 3 entries of ${logFile} that are kept are among them.`);
  // Names from outside do not move the cursor.
  expect((await aiprod('audit', 'list')).out).not.toContain('\u001b');

  // Wound back together with its head, which no chain shows, and gone on with.
  await tamper(`DELETE FROM audit_log WHERE seq > 2;
    UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_log WHERE seq = 2)`);
  expect((await aiprod('audit', 'verify')).code).toBe(0);
  const wound = await aiprod('audit', 'verify', '--log', logFile);
  expect(wound.code).toBe(1);
  expect(wound.out).toContain('from entry 3 on: the saved log has it, the database does not');
  expect(wound.out).toContain('not in the chain: 3, 4.');
  await writeEntries(join(folder, 'other.log'));
  const goneOn = await aiprod('audit', 'verify', '--log', logFile);
  expect([goneOn.code, goneOn.out]).toEqual([1, expect.stringContaining('not in the chain: 3, 4.')]);
  expect(goneOn.out).toContain('from entry 3 on: the saved log has another entry of this number');

  await tamper(`UPDATE audit_log SET target = 'x' WHERE seq = 2`);
  expect(await aiprod('audit', 'verify')).toMatchObject({
    code: 1,
    out: 'The audit log cannot be trusted from entry 2 on: it was edited.\n',
  });
});

test('what cannot be verified says why, and ends with 4', async () => {
  expect(await aiprod('audit', 'verify')).toMatchObject({
    code: 4,
    err: expect.stringMatching(/no key to verify.*\n→ Set AIPROD_AUDIT_KEY/),
  });
  await aiprod('keys', 'create', '--user', 'ann', '--scopes', 'videos:read');
  const file = join(folder, 'aiprod.log');
  expect(await aiprod('audit', 'verify', '--log', file)).toMatchObject({
    code: 4,
    err: expect.stringContaining('cannot be read'),
  });
  await writeFile(file, 'no JSON\n{"msg":"x","audit":false}\n');
  expect((await aiprod('audit', 'verify', '--log', file)).code).toBe(0);
  await appendFile(file, '{"audit":true,"seq":1}\n');
  expect(await aiprod('audit', 'verify', '--log', file)).toMatchObject({
    code: 4,
    err: expect.stringMatching(/^Line 3 of .* is no audit line/),
  });
  // With another key nothing is changed, for it could not be written down.
  vi.stubEnv('AIPROD_AUDIT_KEY', Buffer.alloc(32, 1).toString('base64'));
  expect((await aiprod('audit', 'verify')).code).toBe(4);
  expect((await aiprod('keys', 'create', '--user', 'bob', '--scopes', 'admin')).code).toBe(4);
  expect((await pool.query('SELECT FROM api_keys')).rowCount).toBe(1);
  await pool.query('DROP TABLE audit_start, audit_head, audit_log');
  expect((await aiprod('audit', 'list')).err).toContain('no audit log');
});

test.each([
  [['audit']],
  [['audit', 'verify', 'more']],
  [['audit', 'verify', '--limit', '5']],
  [['audit', 'list', '--log', 'x']],
  [['audit', 'list', '--limit', '0']],
])('%j is a wrong use', async (args) => {
  expect((await aiprod(...args)).code).toBe(2);
});
