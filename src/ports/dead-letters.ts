// Jobs that failed for good after transient or internal faults, kept for an operator to read, fix and redrive.
import type { Problem } from '../domain/errors.ts';
import type { JobCause } from './job-store.ts';

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
  redrive(deadLetterId: string, cause?: JobCause): Promise<void>;
  /** Removes a letter for which nothing will be done; its job stays as it is. Throws `not_found`. */
  dismiss(deadLetterId: string): Promise<void>;
  /**
   * Fails a job that the queue has given up delivering, with a dead letter. Nothing happens (false) when the job has
   * ended, is gone, waits for its user, is being worked on, or became due only after `sentAt`: then the message that was
   * given up is an old one.
   */
  bury(jobId: string, given: { error: Problem; sentAt: Date }): Promise<boolean>;
  /** Of those that wait for an operator: neither redriven, nor dismissed, nor retried by the job's user. */
  count(): Promise<number>;
}
