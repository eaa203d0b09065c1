// Receipts of paid calls: written before anything is sent, so that a crash at any point pays at most once.
// They record facts about money: who sent a request may note its outcome even when the job is not theirs any more.
import type { Lease } from '../domain/job.ts';
import type { BlobRef } from './blob-store.ts';

export type Receipt = { receiptId: string } & (
  | {
      /** Nothing was sent yet; it is the caller's to send. */
      state: 'reserved';
    }
  | { state: 'accepted'; remoteId: string }
  | { state: 'answered'; answer: BlobRef }
  | {
      /** Sent by somebody who died before saying what came of it. */
      state: 'ambiguous';
    }
);

export interface PaidCallFacts {
  /** The same for the same work of one user. */
  callKey: string;
  step: string;
  provider: string;
  estimateMicroUsd: number;
}

/** Undefined = no limit. */
export interface SpendingLimits {
  jobMicroUsd?: number | undefined;
  /** Per day in UTC. */
  userDailyMicroUsd?: number | undefined;
  dailyMicroUsd?: number | undefined;
}

export interface Receipts {
  /**
   * The receipt of this call, or a new one with its estimate reserved; the check of the limits and the reservation are
   * one. One whose sender is dead becomes `ambiguous`. Throws `paid_call_under_way` while its sender lives,
   * `budget_exceeded`, `spending_cap_reached`. Fenced.
   */
  open(lease: Lease, call: PaidCallFacts, limits: SpendingLimits): Promise<Receipt>;
  /** From here on it may be paid. Fenced. */
  sending(lease: Lease, receiptId: string): Promise<void>;
  /** The provider has taken it; also turns what became `ambiguous` meanwhile into a fact. */
  accepted(receiptId: string, remoteId: string): Promise<void>;
  /** Settles it; the job's cost counts it from here. The first answer stays. Throws `lease_lost` when it was given up. */
  answered(receiptId: string, answer: BlobRef, costMicroUsd: number): Promise<BlobRef>;
  /** Surely not taken, also when it became `ambiguous` meanwhile: the reservation is dropped, and the call may be made anew. */
  refused(receiptId: string, errorCode: string): Promise<void>;
  /** May have been taken: counts as spent, and is not made again before an operator redrives the job. */
  ambiguous(receiptId: string): Promise<void>;
  /** The kept answer is gone; the call may be made, and paid, anew. Fenced. */
  forget(lease: Lease, receiptId: string): Promise<void>;
}
