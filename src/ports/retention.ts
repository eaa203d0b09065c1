// Removes what is older than the operator keeps it. Safe beside running jobs and on many instances at once.

/** Milliseconds; undefined = kept for ever. */
export interface KeepPeriods {
  /** Jobs that have ended, with their files. One that nobody approves for so long is canceled, and so ends. */
  videosMs: number | undefined;
  /** Uploads; those of a user wait while the user has a job that has not ended. */
  assetsMs: number | undefined;
  /** Of jobs that have ended: events but the last, and runs of steps. Besides: attempts at webhooks, dead letters that were redriven, minutes of past days. */
  logsMs: number | undefined;
  /** Entries of the audit log; looked at once a day at most. */
  auditMs: number | undefined;
}

/** How many rows went. */
export interface Purged {
  jobs: number;
  /** Jobs that waited for approval and were canceled: these stay. */
  unapproved: number;
  assets: number;
  events: number;
  stepRuns: number;
  webhookAttempts: number;
  deadLetters: number;
  videoMinutes: number;
  auditEntries: number;
}

export interface Retention {
  /**
   * What was only of a removed job or asset goes with the next garbage collection. `now` left out = by the database's clock.
   * Stops early, between two small transactions, once `signal` is aborted. Throws `database_unavailable`.
   */
  purge(periods: KeepPeriods, options?: { now?: Date; signal?: AbortSignal }): Promise<Purged>;
}
