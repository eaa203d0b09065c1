// Services that fail in one way each: the line says which, and the exit code what kind. A whole one is in test/e2e.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { captureOutput } from '../../../test/support/captured-output.ts';
import { runCommandLine } from '../aiprod.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const key = 'a-key-that-is-good-for-the-service';
const json =
  (body: unknown, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const withKey =
  (answer: Answer): Answer =>
  (request, response) =>
    (request.headers.authorization === `Bearer ${key}` ? answer : json({ detail: 'No key.' }, 401))(
      request,
      response,
    );

const names = ['video.mp4', 'thumbnail.jpg', 'captions.vtt', 'report.json', 'manifest.json'];
const bytesOf = (name: string) => Buffer.from(`\0\0\0\x18ftyp of ${name}`, 'latin1');
const made = {
  job_id: 'j',
  status: 'completed',
  stage: 'publish',
  progress: 1,
  started_at: '2026-11-25T10:00:00.000Z',
  completed_at: '2026-11-25T10:00:09.500Z',
  video: { duration: 5.04, height: 720 },
  degradations: [{ capability: 'voice', cause: 'elevenlabs is away.', remedy: '' }],
  cost: { actual_micro_usd: 1200 },
  error: null,
  report: {
    gates: [{ name: 'loudness', passed: true, measured: '-14.1 LUFS', required: '-14 ± 1' }],
    loudness: { integrated_lufs: -14.1 },
    video: { codec: 'h264' },
    audio: { codec: 'aac' },
  },
  files: Object.fromEntries(
    names.map((name) => {
      const digest = createHash('sha256').update(bytesOf(name)).digest('hex');
      return [name, { digest, bytes: bytesOf(name).length, media_type: '' }];
    }),
  ),
};
const file: Answer = ({ url, headers }, response) => {
  const bytes = bytesOf(url!.split('/').at(-1)!);
  if (headers.range === undefined) response.end(bytes);
  else response.writeHead(206).end(bytes.subarray(4, 8));
};
const events =
  (...statuses: string[]): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const [id, status] of statuses.entries())
      response.write(
        `id: ${id + 1}\ndata: ${JSON.stringify({ status, stage: 'render', progress: 0.5, at: '' })}\n\n`,
      );
  };

/** A service that does everything right, as far as anybody can tell from outside; `/v1` asks for the key. */
const right: Record<string, Answer> = {
  'GET /health': json({ status: 'ok', version: '1.2.3' }),
  'GET /ready': json({
    status: 'ready',
    failed: [],
    checks: { database: { ok: true }, storage: { ok: true } },
  }),
  'GET /openapi.json': json({ openapi: '3.1.0', info: { version: '1.2.3' }, paths: { '/v1/videos': {} } }),
  'GET /v1/videos?limit=1': withKey(json({ jobs: [] })),
  'POST /v1/videos': withKey(json({ job_id: 'j', status: 'pending' }, 202)),
  'GET /v1/videos/j/events': withKey(events('pending', 'completed')),
  'GET /v1/videos/j': withKey(json(made)),
  ...Object.fromEntries(names.map((name) => [`GET /v1/videos/j/files/${name}`, withKey(file)])),
  'DELETE /v1/videos/j': withKey((_, response) => {
    isDeleted = true;
    response.writeHead(204).end();
  }),
};

let server: Server;
let asked: string[];
let isDeleted: boolean;
let printed: ReturnType<typeof captureOutput>;

beforeEach(() => {
  [asked, isDeleted] = [[], false];
  vi.stubEnv('AIPROD_API_KEY', key);
  printed = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await server[Symbol.asyncDispose]();
});

