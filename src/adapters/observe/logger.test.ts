import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';

import { AppError } from '../../domain/errors.ts';
import { type Part, within } from '../../ports/tracer.ts';
import { createLogger } from './logger.ts';
import { createTracer } from './tracer.ts';

const traceParent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const json = { level: 'info', format: 'json' } as const;

function collect() {
  let text = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  return { destination, text: () => text };
}

function lines(text: string): Record<string, unknown>[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('logger', () => {
  test('writes JSON lines from its level on', () => {
    const output = collect();
    const logger = createLogger({ ...json, destination: output.destination });
    logger.debug({}, 'unseen');
    logger.info({ jobId: 'j1' }, 'job claimed');
    expect(lines(output.text())).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        pid: process.pid,
        jobId: 'j1',
        msg: 'job claimed',
      },
    ]);
  });

  test('our errors are logged with code, kind and cause; foreign ones without what hangs on them', () => {
    const output = collect();
    const logger = createLogger({ ...json, destination: output.destination });
    const driver = Object.assign(new Error('no route to postgres://me:hunter2@db/x'), {
      code: 'EHOSTUNREACH',
      parameters: ['the script of somebody'],
    });
    const error = new AppError('database_unavailable', 'The database is not available.', { cause: driver });
    logger.warn({ err: error }, 'first');
    logger.warn({ err: driver }, 'second');

    const [first, second] = lines(output.text());
    expect(first!.err).toMatchObject({
      type: 'AppError',
      code: 'database_unavailable',
      kind: 'transient',
    });
    expect(JSON.stringify(first)).toContain('caused by: Error: no route');
    expect(second!.err).toMatchObject({ type: 'Error', code: 'EHOSTUNREACH' });
    expect(output.text()).not.toContain('hunter2');
    expect(output.text()).not.toContain('the script of somebody');
  });

  test('lets texts through by name, and no object that it does not know', () => {
    const output = collect();
    const logger = createLogger({ ...json, destination: output.destination });
    logger.info(
      { script: 'private words', request: { script: 'private words', token: 'private words' } },
      'x',
    );
    logger.info({ req: { headers: { authorization: 'private words' } } }, 'x');
    logger.child({ words: 'private words', requestId: 'r1' }).info(['private words'], 'x');
    logger.error(new Error('not "private words"'));
    logger.error({ err: new Error('not "private words"') });
    logger.info({ facts: { count: 2, text: 'ours' }, entry: { action: 'a', name: 'private words' } }, 'x');
    expect(lines(output.text())).toHaveLength(6);
    expect(output.text()).not.toContain('private words');
    expect(lines(output.text())[2]).toMatchObject({ requestId: 'r1', words: '[not logged]' });
    expect(lines(output.text())[5]).toMatchObject({
      facts: { count: 2, text: 'ours' },
      entry: { action: 'a', name: '[not logged]' },
    });
  });

  test('adds where the code runs, and what children carry, once each', async () => {
    const output = collect();
    const tracer = createTracer();
    const logger = createLogger({ ...json, destination: output.destination, place: tracer.place });
    const part: Part = {
      name: 'narrate',
      kind: 'internal',
      facts: { jobId: 'j1', step: 'narrate' },
      traceParent,
    };
    await within(tracer, part, async () => {
      logger.info({ ms: 3 }, 'a');
      logger
        .child({ requestId: 'r1', step: 'of the child' })
        .child({ part: 'p' })
        .info({ jobId: 'own' }, 'b');
      logger.child({ words: 'private words' }).info({}, 'c');
    });
    logger.info({}, 'd');
    const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
    const common = { level: 'info', time: expect.any(String), pid: process.pid };
    expect(lines(output.text())).toEqual([
      { ...common, jobId: 'j1', step: 'narrate', ms: 3, ...trace, msg: 'a' },
      { ...common, jobId: 'own', step: 'of the child', requestId: 'r1', part: 'p', ...trace, msg: 'b' },
      { ...common, jobId: 'j1', step: 'narrate', words: '[not logged]', ...trace, msg: 'c' },
      { ...common, msg: 'd' },
    ]);
    // A name twice in one line would be read differently by different readers.
    expect(output.text().match(/"step"/g)).toHaveLength(3);
  });
});

