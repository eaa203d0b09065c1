// Time as a dependency, so that tests can move it. Lease and queue times use the database's clock instead.

export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or at once (without error) when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
