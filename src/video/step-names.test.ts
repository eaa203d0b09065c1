import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { stepNames } from './step-names.ts';

test('every step is listed, and nothing else', async () => {
  const folder = join(import.meta.dirname, 'steps');
  const files = await readdir(folder);
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const defined = sources.flatMap((source) =>
    [...source.matchAll(/defineStep\(\{\s*name: '([^']+)'/g)].map(([, name]) => name!),
  );
  expect(defined.length).toBe(sources.join('').split('defineStep({').length - 1);
  expect([...stepNames].toSorted()).toEqual(defined.toSorted());
});
