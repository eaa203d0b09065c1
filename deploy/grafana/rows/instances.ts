// A closer look at routes and processes, for when the rows above say that something is wrong.
import { series } from '../panels.ts';

const instance = '{{job}} {{instance}}';

export const instances = [
  series({
    title: 'Requests by status',
    description: 'All requests, probes included.',
    unit: 'suffix: req/min',
    stacked: true,
    width: 12,
    queries: { '{{status}}': '60 * sum by (status) (rate(http_requests_total[$__rate_interval])) > 0' },
  }),
  series({
    title: 'P99 latency of the slowest routes',
    description: 'Uploads and deliveries of jobs are among them: they last as long as their work.',
    unit: 'ms',
    width: 12,
    queries: { '{{method}} {{endpoint}}': 'topk(8, api_latency_p99_by_endpoint)' },
  }),
  series({
    title: 'Memory used',
    description: 'Of each instance with its child processes.',
    unit: 'bytes',
    width: 8,
    queries: { [instance]: 'memory_usage_bytes' },
  }),
  series({
    title: 'Event loop lag, P99',
    description: 'How late a process comes to what is due. Above 0.1 s it has too little CPU.',
    unit: 's',
    bands: { green: null, yellow: 0.1 },
    width: 8,
    queries: { [instance]: 'nodejs_eventloop_lag_p99_seconds' },
  }),
  series({
    title: 'Running for',
    description: 'Falls to nothing at each start.',
    unit: 's',
    width: 8,
    queries: { [instance]: 'time() - process_start_time_seconds' },
  }),
];
