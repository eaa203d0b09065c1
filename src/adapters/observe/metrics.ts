// What the system counts, kept by prom-client in a registry of its own. Labels hold templates, steps and states, and
// never ids. A series that begins with its first event hides that from rates, for there was nothing before to compare with:
// those that are known in advance begin at zero.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

import { errorCodes } from '../../domain/errors.ts';
import { type JobStatus, jobStatuses } from '../../domain/job.ts';
import { jobOutcomes, type Metrics, stepOutcomes } from '../../ports/metrics.ts';
import { createInstanceUsage } from './instance-usage.ts';

/** Numbers that live in the database, read for each exposition. */
interface MetricSources {
  countByStatus(): Promise<Record<JobStatus, number>>;
  queueDepth(): Promise<{ length: number; oldestAgeMs: number }>;
  deadLetters(): Promise<number>;
}

interface MetricsDeps {
  read: MetricSources;
  /** Longest time that reading one of them may take: scrapers give up after ten seconds, and then have nothing at all. */
  readLimitMs?: number;
  /** What this process and its children use. */
  usage?: ReturnType<typeof createInstanceUsage>;
}

const mixStep = 'mix-audio';
/** The commonest ways in which a request to a provider ends. */
const providerOutcomes = ['ok', ...Object.keys(errorCodes).filter((code) => code.startsWith('provider_'))];

