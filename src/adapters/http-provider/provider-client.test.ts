import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { AppError } from '../../domain/errors.ts';
import type { MadeFile } from '../../ports/made-file.ts';
import type { ProviderRequest } from '../../ports/provider-client.ts';
import type { Part, Tracer } from '../../ports/tracer.ts';
import { createProviderClient, type ProviderClientDeps } from './provider-client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let folder: string;
let asked: number;
/** Answers in order; the last one stays. */
let answers: Handler[];
beforeEach(async () => {
  asked = 0;
  folder = await mkdtemp(join(tmpdir(), 'aiprod-provider-'));
  server = createServer((request, response) =>
    answers[Math.min(asked++, answers.length - 1)]!(request, response),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await rm(folder, { recursive: true });
});

const slept: number[] = [];
function client(change: Partial<ProviderClientDeps> = {}) {
  slept.length = 0;
  const clock = { now: () => new Date(), sleep: async (ms: number) => void slept.push(ms) };
  return createProviderClient({ provider: 'acme', clock, concurrency: 2, random: () => 0.5, ...change });
}

const answer = (status: number, body: string, headers: Record<string, string> = {}): Handler => {
  return (_, response) => void response.writeHead(status, headers).end(body);
};
const fine = answer(200, '{"value":7}');

function request(change: Partial<ProviderRequest<number>> = {}): ProviderRequest<number> {
  const { port } = server.address() as AddressInfo;
  return {
    method: 'POST',
    url: new URL(`http://127.0.0.1:${port}/v1/thing`),
    headers: { 'xi-api-key': 'secret' },
    json: { text: 'Fog' },
    paid: true,
    deadlineMs: 2_000,
    mostBytes: 1_000,
    signal: new AbortController().signal,
    read: { as: 'json', parse: (body) => z.object({ value: z.number() }).parse(body).value },
    ...change,
  };
}

test('sends once and gives what the schema accepts', async () => {
  const seen: unknown[] = [];
  answers = [
    (incoming, response) => {
      seen.push(incoming.headers['xi-api-key'], incoming.headers['content-type'], incoming.method);
      fine(incoming, response);
    },
  ];
  expect(await client().call(request())).toBe(7);
  expect(seen).toEqual(['secret', 'application/json', 'POST']);
  expect(asked).toBe(1);
});

describe('an unclear outcome', () => {
  const half: Handler = (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"val', () => response.destroy());
  };
  const slow: Handler = (_, response) => {
    response.writeHead(200);
    response.write('{"value"');
  };
  const unclear: [string, Handler][] = [
    ['hangs', () => {}],
    ['sends its body too slowly', slow],
    ['breaks off', (incoming) => incoming.socket.destroy()],
    ['breaks off half-way', half],
    ['says HTML with 200', answer(200, '<html>Bad gateway</html>')],
    ['says truncated JSON', answer(200, '{"value":')],
    ['says something else', answer(200, '{"value":"seven"}')],
    ['says nothing', answer(200, '')],
    ['says too much', answer(200, JSON.stringify({ value: 7, padding: 'x'.repeat(2_000) }))],
    ['is behind a gateway', answer(502, 'bad gateway')],
    [
      'is behind a proxy that lost it',
      answer(503, 'upstream connect error or disconnect/reset before headers'),
    ],
  ];

  test.each(unclear)('of a paid request is ambiguous, and it is not sent again: %s', async (_, handler) => {
    answers = [handler, fine];
    const call = client().call(request({ deadlineMs: 200 }));
    await expect(call).rejects.toMatchObject({ code: 'payment_ambiguous', provider: 'acme' });
    expect(asked).toBe(1);
  });

  test.each(unclear)('of a free request is a transient fault: %s', async (_, handler) => {
    answers = [handler];
    const error = await client({ attempts: 1 })
      .call(request({ paid: false, deadlineMs: 200 }))
      .catch((error) => error);
    expect(error).toBeInstanceOf(AppError);
    expect(error.kind).toBe('transient');
  });
});

test.each([
  [401, 'provider_credentials'],
  [402, 'provider_quota'],
  [403, 'provider_credentials'],
  [422, 'provider_refused'],
])('a %i is final: %s', async (status, code) => {
  answers = [answer(status, '{"detail":"secret story"}')];
  const error = await client()
    .call(request())
    .catch((error) => error);
  expect(error).toMatchObject({ code, provider: 'acme' });
  expect(error.publicMessage).not.toContain('secret');
  expect(asked).toBe(1);
});

test('the vendor’s own words go before the status', async () => {
  answers = [answer(401, '{"detail":{"status":"quota_exceeded"}}')];
  const classify = (_: number, body: unknown) =>
    JSON.stringify(body).includes('quota_exceeded') ? new AppError('provider_quota', 'Used up.') : undefined;
  await expect(client().call(request({ classify }))).rejects.toMatchObject({ code: 'provider_quota' });
});

test('what was surely not taken is sent again, after the time that the provider asks for', async () => {
  answers = [answer(429, 'busy', { 'retry-after': '3' }), answer(503, '{"error":"down"}'), fine];
  expect(await client().call(request())).toBe(7);
  expect(asked).toBe(3);
  expect(slept[0]).toBeGreaterThanOrEqual(3_000);
  answers = [answer(429, 'come back tomorrow', { 'retry-after': '86400' })];
  asked = 0;
  await expect(client().call(request())).rejects.toMatchObject({ code: 'provider_busy' });
  expect(asked).toBe(1);
});

test('nothing is sent to a host that cannot be reached, so nothing is owed', async () => {
  const unreachable = request();
  const { port } = server.address() as AddressInfo;
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  await expect(client().call(unreachable)).rejects.toMatchObject({ code: 'provider_unavailable' });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
});

test('after failures in a row nothing is sent for a while', async () => {
  answers = [answer(500, 'down')];
  const calls: string[] = [];
  const acme = client({
    attempts: 1,
    breaker: { failures: 3, restMs: 60_000 },
    onCall: ({ outcome }) => calls.push(outcome),
  });
  for (let i = 0; i < 5; i++)
    await expect(acme.call(request())).rejects.toMatchObject({ code: 'provider_unavailable' });
  expect(asked).toBe(3);
  expect(calls).toEqual(Array(5).fill('provider_unavailable'));
});

test('no more requests at once than allowed', async () => {
  const waiting: (() => void)[] = [];
  const twoAtOnce = Promise.withResolvers<void>();
  answers = [
    (incoming, response) => {
      waiting.push(() => fine(incoming, response));
      if (waiting.length === 2) twoAtOnce.resolve();
    },
  ];
  const acme = client();
  const calls = [1, 2, 3].map(() => acme.call(request()));
  await twoAtOnce.promise;
  expect(asked).toBe(2);
  answers = [fine];
  for (const go of waiting) go();
  expect(await Promise.all(calls)).toEqual([7, 7, 7]);
});

test('a paid request is not given up when the job is stopped; a free one is', async () => {
  const stop = new AbortController();
  const arrived = Promise.withResolvers<() => void>();
  answers = [(incoming, response) => arrived.resolve(() => fine(incoming, response))];
  const paid = client().call(request({ signal: stop.signal }));
  const go = await arrived.promise;
  stop.abort(new Error('shutting down'));
  go();
  expect(await paid).toBe(7);
  answers = [() => stopFree.abort(new Error('enough'))];
  const stopFree = new AbortController();
  await expect(client().call(request({ paid: false, signal: stopFree.signal }))).rejects.toThrow('enough');
});

test('a file is written as it comes, of the types that are wanted, and never empty', async () => {
  const path = join(folder, 'sound.mp3');
  const read = {
    as: 'file',
    path,
    mediaTypes: ['audio/mpeg'],
    take: ({ mediaType }: MadeFile) => mediaType.length,
  } as const;
  const asFile = { ...request(), read } as ProviderRequest<number>;
  answers = [answer(200, 'mp3', { 'content-type': 'audio/mpeg; charset=binary' })];
  expect(await client().call(asFile)).toBe(10);
  expect(await readFile(path, 'utf8')).toBe('mp3');
  for (const [body, type] of [
    ['', 'audio/mpeg'],
    ['<html>', 'text/html'],
  ] as const) {
    answers = [answer(200, body, { 'content-type': type })];
    await expect(client().call(asFile)).rejects.toMatchObject({ code: 'payment_ambiguous' });
  }
});

describe('a redirect', () => {
  const to = (location: string) => answer(302, '', { location });
  const free = { paid: false, redirects: true };

  test('is followed within the origin, with the key', async () => {
    const seen: unknown[] = [];
    const moved: Handler = (incoming, response) => {
      seen.push(incoming.url, incoming.headers['xi-api-key']);
      fine(incoming, response);
    };
    answers = [to('/download/thing'), moved];
    expect(await client().call(request(free))).toBe(7);
    expect(seen).toEqual(['/download/thing', 'secret']);
  });

  test('to another origin is not followed, and the key stays here', async () => {
    answers = [to('http://localhost:9/thing')];
    await expect(client().call(request(free))).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    expect(asked).toBe(1);
  });

  test('without end is left', async () => {
    answers = [to('/again')];
    await expect(client().call(request(free))).rejects.toMatchObject({ code: 'provider_answer_invalid' });
    expect(asked).toBe(4);
  });

  test('that nobody asked for is not followed', async () => {
    answers = [to('/elsewhere'), fine];
    await expect(client({ attempts: 1 }).call(request({ paid: false }))).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
    expect(asked).toBe(1);
  });
});

test('a body may tell when to come again', async () => {
  answers = [answer(429, '{"wait":9}'), fine];
  const acme = client();
  const classify = () => new AppError('provider_busy', 'Wait.', { cause: { retryAfterMs: 9_000 } });
  expect(await acme.call(request({ classify }))).toBe(7);
  expect(slept).toEqual([9_500]);
});

test('each request is a part of the work that makes it, also when it waited for another’s to end', async () => {
  const jobs = new AsyncLocalStorage<string>();
  const parts: (Part & { job: string | undefined; failure?: unknown })[] = [];
  const tracer: Tracer = {
    open(part) {
      const opened: (typeof parts)[number] = { ...part, job: jobs.getStore() };
      parts.push(opened);
      return {
        run: (work) => work(),
        set() {},
        end(failure) {
          opened.failure = failure;
        },
      };
    },
    traceParent: () => '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const headers: unknown[] = [];
  const told: Handler = ({ headers: { traceparent } }, response) => {
    headers.push(traceparent);
    response.writeHead(asked === 1 ? 429 : 200).end('{"value":7}');
  };
  answers = [told];
  const acme = client({ tracer, concurrency: 1 });
  const callIn = (job: string) => jobs.run(job, () => acme.call(request({ paid: false })));
  await Promise.all([callIn('a'), callIn('b')]);
  expect(parts.map(({ job }) => job).sort()).toEqual(['a', 'a', 'b']);
  expect(parts[0]).toMatchObject({
    name: 'call acme',
    kind: 'client',
    facts: { provider: 'acme' },
    attributes: { 'http.request.method': 'POST', 'server.address': '127.0.0.1' },
  });
  expect(parts.filter(({ failure }) => failure !== undefined)).toMatchObject([
    { job: 'a', failure: { code: 'provider_busy' } },
  ]);
  // Whose trace it is, is no business of the vendor's.
  expect(headers).toEqual([undefined, undefined, undefined]);
});
