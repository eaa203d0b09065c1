// Entry point of the child process that does all heavy and native work, one task at a time. It ends with its parent.
import os from 'node:os';

import { AppError, toAppError } from '../domain/errors.ts';
import type { WorkContext } from '../ports/work-context.ts';
import type { ErrorTrail, ReplyMessage, TaskFailure, TaskMessage, TaskUsage } from './protocol.ts';
import { type TaskName, tasks } from './tasks.ts';

/** Serving requests comes before rendering: the API shares these cores. */
const politeNice = 10;

os.setPriority(politeNice);
process.on('disconnect', () => process.exit());
// A terminal's Ctrl-C reaches the whole process group; the parent decides what becomes of the work here.
process.on('SIGINT', () => {});

process.on('message', async (message: TaskMessage) => {
  const run = tasks[message.task as TaskName] as (input: unknown, context: WorkContext) => Promise<unknown>;
  const context: WorkContext = {
    scratch: message.scratch,
    signal: new AbortController().signal,
    onProgress: (fraction) => reply({ kind: 'progress', fraction }),
  };
  const before = process.cpuUsage();
  try {
    const result = await run(message.input, context);
    reply({ kind: 'done', result, usage: usageSince(before) });
  } catch (error) {
    reply({ kind: 'failed', failure: toFailure(classify(error)), usage: usageSince(before) });
  }
});

function reply(message: ReplyMessage): void {
  process.send?.(message);
}

function usageSince(before: NodeJS.CpuUsage): TaskUsage {
  const { user, system } = process.cpuUsage(before);
  return { cpuMs: (user + system) / 1000, peakRssBytes: process.resourceUsage().maxRSS * 1024 };
}

/** A full disk may show in any file that any task writes; everything else was classified where it was thrown. */
function classify(error: unknown): AppError {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'storage_full') return toAppError(error);
  return new AppError('storage_full', 'The disk is full.', {
    hint: 'Free space on the disk of the data folder, then retry the job.',
    cause: error,
  });
}

function toFailure(error: AppError): TaskFailure {
  return {
    code: error.code,
    message: error.publicMessage,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.errors !== undefined && { errors: error.errors }),
    trail: trailOf(error),
  };
}

function trailOf(error: AppError): ErrorTrail {
  const trail: ErrorTrail = [];
  for (let each: unknown = error; each instanceof Error && trail.length < 8; each = each.cause) {
    // The public message goes its own way: it may repeat a user's words.
    const message = each instanceof AppError ? each.code : each.message;
    const stack = each.stack?.replace(each.message, () => message);
    trail.push({ name: each.name, message, stack });
  }
  return trail;
}
