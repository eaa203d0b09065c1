// How often somebody may ask, counted for all instances together. Who that is, and what is refused, is the API's business.

/** What is left of one caller's allowance. */
export interface RateState {
  /** Whether this request may be made. */
  letIn: boolean;
  /** Requests that may be made at once now, this one counted already. */
  remaining: number;
  /** Until the next request may be made, ms; 0 = now. */
  waitMs: number;
  /** Until the whole allowance is there again, ms. */
  wholeInMs: number;
}

/**
 * `perMinute` requests may come at once; each comes back after its share of a minute. All are atomic on the database's clock
 * and throw `database_unavailable`.
 */
export interface RateLimiter {
  /** Counts one request, if it may be made. */
  take(caller: string, perMinute: number): Promise<RateState>;
  /** Counts one whether or not it may be made: what goes beyond the allowance is waited for as well. */
  charge(caller: string, perMinute: number): Promise<RateState>;
  /** Counts nothing; says whether one may be made. */
  look(caller: string, perMinute: number): Promise<RateState>;
}
