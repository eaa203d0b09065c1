// Every query in the books of docs/operations is one that Prometheus understands.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';

import { blocksOf, operationsBooks } from '../support/books.ts';

test('every query in the books is valid', async () => {
  const texts = await Promise.all(
    operationsBooks.map((book) => readFile(resolve(import.meta.dirname, '../..', book), 'utf8')),
  );
  const queries = texts.flatMap((text) => blocksOf(text, 'promql'));
  expect(queries.length).toBeGreaterThan(8);
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-books-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const rules = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
  const file = join(folder, 'queries.yaml');
  await writeFile(file, stringify({ groups: [{ name: 'books', rules }] }));
  const { stdout } = await promisify(execFile)('promtool', ['check', 'rules', file]);
  expect(stdout).toContain(`${queries.length} rules found`);
});
