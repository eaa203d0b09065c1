// What rules and panels may name: the metrics that the app exports, and the series that the shipped rules record of them.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { parse } from 'yaml';

import { createMetrics } from '../../src/adapters/observe/metrics.ts';
import { jobStatuses } from '../../src/domain/job.ts';

const rulesFile = resolve(import.meta.dirname, '../../deploy/prometheus/recording-rules.yaml');

/** Names of all series that a process exports, those of histograms with their endings. */
export async function exportedNames(): Promise<Set<string>> {
  const none = Object.fromEntries(jobStatuses.map((status) => [status, 0]));
  const metrics = createMetrics({
    read: {
      countByStatus: async () => none as Record<(typeof jobStatuses)[number], number>,
      queueDepth: async () => ({ length: 0, oldestAgeMs: 0 }),
      deadLetters: async () => 0,
    },
  });
  const { body } = await metrics.exposition();
  const types = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name, type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((ending) => `${name}${ending}`) : [name!],
    ),
  );
}

/** Names that the recording rules give, in their order. */
export async function recordedNames(): Promise<string[]> {
  const { groups } = parse(await readFile(rulesFile, 'utf8')) as {
    groups: { rules: { record: string }[] }[];
  };
  return groups.flatMap(({ rules }) => rules.map(({ record }) => record));
}