/** Where it listens, right but for `wrong`; a job that was deleted is not found. */
async function serve(wrong: Record<string, Answer> = {}, host = '127.0.0.1'): Promise<string> {
  server = createServer((request, response) => {
    const question = `${request.method} ${request.url}`;
    asked.push(question);
    const isGone = isDeleted && question === 'GET /v1/videos/j';
    const answer = isGone
      ? json({ code: 'not_found', detail: 'Gone.' }, 404)
      : (wrong[question] ?? right[question]);
    if (answer === undefined) throw new Error(`nobody should ask ${question}`);
    answer(request, response);
  });
  server.listen(0, host);
  await once(server, 'listening');
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

it('looks at everything and removes what it made', async () => {
  expect(await runCommandLine(['smoke', await serve()])).toBe(0);
  expect(printed.out.replace(/\d+ ms/, '… ms').split('\n')).toEqual([
    '✓ health: version 1.2.3, … ms',
    '✓ ready: database, storage',
    '✓ openapi: OpenAPI 3.1.0, 1 paths',
    '✓ login: strangers are refused, the key of AIPROD_API_KEY is taken',
    '✓ create: job j',
    '✓ video: 5.0 s of 720p made in 9.5 s, for 1200 micro-USD; voice fell back: elevenlabs is away.',
    '✓ report: 1 gates passed; h264 and aac, -14.1 LUFS',
    '✓ files: 5 files, 0.0 MB, each with its digest',
    '✓ privacy: job and files are refused to strangers',
    '✓ delete: the job is gone',
    'The service makes videos.',
    '',
  ]);
  expect(asked).toContain('DELETE /v1/videos/j');
});

it('makes nothing when it is to be quick', async () => {
  expect(await runCommandLine(['smoke', await serve(), '--quick', '--expect', '1.2.3'])).toBe(0);
  expect(printed.out).toContain('The service answers.');
  expect(asked.filter((question) => !question.startsWith('GET '))).toEqual([]);
});

it.each<[string, Record<string, Answer>, number, RegExp]>([
  [
    'something before it answers',
    { 'GET /health': (_, response) => void response.end('<html>') },
    1,
    /✗ health: .*not.* JSON, but: <html>\n {2}→ .*before it/,
  ],
  [
    'it is cut off',
    { 'GET /health': ({ socket }) => void socket.destroy() },
    4,
    /✗ health: \/health does not answer/,
  ],
  [
    'a part of it fails',
    {
      'GET /ready': json(
        {
          status: 'not_ready',
          failed: ['queue'],
          checks: { queue: { ok: false, detail: 'Pub/Sub is away.' } },
        },
        503,
      ),
    },
    4,
    /✗ ready: Not ready\. queue: Pub\/Sub is away\.\n/,
  ],
  [
    'a proxy answers for it',
    { 'GET /ready': json({ detail: 'no healthy upstream' }, 502) },
    4,
    /✗ ready: \/ready answers 502, not 200: no healthy upstream/,
  ],
  [
    'an old description is kept',
    { 'GET /openapi.json': json({ info: { version: '1.2.2' }, paths: { '/v1/videos': {} } }) },
    1,
    /✗ openapi: .*1\.2\.2, \/health of 1\.2\.3/,
  ],
  [
    'any key opens it',
    {
      'GET /v1/videos?limit=1': ({ headers }, response) =>
        json({}, headers.authorization ? 200 : 401)({} as never, response),
    },
    1,
    /✗ login: .*wrong key answers 200, not 401/,
  ],
  [
    'jobs fail',
    {
      'GET /v1/videos/j': withKey(
        json({ ...made, status: 'failed', error: { detail: 'No voice.', hint: 'Add one.' } }),
      ),
    },
    1,
    /✗ video: The job ended failed: No voice\.\n {2}→ Add one\./,
  ],
  [
    'gates are missed',
    {
      'GET /v1/videos/j': withKey(
        json({
          ...made,
          report: { gates: [{ name: 'black', passed: false, measured: '3 s', required: 'none' }] },
        }),
      ),
    },
    1,
    /✗ report: Gates are missed: black: 3 s, required none/,
  ],
  [
    'a file is another',
    { 'GET /v1/videos/j/files/thumbnail.jpg': withKey((_, response) => void response.end('less')) },
    1,
    /✗ files: thumbnail\.jpg came with other bytes than were stored \(4 of \d+\)/,
  ],
  [
    'ranges are not kept',
    { 'GET /v1/videos/j/files/video.mp4': withKey((_, response) => void response.end(bytesOf('video.mp4'))) },
    1,
    /✗ files: A byte range of video\.mp4 answers 200/,
  ],
  [
    'files are open to all',
    { 'GET /v1/videos/j/files/video.mp4': file },
    1,
    /✗ privacy: .*video\.mp4 without a key answers 200, not 401/,
  ],
  [
    'nothing can be created',
    { 'POST /v1/videos': withKey(json({ detail: 'The queue is away.', hint: 'Ask again.' }, 503)) },
    1,
    /✗ create: The queue is away\.\n {2}→ Ask again\./,
  ],
])('fails when %s', async (_, wrong, code, line) => {
  expect(await runCommandLine(['smoke', await serve(wrong)]), printed.out).toBe(code);
  expect(printed.out).toMatch(line);
  expect(printed.out).toMatch(/The service does not work as it should\.\n$/);
  if (/✓ create/.test(printed.out)) expect(printed.out).toContain('✓ delete: the job is gone');
});

it('fails when the deleted job can still be read', async () => {
  const url = await serve({
    'DELETE /v1/videos/j': withKey((_, response) => void response.writeHead(204).end()),
  });
  expect(await runCommandLine(['smoke', url])).toBe(1);
  expect(printed.out).toContain('✗ delete: The job was deleted and can still be read.');
});

it('fails when no worker takes the job in time, says where to read on, and removes it', async () => {
  const url = await serve({
    'GET /v1/videos/j/events': withKey(events('pending')),
    'GET /v1/videos/j': withKey(json({ status: 'pending', stage: null })),
  });
  expect(await runCommandLine(['smoke', url, '--within', '1'])).toBe(1);
  expect(printed.out).toMatch(/✗ video: After 1 s the job is pending\.\n {2}→ .*runbook\.md, QueueStalled/);
  expect(printed.out).toContain('✓ delete');
});

it('fails when everybody may ask from elsewhere, and lets it pass on this machine', async () => {
  const open = { 'GET /v1/videos?limit=1': json({ jobs: [] }) };
  expect(await runCommandLine(['smoke', await serve(open), '--quick'])).toBe(0);
  expect(printed.out).toContain('✓ login: none asked for on this machine');
  // Also this machine, but not by a name of loopback.
  const { port } = server.address() as AddressInfo;
  await server[Symbol.asyncDispose]();
  server.listen(port, '0.0.0.0');
  await once(server, 'listening');
  expect(await runCommandLine(['smoke', `http://0.0.0.0:${port}`, '--quick'])).toBe(1);
  expect(printed.out).toContain('✗ login: Anybody may ask');
});

it('says how to get a key when there is none', async () => {
  vi.stubEnv('AIPROD_API_KEY', undefined);
  expect(await runCommandLine(['smoke', await serve(), '--quick'])).toBe(1);
  expect(printed.out).toMatch(/✗ login: .*no key to show\.\n {2}→ .*aiprod keys create/);
});

it('tells programs', async () => {
  expect(await runCommandLine(['smoke', await serve(), '--quick', '--expect', '2.0.0', '--json'])).toBe(1);
  const told = JSON.parse(printed.out) as {
    ok: boolean;
    findings: { name: string; status: string; detail: string }[];
  };
  expect(told.ok).toBe(false);
  expect(told.findings[0]).toMatchObject({
    name: 'health',
    status: 'wrong',
    detail: 'Version 1.2.3 answers, not 2.0.0.',
  });
  expect(told.findings.slice(1).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
});

it('refuses what is no address, no number of seconds, or too much', async () => {
  const url = await serve();
  for (const args of [
    [],
    ['video.example.com'],
    [url, url],
    [url, '--within', '0'],
    [url, '--within', '1.5'],
  ]) {
    printed.err = '';
    expect(await runCommandLine(['smoke', ...args])).toBe(2);
    expect(printed.err).toMatch(/\n→ .+\n$/);
  }
  expect(asked).toEqual([]);
});
