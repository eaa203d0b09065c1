// What becomes of jobs, and the steps that they are made of.
import { number, series } from '../panels.ts';

export const jobs = [
  number({
    title: 'Jobs that succeed',
    description:
      'Of the jobs that ended within the last hour, the share that completed; canceled ones do not count.',
    unit: 'percentunit',
    bands: { red: null, yellow: 0.95, green: 0.99 },
    decimals: 1,
    expr: 'job_success_ratio',
  }),
  number({
    title: 'Videos in the last hour',
    description: 'Jobs that completed.',
    unit: 'short',
    decimals: 0,
    expr: 'sum(increase(jobs_ended_total{outcome="completed"}[1h]))',
  }),
  number({
    title: 'Longest wait',
    description:
      'How long the oldest delivery has been due. QueueStalled pages above 5 minutes when nobody works.',
    unit: 's',
    bands: { green: null, yellow: 60, red: 300 },
    expr: 'queue_oldest_age_seconds',
  }),
  number({
    title: 'Leases lost in the last hour',
    description:
      'Jobs that another worker took over while this one worked: it was too slow to renew, or stood still. Nothing is lost by it but time.',
    unit: 'short',
    bands: { green: null, yellow: 1 },
    decimals: 0,
    expr: 'sum(increase(job_leases_lost_total[1h]))',
  }),
  series({
    title: 'Open jobs',
    description: 'Waiting for a worker, being made, or waiting for approval.',
    unit: 'short',
    decimals: 0,
    stacked: true,
    width: 8,
    queries: { '{{status}}': 'max by (status) (jobs{status=~"pending|processing|awaiting_approval"})' },
  }),
  series({
    title: 'Jobs ended',
    description:
      "Within the hour before each point: completed, failed, or refused for the caller's own making.",
    unit: 'suffix: /h',
    stacked: true,
    width: 8,
    queries: { '{{outcome}}': 'sum by (outcome) (increase(jobs_ended_total[1h]))' },
  }),
  series({
    title: 'Steps',
    description: 'Ran, reused from an earlier run, or failed.',
    unit: 'suffix: /min',
    stacked: true,
    atLeast: '5m',
    width: 8,
    queries: {
      '{{outcome}}': '60 * sum by (outcome) (rate(job_step_duration_seconds_count[$__rate_interval]))',
    },
  }),
  series({
    title: 'Step time, P95',
    description: 'Of steps that ran.',
    unit: 's',
    atLeast: '5m',
    width: 12,
    queries: {
      '{{step}}':
        'histogram_quantile(0.95, sum by (le, step) (rate(job_step_duration_seconds_bucket{outcome="ran"}[$__rate_interval])))',
    },
  }),
  series({
    title: 'Where the time goes',
    description: 'Seconds spent in each step per second; what is highest is worth making faster.',
    unit: 's',
    stacked: true,
    atLeast: '5m',
    width: 12,
    queries: {
      '{{step}}': 'sum by (step) (rate(job_step_duration_seconds_sum{outcome="ran"}[$__rate_interval]))',
    },
  }),
];
