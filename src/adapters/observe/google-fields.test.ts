import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { labels } from './google-fields.ts';

test('the labels are those that operators read about', async () => {
  const text = await readFile(new URL('../../../docs/operations/observability.md', import.meta.url), 'utf8');
  const listed = /^- `labels` by which.*?: (.*);$/m.exec(text)![1]!.match(/\w+/g);
  expect(listed!.sort()).toEqual(Object.values(labels).sort());
});
