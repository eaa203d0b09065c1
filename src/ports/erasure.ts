// Erasing users: all that is kept of one goes, in a first pass and, once nothing that was under way can still write, in a
// last one. Broken off anywhere, it goes on where it was. The audit log and the anonymous sums of receipts stay.

export interface Erasure {
  /**
   * When it resolves, nothing new of the user can be stored: whoever tries gets `account_erased`. What is stored goes with the
   * next `advance`. Of a user that was erased before, or that nobody knows, it is no error.
   */
  begin(userId: string): Promise<void>;
  /**
   * Makes the passes that are due, of all users or of `userId`, on many instances at once if need be; how many. A pass that
   * throws is made again some minutes later. Once `signal` is aborted it ends soon, between two of its small steps, and the
   * pass under way is due at once. Throws `database_unavailable`, `storage_unavailable`.
   */
  advance(options?: { userId?: string; signal?: AbortSignal }): Promise<number>;
  /** Lets the user begin anew, with nothing. Throws `not_found`, or `state_conflict` while the erasing is under way. */
  readmit(userId: string): Promise<void>;
}

/** In the order in which a pass has done with them. */
export const erasureStages = ['jobs', 'rows', 'receipts', 'bytes', 'blobs', 'key'] as const;
export type ErasureStage = (typeof erasureStages)[number];
