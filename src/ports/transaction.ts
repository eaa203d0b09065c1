// The handle by which a job store lets a job queue take part in its transaction, whoever implements either.

export interface Transaction {
  /** Runs SQL inside the transaction, for queues that live in the same database. */
  executeSql(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
  /** Runs after commit, never after rollback, for queues that live elsewhere. Failures there are only logged:
   *  the sweep delivers what was lost. */
  afterCommit(action: () => Promise<void>): void;
}
