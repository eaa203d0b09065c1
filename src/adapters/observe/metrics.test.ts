import { describe, expect, test } from 'vitest';

import { createMetrics } from './metrics.ts';

const counts = { pending: 3, processing: 1, awaiting_approval: 0, completed: 9, failed: 2, canceled: 0 };
const read = {
  countByStatus: async () => counts,
  queueDepth: async () => ({ length: 4, oldestAgeMs: 1_500 }),
  deadLetters: async () => 2,
};

describe('metrics', () => {
  test('requests and steps are counted under their contract names', async () => {
    const metrics = createMetrics({ read });
    const endpoint = '/v1/videos/{job_id}';
    metrics.routeOffered({ endpoint, method: 'GET', statuses: [200, 503] });
    metrics.stepOffered('narrate');
    metrics.httpRequest({ endpoint, method: 'GET', status: 200, seconds: 0.03 });
    metrics.httpRequest({ endpoint, method: 'GET', status: 404, seconds: 0.3 });
    metrics.stepFinished({ step: 'narrate', outcome: 'reused', durationMs: 4 });
    metrics.leaseLost();
    metrics.workerTakes(2);
    metrics.jobRuns();
    const runsNoMore = metrics.jobRuns();
    runsNoMore();
    metrics.jobEnded('completed');
    metrics.providerUsed('acme');
    metrics.providerUsed('idle');
    metrics.providerCalled({ provider: 'acme', outcome: 'provider_busy', durationMs: 300 });
    metrics.providerPaid({ provider: 'acme', costMicroUsd: 70 });

    const { body, contentType } = await metrics.exposition();
    expect(contentType).toContain('text/plain');
    const lines = body.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        `http_requests_total{endpoint="${endpoint}",method="GET",status="200"} 1`,
        `http_requests_total{endpoint="${endpoint}",method="GET",status="404"} 1`,
        `http_requests_total{endpoint="${endpoint}",method="GET",status="503"} 0`,
        `http_request_duration_seconds_bucket{le="0.05",endpoint="${endpoint}",method="GET"} 1`,
        `http_request_duration_seconds_count{endpoint="${endpoint}",method="GET"} 2`,
        'job_step_duration_seconds_sum{step="narrate",outcome="reused"} 0.004',
        'job_step_duration_seconds_count{step="narrate",outcome="failed"} 0',
        'job_step_duration_seconds_count{step="narrate",outcome="ran"} 0',
        'job_leases_lost_total 1',
        'worker_job_slots 2',
        'worker_jobs_running 1',
        'jobs_ended_total{outcome="completed"} 1',
        'jobs_ended_total{outcome="failed"} 0',
        'jobs_ended_total{outcome="refused"} 0',
        'provider_requests_total{provider="acme",outcome="provider_busy"} 1',
        'provider_request_duration_seconds_sum{provider="acme"} 0.3',
        'provider_requests_total{provider="acme",outcome="ok"} 0',
        'provider_cost_micro_usd_total{provider="acme"} 70',
        'provider_cost_micro_usd_total{provider="idle"} 0',
        'jobs{status="pending"} 3',
        'jobs{status="canceled"} 0',
        'task_queue_length 4',
        'task_queue_oldest_age_seconds 1.5',
        'dead_letters 2',
      ]),
    );
    expect(body).toMatch(/^process_resident_memory_bytes \d/m);
    expect(body).toMatch(/^nodejs_eventloop_lag_seconds /m);
  });

  test('mixing time is observed where the mix ran, not where it was reused', async () => {
    const metrics = createMetrics({ read });
    metrics.stepFinished({ step: 'mix-audio', outcome: 'ran', durationMs: 2_000 });
    metrics.stepFinished({ step: 'mix-audio', outcome: 'reused', durationMs: 3 });
    const { body } = await metrics.exposition();
    expect(body).toContain('audio_mixing_duration_seconds_count 1');
    expect(body).toContain('audio_mixing_duration_seconds_sum 2');
  });

  test('what the database cannot tell is left out, the rest is there', async () => {
    let up = true;
    const metrics = createMetrics({
      read: {
        ...read,
        queueDepth: () => (up ? read.queueDepth() : Promise.reject(new Error('database is down'))),
      },
    });
    expect((await metrics.exposition()).body).toMatch(/^task_queue_length 4$/m);
    up = false;
    const { body } = await metrics.exposition();
    expect(body).not.toMatch(/^task_queue_length \d/m);
    expect(body).toMatch(/^jobs\{status="completed"\} 9$/m);
  });

  test('a database that never answers keeps no scraper waiting, and is asked once, however often they come', async () => {
    let asked = 0;
    const { promise: late, resolve: answerAtLast } = Promise.withResolvers<typeof counts>();
    const never = () => new Promise<never>(() => {});
    const metrics = createMetrics({
      read: {
        countByStatus() {
          asked++;
          return late;
        },
        queueDepth: never,
        deadLetters: never,
      },
      readLimitMs: 20,
    });
    for (let scrape = 0; scrape < 3; scrape++) {
      const { body } = await metrics.exposition();
      expect(body).toMatch(/^process_resident_memory_bytes \d/m);
      expect(body).not.toMatch(/^(jobs|task_queue\w+|dead_letters)[{ ]/m);
    }
    expect(asked).toBe(1);
    answerAtLast(counts);
    expect((await metrics.exposition()).body).toMatch(/^jobs\{status="completed"\} 9$/m);
    await metrics.exposition();
    expect(asked, 'and again once it has answered').toBe(2);
  });

  test('memory and processor time are those of the whole instance, and time is no sum of what was read', async () => {
    let cpuSeconds = 3;
    const usage = async () => ({ memoryBytes: 7, memoryLimitBytes: 10, cpuSeconds, cpuCores: 2 });
    const metrics = createMetrics({ read, usage });
    await metrics.exposition();
    cpuSeconds = 4.5;
    expect((await metrics.exposition()).body.split('\n')).toEqual(
      expect.arrayContaining([
        'instance_memory_bytes 7',
        'instance_memory_limit_bytes 10',
        'instance_cpu_seconds_total 4.5',
        'instance_cpu_cores 2',
      ]),
    );
  });

  test('two instances do not share numbers', async () => {
    const one = createMetrics({ read });
    const two = createMetrics({ read });
    one.leaseLost();
    expect((await two.exposition()).body).toMatch(/^job_leases_lost_total 0$/m);
  });
});