describe('for people', () => {
  const forPeople = () => {
    const output = collect();
    const logger = createLogger({ level: 'debug', format: 'pretty', destination: output.destination });
    return { logger, text: output.text };
  };

  test('an event is one line', () => {
    const { logger, text } = forPeople();
    logger.info({ jobId: 'j1', epoch: 2, why: 'slice spent' }, 'job given back');
    logger.warn({ line: '\u001b[2Jgone', facts: { count: 2 } }, 'x');
    logger.info({ method: 'GET', endpoint: '/v1/videos', status: 200, ms: 12, requestId: 'r1' }, 'request');
    logger.debug({ step: 'narrate', stepId: 'narrate:s1', stage: 'narrate', cpuMs: 1.23456 }, 'media task');
    logger.info({ audit: true, seq: 1, hash: 'h', at: 'now', action: 'a', target: null }, 'audit');
    expect(
      text()
        .replaceAll(/\d\d:\d\d:\d\d/g, 'now')
        .split('\n'),
    ).toEqual([
      '[now] INFO: job given back  jobId=j1 epoch=2 why="slice spent"',
      '[now] WARN: x  line="\\u001b[2Jgone" facts={"count":2}',
      '[now] INFO: GET /v1/videos 200 12 ms  requestId=r1',
      '[now] DEBUG: media task  stepId=narrate:s1 cpuMs=1.2',
      '[now] INFO: audit  action=a',
      '',
    ]);
  });

  test('an error says where it came from', () => {
    const { logger, text } = forPeople();
    logger.error({ err: new AppError('database_unavailable', 'Away.') }, 'it failed');
    expect(text()).toMatch(
      /ERROR: it failed\n {4}AppError: Away\. \(database_unavailable\)\n {4}at .*logger\.test\.ts/,
    );
  });
});

describe('for Google Cloud Logging', () => {
  const forGoogle = (traceProject?: string) => {
    const output = collect();
    const tracer = createTracer();
    const logger = createLogger({
      level: 'debug',
      format: 'google',
      service: { service: 'aiprod', version: '1.2.3' },
      traceProject,
      destination: output.destination,
      place: tracer.place,
    });
    return { logger, tracer, lines: () => lines(output.text()) };
  };
  const common = {
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    serviceContext: { service: 'aiprod', version: '1.2.3' },
  };

  test('a line has its severity, labels and trace', async () => {
    const { logger, tracer, lines } = forGoogle('my-project');
    const part: Part = { name: 'job', kind: 'consumer', facts: { jobId: 'j1', epoch: 2 }, traceParent };
    await within(tracer, part, async () => logger.warn({ code: 'provider_busy', delayMs: 5 }, 'again later'));
    logger.debug({}, 'b');
    expect(lines()).toEqual([
      {
        severity: 'WARNING',
        ...common,
        epoch: 2,
        delayMs: 5,
        'logging.googleapis.com/labels': { job_id: 'j1', code: 'provider_busy' },
        'logging.googleapis.com/trace': 'projects/my-project/traces/0af7651916cd43dd8448eb211c80319c',
        'logging.googleapis.com/spanId': 'b7ad6b7169203331',
        'logging.googleapis.com/trace_sampled': true,
        message: 'again later',
      },
      { severity: 'DEBUG', ...common, message: 'b' },
    ]);
  });

  test('no trace is named of which nobody knows the project', async () => {
    const { logger, tracer, lines } = forGoogle();
    await within(tracer, { name: 'job', kind: 'consumer', traceParent }, async () => logger.info({}, 'a'));
    expect(Object.keys(lines()[0]!).filter((name) => name.includes('googleapis'))).toEqual([]);
  });

  test('a request is an httpRequest, by its template', () => {
    const { logger, lines } = forGoogle();
    const child = logger.child({ requestId: 'r1' });
    child.info({ method: 'GET', endpoint: '/v1/videos/{job_id}', status: 404, ms: 12 }, 'request');
    expect(lines()).toEqual([
      {
        severity: 'INFO',
        ...common,
        httpRequest: {
          requestMethod: 'GET',
          requestUrl: '/v1/videos/{job_id}',
          status: 404,
          latency: '0.012s',
        },
        'logging.googleapis.com/labels': { request_id: 'r1' },
        message: 'request',
      },
    ]);
  });

  test('errors are for Error Reporting, with their stack; warnings are not', () => {
    const { logger, lines } = forGoogle();
    const error = new AppError('internal', 'It broke.', { cause: new Error('the "private words"') });
    logger.error({ err: error, code: 'internal' }, 'job failed');
    logger.warn({ err: error }, 'job will be tried again');
    const [failed, warned] = lines();
    expect(failed).toMatchObject({
      severity: 'ERROR',
      '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
      serviceContext: { service: 'aiprod', version: '1.2.3' },
      message: 'job failed',
      // As V8 writes a stack: what Error Reporting groups by.
      stack_trace: expect.stringMatching(/^AppError: It broke\.\n {4}at [\s\S]*\ncaused by: Error: the /),
      err: { type: 'AppError', code: 'internal', message: 'It broke.' },
    });
    expect(JSON.stringify([failed, warned])).not.toContain('private words');
    expect(warned).toMatchObject({ severity: 'WARNING', err: { stack: expect.any(String) } });
    expect(warned).not.toHaveProperty('stack_trace');
    expect(warned).not.toHaveProperty('@type');
  });

  test('an audit line keeps its fields', () => {
    const { logger, lines } = forGoogle();
    const entry = { audit: true, seq: 1, requestId: 'r1', userId: 'ann', facts: { code: 'x' } };
    logger.info(entry, 'audit');
    expect(lines()).toEqual([{ severity: 'INFO', ...common, ...entry, message: 'audit' }]);
  });
});
