// A defect that nobody caught: the process ends, and its last line has the error as the log has errors.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { openTestDatabase } from '../support/database.ts';
import { startServerProcess } from '../support/server-process.ts';

/** Once the program has started. The frames name this text: its words are put together later. */
const breakOnSignal = `--import=data:text/javascript,${encodeURIComponent(`
  process.on('SIGUSR2', function again() {
    if (process.listenerCount('uncaughtException') === 0) return setTimeout(again, 10);
    throw new Error('it has "pri' + 'vate words" in it');
  });
`)}`;

test('a defect is the last line, for Error Reporting, and ends the process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-broken-'));
  const database = await openTestDatabase();
  onTestFinished(async () => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const lines: string[] = [];
  const { promise: critical, resolve } = Promise.withResolvers<string>();
  const server = await startServerProcess(
    {
      AIPROD_DATA: folder,
      DATABASE_URL: database.url,
      AIPROD_ROLE: 'api',
      AIPROD_LOG_FORMAT: 'google',
      NODE_OPTIONS: breakOnSignal,
    },
    (line) => {
      lines.push(line);
      if (line.includes('CRITICAL')) resolve(line);
    },
  );
  process.kill(server.pid, 'SIGUSR2');
  expect(await server.ended).toBe(1);
  expect(JSON.parse(await critical)).toMatchObject({
    severity: 'CRITICAL',
    message: 'the program broke',
    '@type': expect.stringContaining('ReportedErrorEvent'),
    stack_trace: expect.stringMatching(/^Error: it has \[not logged] in it\n {4}at /),
  });
  expect(lines.join()).not.toContain('private');
});