export function createMetrics({
  read,
  readLimitMs = 2_000,
  usage = createInstanceUsage(),
}: MetricsDeps): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Requests answered, by route template.',
    labelNames: ['endpoint', 'method', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the request to the end of its answer.',
    labelNames: ['endpoint', 'method'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
    registers,
  });
  const mixSeconds = new Histogram({
    name: 'audio_mixing_duration_seconds',
    help: 'Mixing of narration, music and effects, where it ran.',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    registers,
  });
  const stepSeconds = new Histogram({
    name: 'job_step_duration_seconds',
    help: 'Steps of jobs: ran, reused or failed.',
    labelNames: ['step', 'outcome'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const leasesLost = new Counter({
    name: 'job_leases_lost_total',
    help: 'Jobs that another worker took over while this one worked.',
    registers,
  });
  const jobsEnded = new Counter({
    name: 'jobs_ended_total',
    help: "Jobs that this process ended for good: completed, failed, or refused for the caller's own making.",
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of jobOutcomes) jobsEnded.inc({ outcome }, 0);
  const slots = new Gauge({
    name: 'worker_job_slots',
    help: 'Jobs that this process may run at a time; 0 where it takes none.',
    registers,
  });
  const running = new Gauge({
    name: 'worker_jobs_running',
    help: 'Jobs that this process runs now.',
    registers,
  });
  const quarantined = new Counter({
    name: 'queue_messages_quarantined_total',
    help: 'Messages that named no job that is known, by how they came.',
    labelNames: ['via'],
    registers,
  });
  const reads = new Counter({
    name: 'database_replica_reads_total',
    help: 'Reads of jobs with a replica configured: it answered, or it was behind or away and the primary did.',
    labelNames: ['outcome'],
    registers,
  });
  const providerRequests = new Counter({
    name: 'provider_requests_total',
    help: 'Requests to providers, by what came of them.',
    labelNames: ['provider', 'outcome'],
    registers,
  });
  const providerSeconds = new Histogram({
    name: 'provider_request_duration_seconds',
    help: 'From a request to a provider, its wait for a turn included, to the end of the answer.',
    labelNames: ['provider'],
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
    registers,
  });
  const providerCost = new Counter({
    name: 'provider_cost_micro_usd_total',
    help: 'What settled calls to providers cost.',
    labelNames: ['provider'],
    registers,
  });
  const jobs = new Gauge({
    name: 'jobs',
    help: 'Jobs in each state.',
    labelNames: ['status'],
    registers,
  });
  const queueLength = new Gauge({ name: 'task_queue_length', help: 'Deliveries that wait.', registers });
  const queueAge = new Gauge({
    name: 'task_queue_oldest_age_seconds',
    help: 'How long the oldest delivery has been due.',
    registers,
  });
  const deadLetters = new Gauge({ name: 'dead_letters', help: 'Dead letters not redriven.', registers });

  const memory = new Gauge({
    name: 'instance_memory_bytes',
    help: 'Memory of this process and the processes that it started, or of its container where that has a limit.',
    registers,
  });
  const memoryLimit = new Gauge({
    name: 'instance_memory_limit_bytes',
    help: "The container's limit, or the machine's memory.",
    registers,
  });
  const cpu = new Counter({
    name: 'instance_cpu_seconds_total',
    help: 'Processor time of this process and the processes that it started.',
    registers,
  });
  const cores = new Gauge({
    name: 'instance_cpu_cores',
    help: 'Processor cores that this process may use.',
    registers,
  });

  async function readUsage(): Promise<void> {
    const { memoryBytes, memoryLimitBytes, cpuSeconds, cpuCores } = await usage();
    memory.set(memoryBytes);
    memoryLimit.set(memoryLimitBytes);
    cores.set(cpuCores);
    cpu.reset();
    cpu.inc(cpuSeconds);
  }

  const readCounts = inTime(read.countByStatus, readLimitMs);
  const readDepth = inTime(read.queueDepth, readLimitMs);
  const readLetters = inTime(read.deadLetters, readLimitMs);

  /** A number that cannot be read in time is left out: an old one would look like a fact. */
  async function readSources(): Promise<void> {
    const [counts, depth, letters] = await Promise.allSettled([readCounts(), readDepth(), readLetters()]);
    for (const gauge of [queueLength, queueAge, deadLetters]) gauge.remove();
    jobs.reset();
    if (counts.status === 'fulfilled') {
      for (const status of jobStatuses) jobs.set({ status }, counts.value[status]);
    }
    if (depth.status === 'fulfilled') {
      queueLength.set(depth.value.length);
      queueAge.set(depth.value.oldestAgeMs / 1000);
    }
    if (letters.status === 'fulfilled') deadLetters.set(letters.value);
  }

  return {
    routeOffered({ endpoint, method, statuses }) {
      for (const status of statuses) requests.inc({ endpoint, method, status }, 0);
    },
    httpRequest({ endpoint, method, status, seconds }) {
      requests.inc({ endpoint, method, status });
      requestSeconds.observe({ endpoint, method }, seconds);
    },
    stepOffered(step) {
      for (const outcome of stepOutcomes) stepSeconds.zero({ step, outcome });
    },
    stepFinished({ step, outcome, durationMs }) {
      stepSeconds.observe({ step, outcome }, durationMs / 1000);
      if (step === mixStep && outcome === 'ran') mixSeconds.observe(durationMs / 1000);
    },
    leaseLost: () => leasesLost.inc(),
    workerTakes: (jobsAtOnce) => slots.set(jobsAtOnce),
    jobRuns() {
      running.inc();
      return () => running.dec();
    },
    jobEnded: (outcome) => jobsEnded.inc({ outcome }),
    providerUsed(provider) {
      providerCost.inc({ provider }, 0);
      for (const outcome of providerOutcomes) providerRequests.inc({ provider, outcome }, 0);
    },
    providerCalled({ provider, outcome, durationMs }) {
      providerRequests.inc({ provider, outcome });
      providerSeconds.observe({ provider }, durationMs / 1000);
    },
    providerPaid: ({ provider, costMicroUsd }) => providerCost.inc({ provider }, costMicroUsd),
    messageQuarantined: (via) => quarantined.inc({ via }),
    jobsRead: (outcome) => reads.inc({ outcome }),
    async exposition() {
      await Promise.all([readSources(), readUsage()]);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}

/**
 * Rejects when the answer takes longer than `limitMs`. The reading itself goes on, and whoever asks meanwhile waits for the
 * same one: a database that does not answer has one question of each kind to answer, not one for each scrape.
 */
function inTime<Answer>(read: () => Promise<Answer>, limitMs: number): () => Promise<Answer> {
  let underWay: Promise<Answer> | undefined;
  return async () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
    try {
      return await Promise.race([underWay, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  };
}
