// How audit entries are chained: what exactly is hashed, and with which key. Shared by those who append, check and cut.
import { createHmac } from 'node:crypto';

import { AppError } from '../../domain/errors.ts';
import type { AuditEntry } from '../../ports/audit-log.ts';

/** An entry with its place in the chain. */
export interface ChainedEntry extends AuditEntry {
  /** From 1 on, without gaps. */
  seq: number;
  at: Date;
  hash: Buffer;
}

/** Before the first entry. */
export const chainBegin = Buffer.alloc(32);

/** The same text for the same entry, whatever the order in which its fields come. */
export function canonicalEntry(entry: Omit<ChainedEntry, 'hash'>): string {
  const { seq, at, action, outcome, actor, from, requestId, userId, target, facts } = entry;
  const sorted = (object: object | null) =>
    object && Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    seq,
    at.toISOString(),
    action,
    outcome,
    sorted(actor),
    from,
    requestId,
    userId,
    target,
    sorted(facts),
  ]);
}

/** `previous` is the hash of the entry before. */
export function hashOf(key: Buffer, previous: Buffer, entry: Omit<ChainedEntry, 'hash'>): Buffer {
  return createHmac('sha256', key).update('entry').update(previous).update(canonicalEntry(entry)).digest();
}

/** Says that everything up to this entry was cut off on purpose. */
export function signCut(key: Buffer, seq: number, hash: Buffer, cutAt: Date): Buffer {
  return createHmac('sha256', key)
    .update('cut')
    .update(hash)
    .update(JSON.stringify([seq, cutAt.toISOString()]))
    .digest();
}

/** Tells one key from another and nothing about it. */
export function keyCheck(key: Buffer): Buffer {
  return createHmac('sha256', key).update('key').digest();
}

/** `stored` = what `keyCheck` gave for the log's own key; null = the log has none yet. Throws `config_invalid` for another key. */
export function refuseOtherKey(key: Buffer, stored: Buffer | null): void {
  if (stored === null || stored.equals(keyCheck(key))) return;
  throw new AppError('config_invalid', 'The audit log was begun with another key.', {
    hint: 'All processes on a database need the same key: name the same folder in AIPROD_KEYS, or set AIPROD_AUDIT_KEY.',
  });
}
