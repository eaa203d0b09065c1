// Appends to the audit log, as a role that can do nothing else. Entries that arrive while a transaction is under way go
// together in the next.
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import type { AuditEntry, AuditLog } from '../../ports/audit-log.ts';
import { type ChainedEntry, hashOf, keyCheck, refuseOtherKey } from './audit-chain.ts';
import { inTransaction, rowsOf } from './statements.ts';

interface AuditLogDeps {
  pool: pg.Pool;
  /** 32 bytes. */
  key: Buffer;
  /** Given every entry once it is durable. */
  logger: { info(facts: object, message: string): void };
}

interface Waiting {
  entry: AuditEntry;
  resolve(): void;
  reject(error: unknown): void;
}

const mostTogether = 500;

const lockHead = {
  name: 'audit_lock_head',
  text: `
    SELECT seq, hash, key_check AS "keyCheck", date_trunc('milliseconds', clock_timestamp()) AS now
    FROM audit_head FOR UPDATE`,
};

const readHead = { name: 'audit_read_head', text: 'SELECT key_check AS "keyCheck" FROM audit_head' };

const append = {
  name: 'audit_append',
  text: `
    INSERT INTO audit_log (seq, at, action, outcome, actor, from_ip, request_id, user_id, target, facts, hash)
    SELECT * FROM unnest(
      $1::bigint[], $2::timestamptz[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::text[], $8::text[],
      $9::text[], $10::jsonb[], $11::bytea[])`,
};

const moveHead = {
  name: 'audit_move_head',
  text: 'UPDATE audit_head SET seq = $1, hash = $2, key_check = $3',
};

/** `record` throws also `config_invalid`: another key than the log began with, or no right to append. */
export function createAuditLog({ pool, key, logger }: AuditLogDeps): AuditLog {
  const waiting: Waiting[] = [];
  let working = false;

  async function work(): Promise<void> {
    working = true;
    while (waiting.length > 0) {
      const group = waiting.splice(0, mostTogether);
      try {
        const chained = await appendTogether(
          pool,
          key,
          group.map(({ entry }) => storable(entry)),
        );
        for (const entry of chained) logger.info(toLogLine(entry), 'audit');
        for (const { resolve } of group) resolve();
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    working = false;
  }

  return {
    record(entry) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.push({ entry, resolve, reject });
      if (!working) void work();
      return promise;
    },
  };
}

function appendTogether(pool: pg.Pool, key: Buffer, entries: AuditEntry[]): Promise<ChainedEntry[]> {
  return inTransaction(pool, async (client) => {
    await client.query('SET LOCAL ROLE aiprod_auditor');
    const [head] = await rowsOf<{ seq: string; hash: Buffer; keyCheck: Buffer | null; now: Date }>(
      client,
      lockHead,
    );
    refuseOtherHead(key, head);
    const chained = chain(key, Number(head.seq), head.hash, head.now, entries);
    const column = (of: (entry: ChainedEntry) => unknown) => chained.map(of);
    await rowsOf(client, append, [
      column(({ seq }) => seq),
      column(({ at }) => at.toISOString()),
      column(({ action }) => action),
      column(({ outcome }) => outcome),
      column(({ actor }) => actor && JSON.stringify(actor)),
      column(({ from }) => from),
      column(({ requestId }) => requestId),
      column(({ userId }) => userId),
      column(({ target }) => target),
      column(({ facts }) => JSON.stringify(facts)),
      column(({ hash }) => hash),
    ]);
    const last = chained.at(-1)!;
    await rowsOf(client, moveHead, [last.seq, last.hash, keyCheck(key)]);
    return chained;
  });
}

/** Throws what `record` would throw now, and writes nothing: for changes that are made before they are written down. */
export function proveAuditKey({ pool, key }: Pick<AuditLogDeps, 'pool' | 'key'>): Promise<void> {
  return inTransaction(pool, async (client) => {
    await client.query('SET LOCAL ROLE aiprod_auditor');
    const [head] = await rowsOf<{ keyCheck: Buffer | null }>(client, readHead);
    refuseOtherHead(key, head);
  });
}

/** Throws `config_invalid` when the log cannot be gone on with under `key`. */
function refuseOtherHead(
  key: Buffer,
  head: { keyCheck: Buffer | null } | undefined,
): asserts head is NonNullable<typeof head> {
  if (head === undefined) {
    throw new AppError('config_invalid', 'The audit log has lost its head.', {
      hint: 'Somebody changed the table audit_head: put it back from a backup.',
    });
  }
  refuseOtherKey(key, head.keyCheck);
}

function chain(key: Buffer, seq: number, hash: Buffer, at: Date, entries: AuditEntry[]): ChainedEntry[] {
  let previous = hash;
  return entries.map((entry, index) => {
    const placed = { ...entry, seq: seq + index + 1, at };
    previous = hashOf(key, previous, placed);
    return { ...placed, hash: previous };
  });
}

/** PostgreSQL takes no NUL and no half of a surrogate pair: one such entry would keep out those that go with it. */
function storable(entry: AuditEntry): AuditEntry {
  return JSON.parse(JSON.stringify(entry), (_, value) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value,
  );
}

function toLogLine({ hash, at, ...entry }: ChainedEntry): object {
  return { audit: true, at: at.toISOString(), ...entry, hash: hash.toString('hex') };
}
