// How the service did lately, over all instances, and on which versions of its parts it runs.

/** Median, and what nineteen of twenty are below, in milliseconds. */
export interface Durations {
  medianMs: number;
  p95Ms: number;
}

export interface LastHour {
  completed: number;
  /** By a fault of ours or of a provider; as `jobs_ended_total` counts. */
  failed: number;
  /** By a fault of the request, such as a script that was refused. */
  refused: number;
  canceled: number;
  /** From the first start of a completed job to its end, those left out that waited for an approval; null = there are none. */
  making: Durations | null;
  /** From when an ended job was due to its first start; null = there are none. */
  waiting: Durations | null;
}

export interface ServiceRecord {
  /** Jobs that ended within an hour, on the database's clock. Throws `database_unavailable`. */
  lastHour(): Promise<LastHour>;
  /** Version of the schema, and the database's, such as 16 and `17.2`. Throws `database_unavailable`. */
  versions(): Promise<{ schema: number; postgresql: string }>;
}
