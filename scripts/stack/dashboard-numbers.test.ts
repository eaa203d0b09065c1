import { expect, test } from 'vitest';

import { readDashboard, withUnit } from './dashboard-numbers.ts';

test.each([
  [12.345, 'suffix: req/min', '12.3 req/min'],
  [14.4, 'suffix:×', '14.4 ×'],
  [0.5, 'percent', '0.5 %'],
  [0.995, 'percentunit', '99.5 %'],
  [350 * 2 ** 20, 'bytes', '350 MiB'],
  [0.0123, 'currencyUSD', '$0.012'],
  [3, 'short', '3'],
  [87.2, 'ms', '87.2 ms'],
])('%d in %s is %s', (value, unit, text) => {
  expect(withUnit(value, unit)).toBe(text);
});

test('every panel is asked for, with its value now and its highest; what has none says so', async () => {
  const asked: string[] = [];
  const ask = async (query: string, values: number[]) => {
    asked.push(query);
    if (query.includes('provider')) return [];
    return values.map((value) => ({ labels: { job: 'aiprod-api', instance: 'a' }, value }));
  };
  const prometheus = {
    // Who is gone has no value any more.
    now: (query: string) => ask(query, query === 'memory_usage_percent' ? [] : [7]),
    since: (_: number, query: string) => ask(query, [4, 9, 7]),
  };
  const rows = await readDashboard(prometheus, 0, 2);
  expect(rows[0]).toEqual(['SERVICE', '', '', '']);
  expect(rows).toContainEqual(['Request rate', 'requests', '7 req/min', '9 req/min']);
  expect(rows).toContainEqual(['Memory', 'aiprod-api a', '–', '9 %']);
  expect(rows).toContainEqual(['Cost in the last day', '', '–', '']);
  expect(asked.join('\n')).not.toContain('$__');
  expect(asked.length).toBeGreaterThan(30);
});
