// Walks the audit log from its beginning to its head and says what is wrong first. Changes nothing.
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';
import {
  type ChainedEntry,
  canonicalEntry,
  chainBegin,
  hashOf,
  refuseOtherKey,
  signCut,
} from './audit-chain.ts';
import { inTransaction, rowsOf } from './statements.ts';

export type AuditFault =
  | 'edited'
  | 'deleted'
  | 'inserted'
  | 'reordered'
  | 'hash_forged'
  | 'beginning_cut'
  | 'beginning_forged'
  | 'end_cut'
  | 'head_forged'
  | 'not_in_chain'
  | 'other_than_logged';

export interface AuditVerdict {
  entries: number;
  /** Of the first and the last entry that are there; 0 where there is none. */
  firstSeq: number;
  lastSeq: number;
  /** Hash of the last entry, in hex: whoever keeps it can tell later whether the log was wound back. */
  headHash: string;
  /** How many lines of a saved log were found in the chain. */
  logLines: number;
  /** Numbers of entries of the saved log that are not in the chain as they were logged, the lowest first. */
  notInChain: number[];
  /** The lowest number at which something is wrong. */
  fault?: { seq: number; what: AuditFault };
}

/** Audit lines of a saved log, by seq, of which several may be different; each the canonical text and the hash of the entry. */
export type LoggedEntries = ReadonlyMap<number, { canonical: string; hash: string }[]>;

const pageSize = 1_000;
const columns = `seq, at, action, outcome, actor, from_ip AS "from", request_id AS "requestId", user_id AS "userId", target, facts, hash`;

const readEnds = {
  name: 'audit_ends',
  text: `
    SELECT h.seq, h.hash, h.key_check AS "keyCheck", s.seq AS "startSeq", s.hash AS "startHash", s.cut_at AS "cutAt", s.mac
    FROM (SELECT) AS always LEFT JOIN audit_head h ON true LEFT JOIN audit_start s ON true`,
};
const readPage = {
  name: 'audit_page',
  text: `SELECT ${columns} FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT ${pageSize}`,
};
const readNewest = {
  name: 'audit_newest',
  text: `SELECT ${columns} FROM audit_log WHERE $1::text IS NULL OR user_id = $1 ORDER BY seq DESC LIMIT $2`,
};

interface Ends {
  seq: string | null;
  hash: Buffer | null;
  keyCheck: Buffer | null;
  startSeq: string | null;
  startHash: Buffer | null;
  cutAt: Date | null;
  mac: Buffer | null;
}

type EntryRow = Omit<ChainedEntry, 'seq'> & { seq: string };

