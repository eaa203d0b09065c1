import { expect, test } from 'vitest';

import type { StatusFacts } from './status-facts.ts';
import { renderStatusPage } from './status-page.ts';

const facts: StatusFacts = {
  version: '1.2.3',
  status: 'ready',
  checks: { database: { ok: true, milliseconds: 3 }, queue: { ok: true, milliseconds: 4 } },
  incidents: [],
  jobs: { pending: 3, processing: 2, awaiting_approval: 0, completed: 40, failed: 1, canceled: 0 },
  queue: { length: 3, oldest_age_seconds: 200 },
  last_hour: {
    completed: 1999,
    failed: 1,
    refused: 2,
    canceled: 3,
    success_ratio: 0.9995,
    making: { median_seconds: 12.34, p95_seconds: 250 },
    waiting: { median_seconds: 0.42, p95_seconds: 9_000 },
  },
  requests: {
    since: '2026-11-25T11:00:00.000Z',
    answered: 1000,
    server_errors: 1,
    median_ms: 3.25,
    p99_ms: 81.4,
  },
  versions: { node: '24', schema: 16, postgresql: '17' },
  started_at: '2026-11-25T08:00:00.000Z',
  at: '2026-11-25T12:00:00.000Z',
};

const incident = (
  impact: 'maintenance' | 'degraded' | 'outage',
  started_at: string,
  resolved_at?: string,
) => ({
  title: `About <b>${impact}</b>`,
  impact,
  started_at,
  resolved_at: resolved_at ?? null,
  updates: [{ at: '2026-11-25T11:30:00.000Z', text: 'We & "you" </p><script>alert(1)</script>' }],
});

/** What people read. */
const textOf = (html: string) =>
  html
    .replace(/<head>[\s\S]*<\/head>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

test('says how everything is', () => {
  const text = textOf(renderStatusPage(facts));
  expect(text).toContain('Ready for work.');
  expect(text).toContain('database ✓ works 3 ms');
  expect(text).toContain('succeeded 99.9 %');
  expect(text).toContain('videos made 1999 1 failed, 2 refused, 3 canceled');
  expect(text).toContain('to make one 12 s 19 of 20 within 4 min');
  expect(text).toContain('until it began 0.4 s 19 of 20 within 3 h');
  expect(text).toContain('in the queue 3 the oldest for 3 min');
  expect(text).toContain('server errors 0.1 % 1 of 1000');
  expect(text).toContain('median 3.3 ms 99 of 100 within 81 ms');
  expect(text).toContain(
    'AIPROD 1.2.3 · schema 16 · PostgreSQL 17 · Node 24; this process started 2026-11-25 08:00 UTC',
  );
});

test('the verdict is about what fails, then about what lasts', () => {
  const verdict = (change: Partial<StatusFacts>) =>
    /class="verdict (\w+)">([^<]*)/.exec(renderStatusPage({ ...facts, ...change }))!.slice(1);
  const started = '2026-11-25T11:00:00.000Z';
  const checks = { database: { ok: false, detail: 'It is away.', milliseconds: 2000 } };
  expect(verdict({})).toEqual(['good', 'Ready for work.']);
  expect(verdict({ incidents: [incident('maintenance', started)] })[0]).toBe('warn');
  expect(verdict({ incidents: [incident('degraded', started), incident('outage', started)] })).toEqual([
    'bad',
    'There is an outage: see below.',
  ]);
  expect(verdict({ incidents: [incident('outage', '2026-11-26T00:00:00.000Z')] }), 'planned').toEqual(
    verdict({}),
  );
  expect(verdict({ incidents: [incident('outage', started, started)] }), 'over').toEqual(verdict({}));
  expect(verdict({ status: 'not_ready', checks, incidents: [incident('degraded', started)] })).toEqual([
    'bad',
    'Not ready: database.',
  ]);
});

test('incidents are text, whatever is written in them', () => {
  const html = renderStatusPage({
    ...facts,
    incidents: [
      incident('maintenance', '2026-11-26T00:00:00.000Z', '2026-11-26T02:00:00.000Z'),
      incident('degraded', '2026-11-25T10:00:00.000Z'),
      incident('outage', '2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z'),
    ],
  });
  expect(html).not.toContain('<script');
  expect(html).not.toContain('<b>outage</b></h3>');
  const text = textOf(html);
  expect(text).toContain('maintenance , planned for 2026-11-26 00:00 UTC to 2026-11-26 02:00 UTC');
  expect(text.indexOf('degraded , since')).toBeLessThan(text.indexOf('planned for'));
  expect(text.indexOf('Past incidents')).toBeGreaterThan(text.indexOf('planned for'));
  expect(text).toMatch(/Past incidents .*outage , 2026-11-20 10:00 UTC to 2026-11-20 11:00 UTC/);
});

test('says what cannot be told instead of telling zero', () => {
  const text = textOf(
    renderStatusPage({
      ...facts,
      incidents: null,
      jobs: null,
      queue: null,
      last_hour: null,
      requests: { ...facts.requests, answered: 0, server_errors: 0, median_ms: null, p99_ms: null },
      versions: { node: '24', schema: null, postgresql: null },
    }),
  );
  expect(text).toContain('The list of incidents cannot be read now.');
  expect(text).toContain('in the queue – the queue does not answer');
  expect(text).toContain('The database does not answer; jobs cannot be counted now.');
  expect(text).toContain('server errors – 0 of 0 median – 99 of 100 within –');
  expect(text).toContain('schema unknown · PostgreSQL unknown');
});
