// Words of users and secrets, each of which stands nowhere else, go through the API, the worker and a vendor that repeats
// them; the log at its most talkative, standard error included, has none of them, and neither has any problem document nor
// any span of a trace.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createApiClient } from '../../src/cli/api-client.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { type OtlpReceiver, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { twoColours } from '../support/user-media.ts';

const root = resolve(import.meta.dirname, '../..');
const word = (what: string) => `zq${what}canary`;
/** Letters of a script that no bundled font has: the job that has them fails with a message that quotes them. */
const unseen = '𐌶𐌵𐌺';

let folder: string;
let vendor: Server;
let collector: OtlpReceiver;
let database: TestDatabase | undefined;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-canary-'));
  vendor = await openParrot();
  collector = await startOtlpReceiver();
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  child = undefined;
  vendor.closeAllConnections();
  await new Promise((closed) => vendor.close(closed));
  await collector.close();
  await database?.close();
  database = undefined;
  await rm(folder, { recursive: true, force: true });
});

/** Answers whatever it is asked with what it was sent, as a plan that is no JSON, as a refusal, or as a receiver that fails. */
async function openParrot(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const sent = await text(request);
    const plan = request.url!.includes(':generateContent') && !sent.includes('responseModalities');
    const answer = plan
      ? { candidates: [{ content: { parts: [{ text: `{"title": ${sent}` }] }, finishReason: 'STOP' }] }
      : { error: { code: 400, status: 'INVALID_ARGUMENT', message: `Not this: ${sent}` } };
    response.writeHead(plan ? 200 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

function run(program: string, args: string[], environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(root, program), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
  });
}

/** Starts the system; `written()` is all that it has written so far. */
async function startSystem(environment: Record<string, string>) {
  const started = run('src/main.ts', [], environment);
  child = started;
  let written = '';
  const { promise: url, resolve: found, reject } = Promise.withResolvers<string>();
  for (const stream of [started.stdout!, started.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      written += chunk;
      const listening = /Server listening at (http:\/\/[\d.:]+)/.exec(written)?.[1];
      if (listening !== undefined) found(listening);
    });
  }
  const ended = once(started, 'close');
  ended.then(() => reject(new Error(`ended before it listened:\n${written}`)));
  return {
    url: await url,
    async stop(): Promise<string> {
      started.kill('SIGTERM');
      await ended;
      return written;
    },
  };
}

/** A PNG with a comment in it. */
function pngSaying(words: string): Buffer {
  const png = twoColours(640, 360);
  const body = Buffer.from(`tEXtComment\0${words}`, 'latin1');
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  sum.writeUInt32BE(crc32(body));
  // Behind the signature and the header.
  return Buffer.concat([png.subarray(0, 33), length, body, sum, png.subarray(33)]);
}

/** What is no HTTP at all. */
async function sendRaw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(bytes);
  return text(socket);
}

