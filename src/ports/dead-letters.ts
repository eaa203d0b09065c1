// Jobs that failed for good after transient or internal faults, kept for an operator to read, fix and redrive.
import type { Problem } from '../domain/errors.ts';

export interface DeadLetter {
  deadLetterId: string;
  jobId: string;
  userId: string;
  error: Problem;
  attempts: number;
  createdAt: Date;
  redrivenAt: Date | null;
}

export interface DeadLetters {
  /** Newest first; redriven ones last. */
  list(limit: number): Promise<DeadLetter[]>;
  /**
   * Puts the job back to pending with fresh attempts and sends it. Paid calls whose outcome is not known may then be
   * made anew. Throws `not_found`, `state_conflict`.
   */
  redrive(deadLetterId: string): Promise<void>;
  /** Of those that wait for an operator: neither redriven nor retried by the job's user. */
  count(): Promise<number>;
}
