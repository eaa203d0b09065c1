// No transaction of jobs or webhooks notifies: those that do commit one at a time, each waiting for the disk.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

test('only what was committed is told, but for removed keys, which must not be used once they are gone', async () => {
  const files = await readdir(import.meta.dirname, { recursive: true });
  const sources = files.filter((file) => /\.(ts|sql)$/.test(file) && !file.endsWith('.test.ts'));
  const notifying: string[] = [];
  for (const file of sources) {
    const text = await readFile(join(import.meta.dirname, file), 'utf8');
    if (text.includes('pg_notify(')) notifying.push(file);
  }
  expect(notifying.sort()).toEqual(['tell-listeners.ts', 'user-keys.ts']);
});
