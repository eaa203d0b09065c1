import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type OtlpReceiver, startOtlpReceiver } from '../../../test/support/otlp-receiver.ts';
import { AppError } from '../../domain/errors.ts';
import { within } from '../../ports/tracer.ts';
import { createSpanSender } from './open-telemetry.ts';
import { createTracer } from './tracer.ts';

const given = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let receiver: OtlpReceiver;
beforeEach(async () => {
  receiver = await startOtlpReceiver();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.url);
  vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '10');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await receiver.close();
});

function open(timeoutMs = 2_000) {
  const said: string[] = [];
  const note = (_: object, message: string) => void said.push(message);
  const sender = createSpanSender({
    resource: { 'service.name': 'aiprod', 'service.version': '1.2.3' },
    timeoutMs,
    logger: { info: note, warn: note },
  });
  return { sender, tracer: createTracer(sender.startSpan), said };
}

test('spans arrive with their family, names, attributes and times', async () => {
  const { sender, tracer } = open();
  const startedMs = Date.now();
  let carried: string | undefined;
  const request = {
    name: 'POST /v1/videos',
    kind: 'server',
    facts: { requestId: 'r1', none: undefined },
    attributes: { 'http.response.status_code': 202 },
    traceParent: given,
  } as const;
  await within(tracer, request, async () => {
    carried = tracer.traceParent();
  });
  await within(tracer, { name: 'POST /process-job', kind: 'server' }, () =>
    within(tracer, { name: 'job', kind: 'consumer', traceParent: carried }, async (job) => {
      job.set({ 'aiprod.outcome': 'completed', share: 0.5, late: false, below: -1 });
      await within(tracer, { name: 'narrate', kind: 'internal', facts: { stepId: 'narrate:s1' } }, () =>
        within(tracer, { name: 'call x', kind: 'client' }, async () => {}),
      );
    }),
  );
  await sender.close();

  const [made, call, step, job, push] = receiver.spans;
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const resource = { 'service.name': 'aiprod', 'service.version': '1.2.3' };
  expect(made).toEqual({
    traceId,
    spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    parentSpanId: 'b7ad6b7169203331',
    name: 'POST /v1/videos',
    kind: 'server',
    startMs: expect.any(Number),
    endMs: expect.any(Number),
    attributes: { 'aiprod.request_id': 'r1', 'http.response.status_code': 202 },
    events: [],
    links: [],
    failed: false,
    statusMessage: '',
    resource,
  });
  expect(made!.startMs).toBeGreaterThanOrEqual(startedMs - 1);
  expect(made!.endMs).toBeGreaterThanOrEqual(made!.startMs);
  expect(job).toMatchObject({
    name: 'job',
    kind: 'consumer',
    traceId,
    parentSpanId: made!.spanId,
    links: [push!.spanId],
    attributes: { 'aiprod.outcome': 'completed', share: 0.5, late: false, below: -1 },
  });
  expect(step).toMatchObject({
    kind: 'internal',
    traceId,
    parentSpanId: job!.spanId,
    attributes: { 'aiprod.step_id': 'narrate:s1' },
  });
  expect(call).toMatchObject({ kind: 'client', traceId, parentSpanId: step!.spanId });
  expect(push).toMatchObject({ name: 'POST /process-job', parentSpanId: undefined });
  expect(push!.traceId).not.toBe(traceId);
  expect(receiver.requests[0]).toMatchObject({
    path: '/v1/traces',
    headers: { 'content-type': 'application/x-protobuf' },
  });
});

test('a failed span says as much of its error as the log; a stopped one has not failed', async () => {
  const { sender, tracer } = open();
  const failures = [
    new AppError('provider_busy', 'Later.', { cause: new Error('the "private words"') }),
    new Error('the "private words"'),
    '503',
    new AppError('job_canceled', 'Canceled.'),
    Symbol('slice spent'),
  ];
  for (const [index, failure] of failures.entries())
    tracer.open({ name: `${index}`, kind: 'internal' }).end(failure);
  await sender.close();
  const [ours, foreign, code, ...stopped] = receiver.spans;
  expect(ours).toMatchObject({
    failed: true,
    statusMessage: 'Later.',
    attributes: { 'error.type': 'provider_busy' },
    events: [
      {
        name: 'exception',
        attributes: {
          'exception.type': 'AppError',
          'exception.message': 'Later.',
          'exception.stacktrace': expect.stringContaining('caused by: Error: the '),
        },
      },
    ],
  });
  expect(foreign).toMatchObject({ failed: true, attributes: { 'error.type': 'Error' } });
  expect(code).toMatchObject({ failed: true, attributes: { 'error.type': '503' }, events: [] });
  expect(stopped).toHaveLength(2);
  for (const span of stopped)
    expect(span).toMatchObject({ failed: false, attributes: { 'aiprod.outcome': 'stopped' } });
  expect(JSON.stringify(receiver.spans)).not.toContain('private words');
});

test('a trace that its caller does not keep is passed on and not sent', async () => {
  const { sender, tracer } = open();
  await within(tracer, { name: 'a', kind: 'server', traceParent: given.replace(/1$/, '0') }, async () => {
    expect(tracer.traceParent()).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
  });
  await sender.close();
  expect(receiver.requests).toEqual([]);
});

test('a collector that is away is told of once, and once that it is back', async () => {
  const { sender, tracer, said } = open();
  receiver.answer(400);
  const sendOne = async () => {
    const before = receiver.requests.length;
    tracer.open({ name: 'a', kind: 'internal' }).end();
    await vi.waitUntil(() => receiver.requests.length > before, { interval: 5 });
  };
  await sendOne();
  await vi.waitUntil(() => said.length === 1, { interval: 5 });
  await sendOne();
  receiver.answer(200);
  await sendOne();
  await receiver.received(() => true);
  await sender.close();
  expect(said).toEqual(['traces cannot be sent', 'traces can be sent again']);
});

test('one that does not answer does not hold up the end', async () => {
  const { sender, tracer } = open(10_000);
  receiver.answer(0);
  tracer.open({ name: 'a', kind: 'internal' }).end();
  const startedAt = performance.now();
  await sender.close();
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
