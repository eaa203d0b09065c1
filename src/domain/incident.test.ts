import { expect, test } from 'vitest';

import { type Incident, incidentsToShow } from './incident.ts';

const now = new Date('2026-11-25T12:00:00Z');
const incident = (title: string, startedAt: string, resolvedAt?: string): Incident => ({
  title,
  impact: 'degraded',
  startedAt: new Date(startedAt),
  resolvedAt: resolvedAt === undefined ? null : new Date(resolvedAt),
  updates: [],
});

test('shows what lasts, what is planned and what ended lately, newest first', () => {
  const shown = incidentsToShow(
    [
      incident('long over', '2026-11-01T00:00:00Z', '2026-11-11T11:59:59Z'),
      incident('over', '2026-11-11T00:00:00Z', '2026-11-11T12:00:01Z'),
      incident('lasts', '2026-10-01T00:00:00Z'),
      incident('planned', '2026-12-01T00:00:00Z', '2026-12-01T02:00:00Z'),
    ],
    now,
  );
  expect(shown.map(({ title }) => title)).toEqual(['planned', 'over', 'lasts']);
});
