// Holds the books of docs/operations to the system: their queries run, their requests are answered, and the settings,
// codes, metrics, files and headings that they name exist. Commands of all documents: docs.test.ts.
import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { parse } from 'yaml';

import { createApiKeys } from '../src/adapters/postgres/api-keys.ts';
import type { ApiDeps } from '../src/api/deps.ts';
import { runCommandLine } from '../src/cli/aiprod.ts';
import { exitCodes } from '../src/cli/exit-codes.ts';
import { chooseLogin } from '../src/compose/choose-login.ts';
import { readConfig } from '../src/config/config.ts';
import { scopes } from '../src/domain/caller.ts';
import { AppError, errorCodes, toProblem } from '../src/domain/errors.ts';
import type { Lease } from '../src/domain/job.ts';
import { openTestApi, type TestApi } from './support/api.ts';
import { blocksOf, operationsBooks as books, jobArguments } from './support/books.ts';
import { openTestDatabase, type TestDatabase } from './support/database.ts';
import { checkDocker } from './support/docker-command.ts';
import { exportedNames, recordedNames } from './support/known-metrics.ts';
import { metricNames } from './support/promql-names.ts';

const root = resolve(import.meta.dirname, '..');
const read = (document: string) => readFile(join(root, document), 'utf8');

const inFolder = await readdir(join(root, 'docs/operations'));
const pages = inFolder.toSorted().map((file) => `docs/operations/${file}`);

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await openTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await database?.close();
});

const tableOfSettings = new Set(
  [...(await read('docs/configuration.md')).matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name!),
);
const knownMetrics = new Set([...(await exportedNames()), ...(await recordedNames()), 'up']);
const metricLike =
  /^(api|http|queue|task_queue|jobs?|job_step|provider|instance|memory|cpu|nodejs|slo|error_rate|worker|active)_[a-z0-9_]+$/;

describe.each(books)('%s', (book) => {
  test('every query is one that the database understands, and only reads', async () => {
    for (const query of blocksOf(await read(book), 'sql')) {
      await client.query('BEGIN READ ONLY');
      try {
        await expect(client.query(query), query).resolves.toBeDefined();
      } finally {
        await client.query('ROLLBACK');
      }
    }
  });

  test('every metric that is named is exported or recorded', async () => {
    const text = await read(book);
    const inQueries = blocksOf(text, 'promql').flatMap(metricNames);
    const inWords = codeOf(text).filter((code) => metricLike.test(code) && !Object.hasOwn(errorCodes, code));
    const named = [...inQueries, ...inWords];
    expect(named.filter((name) => !knownMetrics.has(name))).toEqual([]);
  });

  test('every file that is named is there', async () => {
    const paths = codeOf(await read(book)).filter((code) =>
      /^(src|test|deploy|docs|bench)\/[\w./-]+$/.test(code),
    );
    for (const path of paths) await expect(stat(join(root, path)), path).resolves.toBeDefined();
  });

  test('every docker command in a sentence or table is one of ours', async () => {
    for (const command of codeOf(await read(book)).filter((code) => code.startsWith('docker '))) {
      await expect(checkDocker(command.split(/\s+/).slice(1), root), command).resolves.toEqual([]);
    }
  });

  test('every aiprod command in a sentence or table has a help', async () => {
    for (const command of codeOf(await read(book)).filter((code) => code.startsWith('aiprod '))) {
      expect(await runCommandLine([...command.split(/\s+/).slice(1), '--help']), command).toBe(0);
    }
  });
});

describe.each(pages)('%s', (page) => {
  test('every setting that is named is read', async () => {
    const named = (await read(page)).match(/\b(AIPROD_[A-Z_]*[A-Z]|DATABASE_URL)\b/g) ?? [];
    expect(named.filter((name) => !tableOfSettings.has(name))).toEqual([]);
  });

  test('jobs on Cloud Run are given arguments that AIPROD takes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aiprod-books-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    // No server answers there: a command that is used rightly ends where it would begin its work.
    const settings = {
      DATABASE_URL: 'postgresql://aiprod@127.0.0.1:1/aiprod?sslmode=disable',
      AIPROD_DATA: folder,
    };
    for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const args of jobArguments(await read(page))) {
      expect(await runCommandLine(args), args.join(' ')).toBe(exitCodes.machine);
    }
  });

  test('every link to a heading leads to one', async () => {
    for (const [, file, anchor] of (await read(page)).matchAll(/\]\((?!https?:)([^)#]*)#([^)]+)\)/g)) {
      const target = file === '' ? page : join(dirname(page), file!);
      expect(anchorsOf(await read(target)), `${target}#${anchor}`).toContain(anchor);
    }
  });
});

