// What is asked of paid providers, how they answer, and what it costs.
import { number, series } from '../panels.ts';

export const providers = [
  series({
    title: 'Provider requests',
    description: 'By what came of them: ok, or an error code.',
    unit: 'suffix: /min',
    stacked: true,
    atLeast: '5m',
    width: 8,
    queries: {
      '{{provider}} {{outcome}}':
        '60 * sum by (provider, outcome) (rate(provider_requests_total[$__rate_interval])) > 0',
    },
  }),
  series({
    title: 'Provider failures',
    description:
      'Share of requests that failed; a refusal of content is no failure. ProviderFailing above 50 %.',
    unit: 'percentunit',
    bands: { green: null, red: 0.5 },
    max: 1,
    width: 8,
    queries: { '{{provider}}': 'provider_failure_ratio' },
  }),
  series({
    title: 'Provider time, P95',
    description: 'From the request, its wait for a turn included, to the end of the answer.',
    unit: 's',
    atLeast: '5m',
    width: 8,
    queries: {
      '{{provider}}':
        'histogram_quantile(0.95, sum by (le, provider) (rate(provider_request_duration_seconds_bucket[$__rate_interval])))',
    },
  }),
];

export const cost = [
  number({
    title: 'Cost in the last day',
    description: 'Of settled calls to all providers.',
    unit: 'currencyUSD',
    height: 8,
    decimals: 2,
    expr: 'sum(increase(provider_cost_micro_usd_total[1d])) / 1e6',
  }),
  number({
    title: 'Cost of a video',
    description: "The last day's cost by the videos that were completed in it.",
    unit: 'currencyUSD',
    height: 8,
    decimals: 3,
    expr: 'sum(increase(provider_cost_micro_usd_total[1d])) / 1e6 / (sum(increase(jobs_ended_total{outcome="completed"}[1d])) > 0)',
  }),
  series({
    title: 'Cost by provider',
    description: 'Within the hour before each point.',
    unit: 'currencyUSD',
    stacked: true,
    width: 12,
    queries: {
      '{{provider}}': 'sum by (provider) (increase(provider_cost_micro_usd_total[1h])) / 1e6',
    },
  }),
];
