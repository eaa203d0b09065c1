// The history of a job as its user sees it: one event per change of state, stage or progress. Kept with the job.

export interface JobEvent {
  /** Rising within a job; what `Last-Event-ID` carries. */
  eventId: number;
  type: 'state' | 'stage' | 'progress';
  at: Date;
  /** Wire form: status, stage, progress, and `error` on failure. */
  data: Record<string, unknown>;
}

export interface JobEvents {
  /** Events after `afterEventId` (0 = all), oldest first, at most `limit`. Empty for somebody else's job. */
  read(userId: string, jobId: string, afterEventId: number, limit: number): Promise<JobEvent[]>;
  /**
   * Calls `onChange` soon after events of the job were committed, by whatever process; may call too often.
   * The returned function ends it. Callers also poll slowly: a notification can be lost on reconnect, or when the process
   * that changed the job dies.
   */
  subscribe(jobId: string, onChange: () => void): () => void;
}
