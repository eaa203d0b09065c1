// One trace from the caller through the API's process, the queue and the worker's process to each step, media process and
// provider call, as a collector receives it; and what the lines of the log say of the same work.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';

import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { openGeminiDouble } from '../support/gemini-double.ts';
import { type ReceivedSpan, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { startServerProcess } from '../support/server-process.ts';
import { finished } from '../support/small-job.ts';

let folder: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-traces-'));
  database = await openTestDatabase();
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callersSpan = '00f067aa0ba902b7';

/** Prints at the end how many of OpenTelemetry's modules the process has loaded; libraries need its empty `api`. */
const countModules = `--import=data:text/javascript,${encodeURIComponent(`
  import { Module } from 'node:module';
  process.on('exit', () => {
    const loaded = Object.keys(Module._cache).filter((file) => /@opentelemetry.(?!api.)/.test(file));
    process.stdout.write('loaded ' + loaded.length + String.fromCharCode(10));
  });
`)}`;

/** A process of the system and what it has printed. */
async function start(environment: Record<string, string>) {
  const printed: string[] = [];
  const server = await startServerProcess(
    {
      AIPROD_DATA: join(folder, 'data'),
      DATABASE_URL: database.url,
      NODE_OPTIONS: countModules,
      ...environment,
    },
    (line) => void printed.push(line),
  );
  onTestFinished(() => server.stop().then(() => {}));
  const isLine = (text: string) => text.startsWith('{');
  return {
    server,
    lines: () => printed.filter(isLine).map((line) => JSON.parse(line) as Record<string, unknown>),
    loaded: () => Number(printed.find((line) => line.startsWith('loaded '))?.slice(7)),
  };
}

test('a trace goes from the caller through both processes to each step and provider call', async () => {
  const collector = await startOtlpReceiver();
  onTestFinished(() => collector.close());
  const gemini = await openGeminiDouble();
  onTestFinished(() => gemini.close());
  const tracing = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    AIPROD_LOG_FORMAT: 'google',
    AIPROD_LOG_LEVEL: 'debug',
    AIPROD_TRACE_PROJECT: 'my-project',
  };
  const api = await start({ ...tracing, AIPROD_ROLE: 'api' });
  const worker = await start({
    ...tracing,
    AIPROD_ROLE: 'worker',
    AIPROD_PLAN: 'gemini,offline',
    GEMINI_API_KEY: gemini.apiKey,
    AIPROD_GEMINI_URL: gemini.url,
  });
  // It proves its tools first, which is no part of the job.
  const ready = async () => (await fetch(new URL('/ready', worker.server.url))).status;
  await expect.poll(ready, { timeout: 30_000 }).toBe(200);
  const created = await fetch(new URL('/v1/videos', api.server.url), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-request-id': 'request-of-the-test',
      traceparent: `00-${traceId}-${callersSpan}-01`,
    },
    body: JSON.stringify({
      script: 'The storm came at night.',
      resolution: '720p',
      fps: 24,
      captions: { enabled: false },
      title_cards: false,
      audio: { effects: false },
    }),
  });
  const { job_id: jobId } = (await created.json()) as { job_id: string };
  expect(await finished(api.server.url, jobId)).toMatchObject({ status: 'completed', error: null });
  await fetch(new URL('/health', api.server.url));
  // What is left is sent at the end.
  await worker.server.stop();
  await api.server.stop();

  const ours = collector.spans.filter((span) => span.traceId === traceId);
  const one = (name: string) => {
    const found = ours.filter((span) => span.name === name);
    expect(found, name).toHaveLength(1);
    return found[0]!;
  };
  const parentOf = (span: ReceivedSpan) => ours.find(({ spanId }) => spanId === span.parentSpanId);

  const request = one('POST /v1/videos');
  expect(request).toMatchObject({
    kind: 'server',
    parentSpanId: callersSpan,
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/v1/videos',
      'http.response.status_code': 202,
      'aiprod.request_id': 'request-of-the-test',
    },
    failed: false,
    resource: { 'service.name': 'aiprod', 'deployment.environment.name': 'test' },
  });
  const job = one('job');
  expect(job).toMatchObject({
    kind: 'consumer',
    parentSpanId: request.spanId,
    attributes: { 'aiprod.job_id': jobId, 'aiprod.epoch': 1, 'aiprod.outcome': 'completed' },
    failed: false,
  });
  expect(job.resource['service.instance.id']).not.toBe(request.resource['service.instance.id']);

  const steps = ours.filter((span) => 'aiprod.step_id' in span.attributes);
  expect(new Set(steps.map(({ name }) => name))).toEqual(
    new Set([
      'plan',
      'check-glyphs',
      'narrate',
      'illustrate',
      'plan-beats',
      'compose-music',
      'mix-audio',
      'render-scene',
      'assemble',
      'inspect',
      'describe-tools',
      'make-thumbnail',
      'publish',
    ]),
  );
  for (const step of steps) expect(parentOf(step)?.name, step.name).toBe('job');
  expect(one('call gemini')).toMatchObject({
    kind: 'client',
    parentSpanId: one('plan').spanId,
    attributes: { 'aiprod.provider': 'gemini', 'server.address': '127.0.0.1' },
  });
  const media = ours.filter(({ name }) => name.startsWith('media '));
  expect(media.length).toBeGreaterThanOrEqual(6);
  for (const task of media) expect(steps, task.name).toContain(parentOf(task));
  expect(parentOf(one('media mixAudio'))?.name).toBe('mix-audio');
  for (const span of [...steps, ...media]) {
    expect(span.startMs).toBeGreaterThanOrEqual(job.startMs);
    expect(span.endMs).toBeLessThanOrEqual(job.endMs + 1);
  }
  // Nothing of the trace hangs in the air, and probes are none of it.
  expect(ours.filter((span) => span !== request && parentOf(span) === undefined)).toEqual([]);
  expect(collector.spans.map(({ name }) => name)).not.toContain('GET /health');

  const logged = api.lines().find(({ message, httpRequest }) => {
    return message === 'request' && (httpRequest as { requestMethod: string }).requestMethod === 'POST';
  });
  expect(logged).toMatchObject({
    severity: 'INFO',
    httpRequest: { requestUrl: '/v1/videos', status: 202, latency: expect.stringMatching(/^[\d.]+s$/) },
    'logging.googleapis.com/labels': { request_id: 'request-of-the-test' },
    'logging.googleapis.com/trace': `projects/my-project/traces/${traceId}`,
    'logging.googleapis.com/spanId': request.spanId,
    'logging.googleapis.com/trace_sampled': true,
  });
  const lines = worker.lines();
  const said = lines.map(({ message }) => message);
  const during = lines.slice(said.indexOf('job claimed'), said.indexOf('job completed') + 1);
  const tasks = during.filter(({ message }) => message === 'media task');
  expect(tasks).toHaveLength(media.length);
  for (const line of during)
    expect(line['logging.googleapis.com/labels'], `${line.message}`).toMatchObject({ job_id: jobId });
  for (const line of tasks) {
    expect(line['logging.googleapis.com/trace']).toBe(`projects/my-project/traces/${traceId}`);
    const { step, stage } = line['logging.googleapis.com/labels'] as Record<string, string>;
    const task = media.find(({ spanId }) => spanId === line['logging.googleapis.com/spanId']);
    expect(task?.name).toBe(`media ${line.task}`);
    expect(parentOf(task!)?.attributes).toMatchObject({ 'aiprod.step': step, 'aiprod.stage': stage });
  }
  expect(worker.loaded()).toBeGreaterThan(10);
}, 120_000);

test('by default what keeps spans is not even loaded, and the trace of others is passed on', async () => {
  const { server, lines, loaded } = await start({ AIPROD_ROLE: 'api' });
  await fetch(new URL('/v1/styles', server.url), {
    headers: { traceparent: `00-${traceId}-${callersSpan}-00` },
  });
  expect(await server.stop()).toBe(0);
  expect(lines().find(({ msg }) => msg === 'request')).toMatchObject({ traceId, spanId: callersSpan });
  expect(loaded()).toBe(0);
});
