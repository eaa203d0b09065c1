// What every maker (provider or media tool) gets besides its input.

import type { Pay } from './paid-calls.ts';

export interface WorkContext {
  /** A folder of this call's own; results are written there, the caller removes it. */
  scratch: string;
  /** Aborted = stop, kill what runs, throw the signal's reason. */
  signal: AbortSignal;
  /** 0..1 of this call. */
  onProgress?: (fraction: number) => void;
  /** Waits for `turn`, such as a free process; that time counts neither as work nor against the work's time limit. */
  awaitTurn?: <T>(turn: Promise<T>) => Promise<T>;
  /** Makes a paid call, once. Given within jobs. */
  pay?: Pay;
}
