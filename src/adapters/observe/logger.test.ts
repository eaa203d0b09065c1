import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';

import { AppError } from '../../domain/errors.ts';
import { createLogger } from './logger.ts';

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
    const logger = createLogger({ level: 'info', format: 'json', destination: output.destination });
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
    const logger = createLogger({ level: 'info', format: 'json', destination: output.destination });
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
    const logger = createLogger({ level: 'info', format: 'json', destination: output.destination });
    logger.info(
      { script: 'private words', request: { script: 'private words', token: 'private words' } },
      'x',
    );
    logger.info({ req: { headers: { authorization: 'private words' } } }, 'x');
    logger.child({ words: 'private words', reqId: 'r1' }).info(['private words'], 'x');
    logger.error(new Error('not "private words"'));
    logger.error({ err: new Error('not "private words"') });
    logger.info({ facts: { count: 2, text: 'ours' }, entry: { action: 'a', name: 'private words' } }, 'x');
    expect(lines(output.text())).toHaveLength(6);
    expect(output.text()).not.toContain('private words');
    expect(lines(output.text())[2]).toMatchObject({ reqId: 'r1', words: '[not logged]' });
    expect(lines(output.text())[5]).toMatchObject({
      facts: { count: 2, text: 'ours' },
      entry: { action: 'a', name: '[not logged]' },
    });
  });

  test('writes for people when asked to', () => {
    const output = collect();
    const logger = createLogger({ level: 'info', format: 'pretty', destination: output.destination });
    logger.info({ jobId: 'j1' }, 'job claimed');
    expect(output.text()).toMatch(/^\[\d\d:\d\d:\d\d] INFO: job claimed\n\s+jobId: "j1"\n$/);
  });
});