test.each([
  { format: 'json', plan: 'gemini,offline', fails: 'degraded' },
  { format: 'pretty', plan: 'offline', fails: 'glyph_missing' },
  { format: 'google', plan: 'offline', fails: 'glyph_missing' },
])('the log as $format, of a job that fails with $fails', async ({ format, plan, fails }) => {
  const { port } = vendor.address() as AddressInfo;
  // One of them on the embedded server, whose own lines are in the log too.
  if (format !== 'json') database = await openTestDatabase();
  const environment = {
    AIPROD_DATA: join(folder, 'data'),
    AIPROD_PORT: '0',
    AIPROD_LOGIN: 'required',
    AIPROD_LOG_LEVEL: 'trace',
    AIPROD_LOG_FORMAT: format,
    AIPROD_TRACE_PROJECT: 'my-project',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    AIPROD_PLAN: plan,
    AIPROD_PICTURES: 'gemini,offline',
    GEMINI_API_KEY: word('vendorkey'),
    AIPROD_GEMINI_URL: `http://127.0.0.1:${port}`,
    AIPROD_WEBHOOK_PRIVATE_HOSTS: `127.0.0.1:${port}`,
    ...(database && { DATABASE_URL: database.url }),
  };
  const making = run(
    'src/cli/aiprod.ts',
    ['keys', 'create', '--user', 'ann', '--scopes', 'videos:read,videos:write'],
    environment,
  );
  const apiKey = (await text(making.stdout!)).trim().split('\n').at(-1)!;
  expect(apiKey).toMatch(/^aiprod_/);
  const system = await startSystem(environment);

  const secrets = [apiKey.slice(16), word('vendorkey'), word('bearer')];
  const problems: string[] = [];
  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const answer = await fetch(new URL(path, system.url), {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        body: typeof body === 'string' || body instanceof Buffer ? (body as string) : JSON.stringify(body),
      }),
    });
    const said = await answer.text();
    if (answer.status >= 400) problems.push(said);
    return said.startsWith('{') ? JSON.parse(said) : undefined;
  }

  const made = await ask('POST', '/v1/api-keys', { name: word('keyname'), scopes: ['videos:read'] });
  const rotated = await ask('POST', `/v1/api-keys/${made.key_id}/rotate`, { grace_hours: 1 });
  secrets.push(made.key.slice(16), rotated.key.slice(16));
  const hook = `http://127.0.0.1:${port}/${word('hookpath')}?token=${word('hookquery')}`;
  const webhook = await ask('POST', '/v1/webhooks', { url: hook, description: word('hookname') });
  secrets.push((await ask('GET', `/v1/webhooks/${webhook.webhook_id}/secret`)).secret.slice(6));
  await ask('POST', '/v1/webhooks', { url: `https://${word('host')}.invalid:1/${word('badpath')}` });

  const asset = await ask('POST', '/v1/assets', pngSaying(word('pixels')), { 'content-type': 'image/png' });
  await ask('POST', '/v1/assets', Buffer.from(word('badbytes')), { 'content-type': 'image/png' });
  await ask('GET', `/v1/videos?cursor=${word('cursor')}`);
  await ask('GET', `/v1/videos/${word('path')}?${word('querykey')}=${word('queryvalue')}`);
  await ask('GET', '/v1/videos', undefined, { authorization: `Bearer ${word('bearer')}` });
  await ask('GET', '/v1/videos', undefined, {
    authorization: `Bearer aiprod_00000000_${word('bearer').padEnd(43, 'x')}`,
  });
  await ask('POST', '/v1/videos', `{"script": ${word('malformed')}`);
  await ask('POST', '/v1/videos', { script: 7, title: word('wrongbody'), metadata: word('wrongbody') });
  await ask('POST', '/v1/videos', `<${word('xml')}/>`, { 'content-type': 'application/xml' });
  problems.push(
    (await sendRaw(system.url, `${word('raw')} / HTTP/9\r\n${word('raw')}\r\n\r\n`)).split('\r\n\r\n')[1]!,
  );

  const common = {
    resolution: '720p',
    fps: 24,
    captions: { enabled: false },
    title_cards: false,
    audio: { music: false, effects: false },
  };
  const client = createApiClient(system.url, { apiKey });
  const follow = async (body: Record<string, unknown>, key: string) => {
    const { job_id: jobId } = await ask(
      'POST',
      '/v1/videos',
      { ...common, ...body },
      { 'idempotency-key': key },
    );
    expect(jobId, problems.at(-1)).toBeDefined();
    return client.follow(jobId, () => {}, AbortSignal.timeout(120_000));
  };
  // Making a whole video takes long: once is enough.
  const makes = format === 'json';
  if (makes) {
    const scenes = [
      { text: `A ${word('scene')} came.`, media: { asset_id: asset.asset_id } },
      { text: `${word('second')} went.` },
    ];
    const metadata = { [word('metakey')]: word('metavalue') };
    const good = await follow({ scenes, metadata, webhook_url: hook }, word('idempotency'));
    expect(good.status, JSON.stringify(good.error)).toBe('completed');
    await ask('DELETE', `/v1/videos/${good.job_id}`);
  }
  const script = `The ${word('script')} said ${unseen}.`;
  const bad = await follow({ script, captions: { enabled: true }, strict: true }, word('other'));
  expect(bad).toMatchObject({ status: 'failed', error: { code: fails } });
  await ask('POST', '/v1/videos', { ...common, script: word('other') }, { 'idempotency-key': word('other') });

  const written = await system.stop();
  // It did say what happened.
  const said = ['audit', 'job claimed', 'job failed', fails, 'webhook sent'];
  if (makes) said.push('job completed', 'a fallback was taken');
  for (const each of said) expect(written).toContain(each);
  expect(problems.length).toBeGreaterThanOrEqual(11);
  const traced = collector.spans.map((span) => JSON.stringify(span)).join('\n');
  for (const each of ['POST /v1/videos', 'job', fails]) expect(traced).toContain(`"${each}"`);
  const told = `${written}\n${problems.join('\n')}\n${traced}`;
  for (const secret of secrets) expect(told).not.toContain(secret);
  expect(linesWith(`${written}\n${traced}`, /zq\w*canary|𐌶|𐌵|𐌺/giu)).toEqual([]);
  // Problems name the fields that are wrong, and nothing that stood in them.
  expect(linesWith(problems.join('\n'), /zq(?!querykey)\w*canary|𐌶/giu)).toEqual([]);
}, 150_000);

function linesWith(all: string, pattern: RegExp): string[] {
  return all.split('\n').filter((line) => line.match(pattern) !== null);
}