test('the index names every page of the folder', async () => {
  const linked = [...(await read('docs/operations/README.md')).matchAll(/\]\(([\w-]+\.md)[)#]/g)].map(
    ([, file]) => file!,
  );
  const others = pages.map((page) => basename(page)).filter((file) => file !== 'README.md');
  expect(others.filter((file) => !linked.includes(file))).toEqual([]);
});

const texts = await Promise.all(books.map(read));
const requests = new Set(
  texts
    .flatMap((text) => blocksOf(text, 'sh').flatMap((block) => block.split('\n')))
    .filter((line) => line.startsWith('curl ')),
);
const hasCurl = await promisify(execFile)('curl', ['--version']).then(
  () => true,
  () => false,
);

describe('requests by curl', () => {
  let on: TestApi;
  let key: string;
  beforeAll(async () => {
    let authenticate: ApiDeps['authenticate'] | undefined;
    on = await openTestApi({ authenticate: (request) => authenticate!(request) });
    const keys = createApiKeys({ pool: on.stores.pool, pepper: Buffer.alloc(32, 9) });
    authenticate = await chooseLogin(readConfig({}, { AIPROD_LOGIN: 'required' }).auth, keys);
    ({ key } = await keys.create({ userId: 'ann', name: '', scopes: [...scopes] }));
  });
  afterAll(() => on?.close());

  async function failJob(): Promise<Lease> {
    const lease = await on.stores.claimNew('ann');
    const error = toProblem(new AppError('storage_unavailable', 'The storage is away.'));
    await on.stores.leases.fail(lease, { error, degradations: [], deadLetter: true });
    return lease;
  }

  test('are of routes that there are, with the key where one is asked for', () => {
    const { paths = {} } = on.api.swagger() as { paths?: Record<string, object> };
    expect(requests.size).toBeGreaterThan(3);
    for (const request of requests) {
      const [, path] = /"\$URL(\/[^"?]*)/.exec(request) ?? [];
      const method = /-X (\w+)/.exec(request)?.[1] ?? 'GET';
      const asked = path!.replaceAll(/\$[A-Z_]+/g, '{}');
      const route = Object.entries(paths).find(
        ([template]) => template.replaceAll(/\{\w+\}/g, '{}') === asked,
      );
      expect(Object.keys(route?.[1] ?? {}), request).toContain(method.toLowerCase());
      expect(request.includes('Authorization: Bearer $AIPROD_API_KEY'), request).toBe(
        path!.startsWith('/v1/'),
      );
    }
  });

  test.runIf(hasCurl)('are answered as they should, one after another', async () => {
    const url = await on.api.listen({ port: 0, host: '127.0.0.1' });
    const lease = await failJob();
    const other = await failJob();
    const letters = await on.stores.deadLetters.list(2);
    const letterOf = ({ jobId }: Lease) => letters.find((letter) => letter.jobId === jobId)!.deadLetterId;
    const env = {
      PATH: process.env.PATH,
      URL: url,
      AIPROD_API_KEY: key,
      JOB_ID: lease.jobId,
      DEAD_LETTER_ID: letterOf(lease),
      OTHER_LETTER_ID: letterOf(other),
    };
    for (const request of requests) {
      const { stdout } = await promisify(execFile)('sh', ['-c', `${request} --fail-with-body`], { env });
      if (/-X /.test(request)) expect(stdout).toBe('');
      else expect(JSON.parse(stdout), request).toBeTypeOf('object');
    }
    expect(await on.stores.deadLetters.count()).toBe(0);
  });
});

describe('the runbook', async () => {
  const text = await read('docs/operations/runbook.md');
  const sections = text.split(/^## /m).slice(1);

  const parts =
    /^\*\*Meaning\.\*\*[\s\S]+^\*\*First look(\.\*\*[\s\S]+^\*\*Fix\.\*\*| and fix\*\*)[\s\S]+^\*\*Escalate\*\*/m;

  test.each(sections.map((section) => section.split('\n', 1)[0]!))('%s has its four parts', (heading) => {
    expect(sections.find((section) => section.startsWith(`${heading}\n`))).toMatch(parts);
  });
});

test('codes in tables are codes of errors, and troubleshooting knows each that is not the caller’s', async () => {
  const inTable = (text: string) =>
    [...text.matchAll(/^\| `(?:code|outcome)` \|.*\n\|[-|]+\n((?:\|.*\n)+)/gm)].flatMap(([, rows]) =>
      rows!.split('\n').flatMap((row) => codeOf(row.split('|')[1] ?? '')),
    );
  const named = texts.flatMap(inTable);
  expect(named.filter((code) => !Object.hasOwn(errorCodes, code))).toEqual([]);
  const operators = Object.entries(errorCodes).filter(
    ([code, { status }]) => status >= 500 && code !== 'lease_lost',
  );
  const explained = inTable(await read('docs/operations/troubleshooting.md'));
  expect(explained.toSorted()).toEqual(operators.map(([code]) => code).toSorted());
});

test('on call says of each alert whether it wakes somebody', async () => {
  const { groups } = parse(await read('deploy/prometheus/alerts.yaml')) as {
    groups: { rules: { alert: string; labels: { severity: string } }[] }[];
  };
  const rules = groups.flatMap(({ rules: each }) => each);
  const text = await read('docs/operations/on-call.md');
  for (const severity of ['page', 'ticket']) {
    const [row] = new RegExp(`^\\| \`${severity}\` \\|.*$`, 'm').exec(text) ?? [''];
    const alerts = rules.filter(({ labels }) => labels.severity === severity).map(({ alert }) => alert);
    expect(codeOf(row).slice(1).toSorted(), severity).toEqual([...new Set(alerts)].toSorted());
  }
});

test('the unit for systemd starts what is there, and waits for its end', async () => {
  const unit = await read('deploy/systemd/aiprod.service');
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1];
  const [, program] = /(\S+)$/.exec(value('ExecStart')!)!;
  await access(join(root, program!));
  expect(Number(value('TimeoutStopSec'))).toBeGreaterThan(8);
  for (const [, name] of unit.matchAll(/\b(AIPROD_\w+)=/g)) expect(tableOfSettings).toContain(name);
  const verify = await promisify(execFile)('systemd-analyze', ['--version']).then(
    () => true,
    () => false,
  );
  if (!verify) return;
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-unit-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'aiprod.service');
  await writeFile(file, unit.replaceAll('/opt/aiprod', root));
  const { stdout, stderr } = await promisify(execFile)('systemd-analyze', ['verify', file]);
  expect(stdout + stderr).toBe('');
});

/** What stands in backticks outside of blocks. */
function codeOf(text: string): string[] {
  const words = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  return [...words.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
}

/** The anchors that GitHub gives to headings. */
function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
