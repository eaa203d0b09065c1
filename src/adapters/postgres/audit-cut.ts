// What retention may do to the audit log: cut its oldest entries off, and sign that this was meant.
import type pg from 'pg';

import { signCut } from './audit-chain.ts';
import { inTransaction, rowsOf } from './statements.ts';

const lockHead = { name: 'audit_cut_lock', text: 'SELECT FROM audit_head FOR UPDATE' };

const lastBefore = {
  name: 'audit_cut_last',
  text: `
    SELECT seq, hash, date_trunc('milliseconds', clock_timestamp()) AS now
    FROM audit_log WHERE at < $1 ORDER BY seq DESC LIMIT 1`,
};

const cut = { name: 'audit_cut', text: 'SELECT audit_cut($1, $2, $3, $4) AS removed' };

/** Removes the entries from before `before`; how many. The chain goes on and can still be verified. Throws `database_unavailable`. */
export function cutAuditLog({ pool, key }: { pool: pg.Pool; key: Buffer }, before: Date): Promise<number> {
  return inTransaction(pool, async (client) => {
    // The login may only read the log; the oldest entries go by a function of the owner's.
    await client.query('SET LOCAL ROLE aiprod_auditor');
    await rowsOf(client, lockHead);
    await client.query('RESET ROLE');
    const [last] = await rowsOf<{ seq: string; hash: Buffer; now: Date }>(client, lastBefore, [before]);
    if (last === undefined) return 0;
    const mac = signCut(key, Number(last.seq), last.hash, last.now);
    const [done] = await rowsOf<{ removed: string }>(client, cut, [
      last.seq,
      last.hash,
      last.now.toISOString(),
      mac,
    ]);
    return Number(done!.removed);
  });
}
