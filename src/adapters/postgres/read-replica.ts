// Reads from a streaming replica, and never less than what had been committed when the read began, whichever process
// committed it: where the replica is behind or away, the primary answers.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import { toDatabaseError } from './database-errors.ts';
import { type Executor, rowsOf } from './statements.ts';

/** Runs reads where they are due. */
export type ReadOn = <T>(work: (executor: Executor) => Promise<T>) => Promise<T>;

/** Who answered: the replica, or the primary because the replica lacked something or could not be asked. */
export type ReadOutcome = 'replica' | 'behind' | 'away';

export interface ReadReplicaDeps {
  primary: pg.Pool;
  replica: pg.Pool;
  onRead(outcome: ReadOutcome): void;
  logger: { info(facts: object, message: string): void; warn(facts: object, message: string): void };
  /** Longest time to wait for the replica to have what is needed, ms. */
  patienceMs?: number;
  /** For how long a replica is left alone that was behind, or away, ms. */
  restMs?: Record<Exclude<ReadOutcome, 'replica'>, number>;
}

const lookAgainMs = 5;
const defaults = { patienceMs: 50, restMs: { behind: 1_000, away: 10_000 } };

// Whatever was acknowledged to anybody is flushed.
const primaryPosition = {
  name: 'replica_needed',
  text: 'SELECT pg_current_wal_flush_lsn()::text AS position',
};

// One that was promoted goes its own way.
const isThere = {
  name: 'replica_reached',
  text: 'SELECT pg_is_in_recovery() AS follows, pg_last_wal_replay_lsn() >= $1::pg_lsn AS there',
};

/**
 * The returned function throws what `work` throws, and `database_unavailable` when the primary does not answer: nobody
 * else knows whether the replica is up to date. The caller ends the pools.
 */
export function createReadReplica({ primary, replica, onRead, logger, ...limits }: ReadReplicaDeps): ReadOn {
  const { patienceMs, restMs } = { ...defaults, ...limits };
  const askPosition = createSharedAnswer(async () => {
    const [row] = await rowsOf<{ position: string }>(primary, primaryPosition);
    return row!.position;
  });
  let state: ReadOutcome = 'replica';
  let restUntil = 0;

  function note(outcome: ReadOutcome, error?: unknown): void {
    restUntil = outcome === 'replica' ? 0 : performance.now() + restMs[outcome];
    if (outcome === state) return;
    state = outcome;
    if (outcome === 'replica') logger.info({}, 'jobs are read from the replica again');
    else if (outcome === 'behind') logger.warn({}, 'the replica is behind: jobs are read from the primary');
    else logger.warn({ err: error }, 'the replica cannot be read: jobs are read from the primary');
  }

  /** What the replica answers, or why it does not. */
  async function fromReplica<T>(
    work: (executor: Executor) => Promise<T>,
  ): Promise<{ answer: T } | Exclude<ReadOutcome, 'replica'>> {
    const position = await askPosition();
    let client: pg.PoolClient | undefined;
    let broken = true;
    try {
      client = await replica.connect();
      // On one connection: several replicas may share an address.
      if (!(await hasReached(client, position, patienceMs))) {
        broken = false;
        note('behind');
        return 'behind';
      }
      const answer = await work(client);
      broken = false;
      note('replica');
      return { answer };
    } catch (error) {
      const known = toDatabaseError(error);
      const isReplicas = known instanceof AppError && replicaFaults.includes(known.code);
      if (!isReplicas) throw known;
      note('away', error);
      return 'away';
    } finally {
      client?.release(broken);
    }
  }

  return async (work) => {
    const rests = state !== 'replica' && performance.now() < restUntil;
    const read = rests ? state : await fromReplica(work);
    onRead(typeof read === 'string' ? read : 'replica');
    return typeof read === 'string' ? work(primary) : read.answer;
  };
}

/** What may be wrong with the replica alone. */
const replicaFaults: readonly string[] = ['database_unavailable', 'config_invalid'];

/** Throws `database_unavailable` when it follows nobody. */
async function hasReached(client: pg.PoolClient, position: string, patienceMs: number): Promise<boolean> {
  for (const deadline = performance.now() + patienceMs; ; await sleep(lookAgainMs)) {
    const [row] = await rowsOf<{ follows: boolean; there: boolean | null }>(client, isThere, [position]);
    if (row?.follows !== true) throw new AppError('database_unavailable', 'The replica is none.');
    if (row.there === true) return true;
    if (performance.now() > deadline) return false;
  }
}

/** Asks once for all who wait; never gives an answer to a question that was begun before the caller came. */
function createSharedAnswer<T>(ask: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  let next: Promise<T> | undefined;

  function begin(): Promise<T> {
    const asked = ask().finally(() => {
      if (underWay === asked) underWay = undefined;
    });
    underWay = asked;
    return asked;
  }

  return () => {
    if (underWay === undefined) return begin();
    next ??= underWay
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        next = undefined;
        return begin();
      });
    return next;
  };
}
