// Requests as parts of what goes on: what lies within them, how they end, and which are none.
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createTracer, type StartSpan } from '../../src/adapters/observe/tracer.ts';
import { AppError, toProblem } from '../../src/domain/errors.ts';
import type { Lease } from '../../src/domain/job.ts';
import type { Part, TraceFacts } from '../../src/ports/tracer.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

interface RecordedSpan extends Part {
  parent: string | undefined;
  link: string | undefined;
  set: TraceFacts;
  ends: unknown[];
}

const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let spans: RecordedSpan[];
const startSpan: StartSpan = (part, { parent, link }) => {
  const span: RecordedSpan = { ...part, parent: parent?.spanId, link: link?.spanId, set: {}, ends: [] };
  spans.push(span);
  return {
    context: {
      traceId: parent?.traceId ?? '1'.repeat(32),
      spanId: `${spans.length}`.padStart(16, '0'),
      sampled: true,
    },
    set: (facts) => void Object.assign(span.set, facts),
    end: (failure) => void span.ends.push(failure),
  };
};
const tracer = createTracer(startSpan);

const voice = {
  voice: 'slt',
  name: 'Susan',
  languages: ['en'],
  engine: 'flite',
  licence: 'BSD-like',
  description: 'female',
};

let testApi: TestApi;
/** Whether asking for the voices fails. */
let isAway: boolean;
/** What went on when the voices were asked for, and the storage. */
let places: unknown[];
beforeEach(async () => {
  spans = [];
  places = [];
  isAway = false;
  testApi = await openTestApi({
    tracer,
    trustedProxies: 1,
    voices: () => {
      places.push(tracer.place()?.facts);
      if (isAway) throw new AppError('database_unavailable', 'Away.');
      return [voice];
    },
    readiness: { storage: async () => void places.push(tracer.place()?.facts) },
  });
});
afterEach(() => testApi.close());

test('what a request does lies within it, after its body was read too', async () => {
  const { ask } = testApi;
  const headers = { 'x-request-id': 'mine', traceparent: given };
  // A body of many pieces, which arrive later than the headers.
  const json = { script: 'A lighthouse stands alone. '.repeat(700) };
  expect((await ask('POST', '/v1/estimates', { headers, json })).statusCode).toBeLessThan(500);
  expect(places).toContainEqual({ requestId: 'mine' });
  expect(spans).toEqual([
    {
      name: 'POST /v1/estimates',
      kind: 'server',
      facts: { requestId: 'mine' },
      attributes: { 'http.request.method': 'POST', 'http.route': '/v1/estimates' },
      traceParent: given,
      parent: 'b7ad6b7169203331',
      link: undefined,
      set: { 'http.response.status_code': expect.any(Number) },
      ends: [undefined],
    },
  ]);
});

test('the trace of strangers is linked to and not gone on with: they do not decide what is kept', async () => {
  const headers = { traceparent: given };
  const strangers = await openTestApi({ tracer });
  await strangers.ask('GET', '/v1/styles', { headers });
  await strangers.close();
  const own = await openTestApi({ tracer, login: undefined as never });
  await own.ask('GET', '/v1/styles', { headers: { ...headers, host: '127.0.0.1' } });
  await own.close();
  expect(spans.map(({ parent, link }) => ({ parent, link }))).toEqual([
    { parent: undefined, link: 'b7ad6b7169203331' },
    { parent: 'b7ad6b7169203331', link: undefined },
  ]);
});

test('a job keeps the trace of the request that created it', async () => {
  const jobId = await testApi.create();
  const claimed = await testApi.stores.leases.claimNext(jobId, 'worker', 60_000);
  expect(claimed?.traceParent).toBe(`00-${'1'.repeat(32)}-${'1'.padStart(16, '0')}-01`);
});

test('what makes a job run again gives it its trace', async () => {
  const { ask, stores, create } = testApi;
  const jobId = await create();
  const error = toProblem(new AppError('storage_unavailable', 'Away.'));
  const asks: [string, (lease: Lease) => Promise<unknown>][] = [
    [`/v1/videos/${jobId}/approve`, (lease) => stores.leases.awaitApproval(lease)],
    [
      `/v1/videos/${jobId}/retry`,
      (lease) => stores.leases.fail(lease, { error, degradations: [], deadLetter: false }),
    ],
    [
      '/v1/admin/dead-letters/:id/redrive',
      (lease) => stores.leases.fail(lease, { error, degradations: [], deadLetter: true }),
    ],
  ];
  for (const [path, wait] of asks) {
    await wait((await stores.leases.claimNext(jobId, 'worker', 60_000))!.lease);
    const [letter] = await stores.deadLetters.list(1);
    const { statusCode } = await ask('POST', path.replace(':id', `${letter?.deadLetterId}`));
    expect(statusCode, path).toBeLessThan(300);
    const { rows } = await stores.pool.query('SELECT trace_parent FROM jobs WHERE job_id = $1', [jobId]);
    expect(rows, path).toEqual([
      { trace_parent: `00-${'1'.repeat(32)}-${`${spans.length}`.padStart(16, '0')}-01` },
    ]);
  }
});

test('routes are named by their template, whoever asks for what; our failures are failures', async () => {
  const { ask } = testApi;
  await ask('GET', '/v1/videos/0199aaaa-0000-7000-8000-000000000000');
  await ask('GET', '/private-words?private=words');
  isAway = true;
  await ask('GET', '/v1/voices');
  expect(spans.map(({ name, ends, set }) => [name, ends, set['http.response.status_code']])).toEqual([
    ['GET /v1/videos/{job_id}', [undefined], 404],
    ['GET unknown', [undefined], 404],
    ['GET /v1/voices', ['503'], 503],
  ]);
});

test('probes are no parts', async () => {
  for (const path of ['/health', '/ready', '/metrics']) await testApi.ask('GET', path);
  expect(spans).toEqual([]);
  expect(places).toEqual([undefined]);
});
