// The eight panels of the contract: whether users are served, and whether there is room to serve more.
import { series } from '../panels.ts';

const instance = '{{job}} {{instance}}';

export const service = [
  series({
    title: 'Request rate',
    description: "Users' requests; probes, scrapes and deliveries of jobs are left out.",
    unit: 'suffix: req/min',
    queries: { requests: '60 * api_request_rate' },
  }),
  series({
    title: 'Error rate',
    description: 'Share answered with 5xx. The promise is below 1 %; ErrorRateHigh pages above 5 %.',
    unit: 'percent',
    bands: { green: null, yellow: 1, red: 5 },
    queries: { errors: 'error_rate_percent' },
  }),
  series({
    title: 'P99 latency',
    description: 'One request in a hundred takes longer. LatencyHigh pages above 2,000 ms.',
    unit: 'ms',
    bands: { green: null, red: 2_000 },
    queries: { P99: 'api_latency_p99' },
  }),
  series({
    title: 'Audio processing time',
    description: 'Mixing narration, music and effects of one video; gaps are times without any.',
    unit: 's',
    atLeast: '5m',
    queries: {
      mean: 'audio_processing_seconds',
      P95: 'histogram_quantile(0.95, sum by (le) (rate(audio_mixing_duration_seconds_bucket[$__rate_interval])))',
    },
  }),
  series({
    title: 'Queue length',
    description: 'Deliveries that wait for a worker. QueueLengthHigh above 100.',
    unit: 'short',
    bands: { green: null, red: 100 },
    decimals: 0,
    queries: { waiting: 'queue_length' },
  }),
  series({
    title: 'Memory',
    description:
      "Of each instance with its child processes, in percent of its container's or machine's. MemoryUsageHigh above 85 %.",
    unit: 'percent',
    bands: { green: null, red: 85 },
    max: 100,
    queries: { [instance]: 'memory_usage_percent' },
  }),
  series({
    title: 'CPU',
    description: 'Of each instance with its child processes, in percent of all its cores.',
    unit: 'percent',
    queries: { [instance]: 'cpu_usage_percent' },
  }),
  series({
    title: 'Active workers',
    description:
      'Processes that take jobs, how many jobs they have room for together, and how many are being made.',
    unit: 'short',
    decimals: 0,
    queries: {
      workers: 'active_workers',
      'room for jobs': 'sum(worker_job_slots)',
      'jobs being made': 'sum(worker_jobs_running)',
    },
  }),
];
