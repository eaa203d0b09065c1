// aiprod audit: verifies the audit log and lists it, directly in the database.
import { resolve } from 'node:path';

import type { AuditFault, AuditVerdict } from '../../adapters/postgres/audit-verify.ts';
import { readConfig } from '../../config/config.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

export const auditOptions = {
  log: { type: 'string' },
  user: { type: 'string' },
  limit: { type: 'string' },
} as const;

interface AuditValues {
  log?: string;
  user?: string;
  limit?: string;
}

const faults: Record<AuditFault, string> = {
  edited: 'it was edited',
  deleted: 'it was deleted',
  inserted: 'it was put in by somebody without the key',
  reordered: 'it does not stand where it was written',
  hash_forged: 'its hash does not follow from the entry before',
  beginning_cut: 'the beginning of the log was cut off, and not by retention',
  beginning_forged: 'what says that retention cut the log off here was not signed with the key',
  end_cut: 'the end of the log was cut off',
  head_forged: 'it is not what the head of the log names as the last',
  not_in_chain: 'the saved log has it, the database does not: the end was cut off together with the head',
  other_than_logged: 'the saved log has another entry of this number',
};

/** How many numbers of missing entries are printed. */
const mostNamed = 20;

export async function audit([task, ...args]: string[], values: AuditValues): Promise<ExitCode> {
  if (args.length > 0 || (task !== 'verify' && task !== 'list')) throw wrong('audit takes verify or list.');
  if (task === 'verify') {
    if (values.user !== undefined || values.limit !== undefined)
      throw wrong('--user and --limit are for list.');
    return verify(values.log === undefined ? undefined : resolve(values.log));
  }
  if (values.log !== undefined) throw wrong('--log is for verify.');
  return list(values);
}

async function verify(logFile: string | undefined): Promise<ExitCode> {
  const verdict = await (await tasks()).verifyAudit(readConfig(), logFile);
  process.stdout.write(describe(verdict, logFile));
  return verdict.fault === undefined ? exitCodes.ok : exitCodes.failed;
}

function describe({ entries, firstSeq, lastSeq, headHash, ...rest }: AuditVerdict, logFile?: string): string {
  const { fault, notInChain, logLines } = rest;
  const lines: string[] = [];
  if (fault !== undefined) {
    lines.push(`The audit log cannot be trusted from entry ${fault.seq} on: ${faults[fault.what]}.`);
    if (notInChain.length > 0) {
      const more = notInChain.length > mostNamed ? ` and ${notInChain.length - mostNamed} more` : '';
      lines.push(
        `Entries of ${logFile} that are not in the chain: ${notInChain.slice(0, mostNamed).join(', ')}${more}.`,
      );
    }
  } else if (entries === 0) {
    lines.push('The audit log has no entry, and its beginning and end fit together.');
  } else {
    lines.push(`${entries} entries, ${firstSeq} to ${lastSeq}, as they were written. Head: ${headHash}`);
  }
  if (fault === undefined && logFile !== undefined)
    lines.push(`The ${logLines} entries of ${logFile} that are kept are among them.`);
  return lines.map((line) => `${line}\n`).join('');
}

async function list({ user, limit = '50' }: AuditValues): Promise<ExitCode> {
  if (!/^[1-9]\d{0,4}$/.test(limit)) throw wrong('--limit takes a number, 1 to 99999.');
  const entries = await (await tasks()).listAudit(readConfig(), { userId: user, limit: Number(limit) });
  for (const { seq, at, action, outcome, actor, from, requestId, userId, target, facts } of entries) {
    const who = actor === null ? 'nobody' : [actor.userId, actor.via, actor.credentialId].join(' ').trim();
    const rest = { user: userId, target, from, request: requestId, ...facts };
    const named = Object.entries(rest).flatMap(([name, value]) => (value === null ? [] : `${name}=${value}`));
    const line = [seq, at.toISOString(), outcome, action, who, ...named].join('  ');
    // Names come from outside: they must not move the cursor.
    process.stdout.write(`${line.replaceAll(/\p{C}/gu, '\ufffd')}\n`);
  }
  return exitCodes.ok;
}

/** Loaded only here: help and wrong options answer at once. */
const tasks = () => import('../../compose/audit-tasks.ts');

function wrong(message: string): CommandError {
  return new CommandError(exitCodes.usage, message, 'aiprod audit --help');
}
