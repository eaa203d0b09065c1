import { expect, test } from 'vitest';

import { metricNames } from './promql-names.ts';

test.each([
  ['up', ['up']],
  [
    'sum by (status) (rate(http_requests_total{status=~"5..", b=\'up\'}[$__rate_interval])) * 60',
    ['http_requests_total'],
  ],
  ['histogram_quantile(0.99, sum(rate(a_bucket[5m])) without (instance, le)) > bool 2e3', ['a_bucket']],
  [
    'a / on (job) group_left (version, instance) b offset 5m unless ignoring (x) c:d:rate5m',
    ['a', 'b', 'c:d:rate5m'],
  ],
  ['label_replace(a, "to", "$1", "from", "(.).*") or vector(0)', ['a']],
  ['max_over_time(a[1h:5m] @ end()) # and b\n + on() a + Inf', ['a']],
  ['{__name__="a"}', []],
  ['count (a == NaN)', ['a']],
])('%s', (expression, names) => {
  expect(metricNames(expression)).toEqual(names);
});
