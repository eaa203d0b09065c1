// Opens the audit log under the key of the configuration, for the system and for operators' commands.
import { userInfo } from 'node:os';
import { join } from 'node:path';

import type pg from 'pg';

import { findSecret, openSecret } from '../adapters/disk/secret-file.ts';
import { createAuditLog, proveAuditKey } from '../adapters/postgres/audit-log.ts';
import type { Config } from '../config/config.ts';
import { AppError } from '../domain/errors.ts';
import type { AuditEntry } from '../ports/audit-log.ts';

type KeyConfig = Pick<Config, 'auditKey' | 'keyFolder'>;

const keyFile = ({ keyFolder }: KeyConfig) => join(keyFolder, 'audit-key');
const ifLost = 'Put it back from its backup, or set AIPROD_AUDIT_KEY.';

/** The key; made in the folder of keys when there is none. Throws what openSecret throws. */
export async function auditKeyOf(config: KeyConfig): Promise<Buffer> {
  return config.auditKey ?? openSecret(keyFile(config), ifLost);
}

/** The key, if there is one. Throws `config_invalid` otherwise, and what findSecret throws. */
export async function existingAuditKey(config: KeyConfig): Promise<Buffer> {
  const key = config.auditKey ?? (await findSecret(keyFile(config), ifLost));
  if (key !== undefined) return key;
  throw new AppError('config_invalid', 'There is no key to verify the audit log with.', {
    hint: 'Set AIPROD_AUDIT_KEY to the key of the processes that write it, or AIPROD_KEYS to their folder of keys.',
  });
}

/** Writes down what an operator did. Throws what AuditLog.record throws. */
export type OperatorAudit = (
  entry: Pick<AuditEntry, 'action' | 'userId' | 'target' | 'facts'>,
) => Promise<void>;

/** For what is done with a command. The entries are in the database only: the command's output is for its user. Throws what auditKeyOf and proveAuditKey throw. */
export async function openOperatorAudit(config: KeyConfig, pool: pg.Pool): Promise<OperatorAudit> {
  const key = await auditKeyOf(config);
  await proveAuditKey({ pool, key });
  const auditLog = createAuditLog({ pool, key, logger: { info: () => {} } });
  const actor = { userId: accountName(), via: 'command_line' };
  return (entry) => auditLog.record({ ...entry, outcome: 'done', actor, from: null, requestId: null });
}

/** Of the operating system. Containers may have none for their number. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
