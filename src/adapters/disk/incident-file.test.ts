import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createIncidentFile } from './incident-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-incidents-'));
  file = join(folder, 'incidents.json');
});
afterEach(() => rm(folder, { recursive: true }));

test('no file and an empty one hold no incidents; what is written later is found', async () => {
  const incidents = createIncidentFile(file);
  expect(await incidents.list()).toEqual([]);
  await writeFile(file, '\n');
  expect(await incidents.list()).toEqual([]);
  await writeFile(
    file,
    JSON.stringify([
      {
        title: 'Videos take longer',
        impact: 'degraded',
        started_at: '2026-11-25T10:00:00+01:00',
        updates: [
          { at: '2026-11-25T09:30:00Z', text: 'Found.' },
          { at: '2026-11-25T09:05:00Z', text: 'We look for it.' },
        ],
      },
    ]),
  );
  expect(await incidents.list()).toEqual([
    {
      title: 'Videos take longer',
      impact: 'degraded',
      startedAt: new Date('2026-11-25T09:00:00Z'),
      resolvedAt: null,
      updates: [
        { at: new Date('2026-11-25T09:05:00Z'), text: 'We look for it.' },
        { at: new Date('2026-11-25T09:30:00Z'), text: 'Found.' },
      ],
    },
  ]);
});

test.each([
  ['[', 'it is not JSON'],
  ['{}', 'it: must be a list'],
  ['[{"title":"x","impact":"bad","started_at":"2026-11-25T09:00:00Z"}]', '0.impact: must be one of: maint'],
  ['[{"title":"x","impact":"outage","started_at":"yesterday"}]', '0.started_at: must be a time such as'],
  ['[{"title":" ","impact":"outage","started_at":"2026-11-25T09:00:00Z"}]', '0.title: '],
  ['[{"title":"x","impact":"outage","started_at":"2026-11-25T09:00:00Z","until":1}]', '"until"'],
])('%s is refused with a reason', async (text, reason) => {
  await writeFile(file, text);
  await expect(createIncidentFile(file).list()).rejects.toMatchObject({
    code: 'config_invalid',
    publicMessage: expect.stringContaining(reason),
  });
});

test('what cannot be read is an error, not the absence of incidents', async () => {
  await mkdir(file);
  await expect(createIncidentFile(file).list()).rejects.toMatchObject({ code: 'config_invalid' });
});

test('the example in the document is valid', async () => {
  const page = await readFile(new URL('../../../docs/operations/status.md', import.meta.url), 'utf8');
  await writeFile(file, /```json\n([\s\S]*?)```/.exec(page)![1]!);
  expect((await createIncidentFile(file).list()).length).toBeGreaterThan(0);
});
