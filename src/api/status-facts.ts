// Gathers what /status says, each part for a limited time: what does not answer is null, and the rest is told all the same.
import type { z } from 'zod';

import { type Incident, incidentsToShow } from '../domain/incident.ts';
import type { Durations, LastHour } from '../ports/service-record.ts';
import type { ApiDeps } from './deps.ts';
import { orNull, type Readiness } from './readiness.ts';
import type { RecentRequests } from './recent-requests.ts';
import type { statusSchema } from './schemas/index.ts';

export type StatusFacts = z.output<typeof statusSchema>;

export type StatusDeps = Pick<ApiDeps, 'jobStore' | 'queue' | 'version' | 'serviceRecord' | 'incidents'> & {
  recentRequests: RecentRequests;
};

const hourMs = 3_600_000;

/** Never throws. `onFailure` is told what a part threw, and of those that are late. */
export async function gatherStatus(
  { jobStore, queue, version, serviceRecord, incidents, recentRequests }: StatusDeps,
  ready: Promise<Readiness>,
  limitMs: number,
  onFailure: (part: string, error: unknown) => void,
): Promise<StatusFacts> {
  const told = <T>(part: string, ask: () => Promise<T>) =>
    orNull(ask, limitMs, (error) => onFailure(part, error));
  const [{ status, checks }, jobs, depth, hour, versions, listed] = await Promise.all([
    ready,
    told('jobs', jobStore.countByStatus),
    told('queue', queue.depth),
    told('last hour', serviceRecord.lastHour),
    told('versions', serviceRecord.versions),
    told('incidents', incidents.list),
  ]);
  const now = new Date();
  const startedAt = new Date(now.getTime() - process.uptime() * 1000);
  const since = new Date(Math.max(startedAt.getTime(), now.getTime() - hourMs));
  const { answered, faults, medianMs, p99Ms } = recentRequests.lastHour();
  return {
    version,
    status,
    checks,
    incidents: listed && incidentsToShow(listed, now).map(toIncidentView),
    jobs,
    queue: depth && { length: depth.length, oldest_age_seconds: depth.oldestAgeMs / 1000 },
    last_hour: hour && toHourView(hour),
    requests: {
      since: since.toISOString(),
      answered,
      server_errors: faults,
      median_ms: medianMs,
      p99_ms: p99Ms,
    },
    versions: {
      node: process.versions.node.split('.')[0]!,
      schema: versions?.schema ?? null,
      // Which patches it has is nothing for strangers.
      postgresql: versions?.postgresql.split('.')[0] ?? null,
    },
    started_at: startedAt.toISOString(),
    at: now.toISOString(),
  };
}

function toHourView({ completed, failed, refused, canceled, making, waiting }: LastHour) {
  const tried = completed + failed;
  return {
    completed,
    failed,
    refused,
    canceled,
    success_ratio: tried === 0 ? null : completed / tried,
    making: toSeconds(making),
    waiting: toSeconds(waiting),
  };
}

function toSeconds(durations: Durations | null) {
  return durations && { median_seconds: durations.medianMs / 1000, p95_seconds: durations.p95Ms / 1000 };
}

function toIncidentView({ title, impact, startedAt, resolvedAt, updates }: Incident) {
  return {
    title,
    impact,
    started_at: startedAt.toISOString(),
    resolved_at: resolvedAt?.toISOString() ?? null,
    updates: updates.map(({ at, text }) => ({ at: at.toISOString(), text })),
  };
}
