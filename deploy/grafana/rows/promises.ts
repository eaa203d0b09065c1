// Whether the promises are kept: 99.5 % of users' requests without our fault, and the time limits of four routes.
import { number, series } from '../panels.ts';

/** Of requests that may fail. */
const budget = 0.005;
const burn = (window: string) => `slo_error_ratio_${window} / ${budget}`;

/** Share of a route's requests within its limit, which must be a bound of the histogram's buckets. */
function within(method: string, endpoint: string, seconds: number): string {
  const of = `endpoint="${endpoint}",method="${method}"`;
  // Prometheus 3 writes a whole number as 2.0.
  const bound = Number.isInteger(seconds) ? `le=~"${seconds}|${seconds}.0"` : `le="${seconds}"`;
  const quick = `sum(rate(http_request_duration_seconds_bucket{${of},${bound}}[$__rate_interval]))`;
  const all = `sum(rate(http_request_duration_seconds_count{${of}}[$__rate_interval]))`;
  return `${quick} / (${all} > 0)`;
}

export const promises = [
  number({
    title: 'Requests served, last 3 days',
    description: "Users' requests that did not fail by our fault. The promise is 99.5 %.",
    unit: 'percentunit',
    bands: { red: null, yellow: 0.995, green: 0.9975 },
    decimals: 2,
    expr: '1 - slo_error_ratio_3d',
  }),
  number({
    title: 'Budget burned, last hour',
    description:
      'How many times faster than allowed the error budget is used: 1 uses all of it by the end of the month. SloBurnFast pages above 14.4.',
    unit: 'suffix:×',
    bands: { green: null, yellow: 1, red: 14.4 },
    decimals: 1,
    expr: burn('1h'),
  }),
  number({
    title: 'Instances that answer',
    description: 'Of those that Prometheus knows. ServiceDown pages when one is silent for 2 minutes.',
    unit: 'percentunit',
    bands: { red: null, green: 1 },
    decimals: 0,
    expr: 'avg(up{job=~"aiprod-.+"})',
  }),
  number({
    title: 'Alerts that fire',
    description: 'Each has its section in docs/operations/runbook.md.',
    unit: 'short',
    bands: { green: null, red: 1 },
    decimals: 0,
    expr: 'count(ALERTS{alertstate="firing"}) or vector(0)',
  }),
  series({
    title: 'Error budget burn',
    description:
      'By window. Pages at 14.4 over 1 h and 5 min, and at 6 over 6 h and 30 min; tickets at 3 over 1 d and 2 h, and at 1 over 3 d and 6 h.',
    unit: 'suffix:×',
    bands: { green: null, yellow: 1, red: 14.4 },
    width: 12,
    queries: { '1 h': burn('1h'), '6 h': burn('6h'), '1 d': burn('1d'), '3 d': burn('3d') },
  }),
  series({
    title: 'Within the promised time',
    description: 'Share of requests; the promise is 99 % of them.',
    unit: 'percentunit',
    bands: { red: null, green: 0.99 },
    max: 1,
    atLeast: '5m',
    width: 12,
    queries: {
      'health < 50 ms': within('GET', '/health', 0.05),
      'create < 2,000 ms': within('POST', '/v1/videos', 2),
      'read one < 100 ms': within('GET', '/v1/videos/{job_id}', 0.1),
      'list < 500 ms': within('GET', '/v1/videos', 0.5),
    },
  }),
];
