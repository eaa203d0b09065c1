// How a maker makes a paid call: it says how to send and how to collect; receipts see to it that it is paid once.
import type { AppError } from '../domain/errors.ts';
import type { MadeFile } from './made-file.ts';

/**
 * Makes the call, or finds what an earlier attempt at the same step paid for. Resolves with the answer's bytes, kept
 * for good. Throws what `send` and `collect` throw, `payment_ambiguous`, `paid_call_under_way`, `budget_exceeded`,
 * `spending_cap_reached`.
 */
export type Pay = (call: PaidCall) => Promise<PaidAnswer>;

export interface PaidCall {
  provider: string;
  /** Tells apart the calls of one step. */
  name: string;
  /** Most that it can cost; reserved before anything is sent. */
  estimateMicroUsd: number;
  /**
   * Sends the request once. What it throws decides: `payment_ambiguous` when the provider may have taken it, anything
   * else, the reason of the context's signal too, when it surely was not taken and costs nothing. It is not to be given up
   * half-way but by its own deadline.
   */
  send(): Promise<Sent>;
  /**
   * Waits for the result of a request that was taken; may be called again after a crash, as often as needed. Resolves
   * with `failed` when the provider says that nothing will come of it: the call is then thrown as failed, and may be
   * made anew.
   */
  collect?(remoteId: string): Promise<Answered | { failed: AppError }>;
}

/** Taken for later, or answered at once. */
export type Sent = { remoteId: string } | Answered;

export interface Answered {
  /** Written into the call's scratch folder. */
  answer: MadeFile;
  costMicroUsd: number;
}

export interface PaidAnswer {
  /** To be read only. */
  path: string;
  mediaType: string;
}