async function entriesOf(client: pg.PoolClient, after: number): Promise<ChainedEntry[]> {
  const rows = await rowsOf<EntryRow>(client, readPage, [after]);
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** Newest first. `userId` = only what concerns this user's data. Throws `config_invalid` when there is no log, `database_unavailable`. */
export async function listAuditLog(
  pool: pg.Pool,
  { userId, limit }: { userId: string | undefined; limit: number },
): Promise<ChainedEntry[]> {
  const rows = await rowsOf<EntryRow>(pool, readNewest, [userId ?? null, limit]).catch(explainMissing);
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** Throws `config_invalid` when there is no log, or when it was begun with another key; `database_unavailable`. */
export function verifyAuditLog(
  { pool, key }: { pool: pg.Pool; key: Buffer },
  logged: LoggedEntries = new Map(),
): Promise<AuditVerdict> {
  return inTransaction(pool, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [ends] = await rowsOf<Ends>(client, readEnds).catch(explainMissing);
    refuseOtherKey(key, ends!.keyCheck);
    return walk(client, key, ends!, logged);
  });
}

async function walk(
  client: pg.PoolClient,
  key: Buffer,
  ends: Ends,
  logged: LoggedEntries,
): Promise<AuditVerdict> {
  const startSeq = Number(ends.startSeq ?? 0);
  const notInChain: number[] = [];
  const verdict: AuditVerdict = {
    entries: 0,
    firstSeq: 0,
    lastSeq: 0,
    headHash: '',
    logLines: 0,
    notInChain,
  };
  const fault = (at: number, what: AuditFault): AuditVerdict => {
    const [other] = notInChain;
    const first =
      other !== undefined && other < at
        ? { seq: other, what: 'other_than_logged' as const }
        : { seq: at, what };
    return { ...verdict, fault: first };
  };
  if (ends.mac !== null && !signCut(key, startSeq, ends.startHash!, ends.cutAt!).equals(ends.mac)) {
    return fault(startSeq, 'beginning_forged');
  }
  let seq = startSeq;
  let previous = ends.startHash ?? chainBegin;
  for (;;) {
    const page = await entriesOf(client, verdict.lastSeq);
    for (const entry of page) {
      if (entry.seq <= startSeq) return fault(entry.seq, 'inserted');
      if (entry.seq !== seq + 1) return fault(seq + 1, seq === startSeq ? 'beginning_cut' : 'deleted');
      if (!hashOf(key, previous, entry).equals(entry.hash)) {
        return fault(entry.seq, await explain(client, key, { entry, previous, headHash: ends.hash }));
      }
      const lines = logged.get(entry.seq) ?? [];
      const hash = entry.hash.toString('hex');
      const same = lines.filter((line) => line.hash === hash && line.canonical === canonicalEntry(entry));
      verdict.logLines += same.length;
      if (same.length < lines.length) notInChain.push(entry.seq);
      seq = entry.seq;
      previous = entry.hash;
      verdict.entries++;
      verdict.firstSeq ||= seq;
      verdict.lastSeq = seq;
      verdict.headHash = previous.toString('hex');
    }
    if (page.length < pageSize) break;
  }
  const headSeq = Number(ends.seq ?? -1);
  if (headSeq > seq) return fault(seq + 1, verdict.entries === 0 ? 'beginning_cut' : 'end_cut');
  if (headSeq < seq || !ends.hash?.equals(previous)) return fault(seq, 'head_forged');
  const beyond = [...logged.keys()].filter((each) => each > seq).sort((a, b) => a - b);
  notInChain.push(...beyond);
  const [first] = notInChain;
  if (first === undefined) return verdict;
  return { ...verdict, fault: { seq: first, what: first > seq ? 'not_in_chain' : 'other_than_logged' } };
}

function explainMissing(error: unknown): never {
  if ((error as { code?: unknown }).code !== '42P01') throw error;
  throw new AppError('config_invalid', 'This database has no audit log.', {
    hint: 'Check that it is the one that AIPROD works with; aiprod db migrate brings its schema up to date.',
    cause: error,
  });
}

/** What was done to an entry that does not follow from the one before. */
async function explain(
  client: pg.PoolClient,
  key: Buffer,
  { entry, previous, headHash }: { entry: ChainedEntry; previous: Buffer; headHash: Buffer | null },
): Promise<AuditFault> {
  const [next] = await entriesOf(client, entry.seq);
  const genuine =
    next === undefined ? headHash?.equals(entry.hash) : hashOf(key, entry.hash, next).equals(next.hash);
  if (genuine) return 'edited';
  for (let after = entry.seq; ; ) {
    const page = await entriesOf(client, after);
    for (const other of page) {
      if (!hashOf(key, previous, { ...other, seq: entry.seq }).equals(other.hash)) continue;
      // What belongs here stands further on: pushed there by one more entry, or exchanged with this one.
      const belongsThere = hashOf(key, other.hash, { ...entry, seq: entry.seq + 1 }).equals(entry.hash);
      return other.seq === entry.seq + 1 && !belongsThere ? 'inserted' : 'reordered';
    }
    if (page.length < pageSize) return 'hash_forged';
    after = page.at(-1)!.seq;
  }
}
