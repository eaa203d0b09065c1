// Entry point of the child process that does all heavy and native work, one task at a time. It ends with its parent.
import os from 'node:os';

import { type AppError, toAppError } from '../domain/errors.ts';
import type { WorkContext } from '../ports/work-context.ts';
import type { ReplyMessage, TaskFailure, TaskMessage } from './protocol.ts';
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
  try {
    const result = await run(message.input, context);
    reply({ kind: 'done', result, peakRssBytes: peakRssBytes() });
  } catch (error) {
    reply({ kind: 'failed', failure: toFailure(toAppError(error)), peakRssBytes: peakRssBytes() });
  }
});

function reply(message: ReplyMessage): void {
  process.send?.(message);
}

function peakRssBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function toFailure(error: AppError): TaskFailure {
  const cause = error.cause instanceof Error ? error.cause.stack : error.cause;
  return {
    code: error.code,
    message: error.publicMessage,
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.errors !== undefined && { errors: error.errors }),
    detail: `${error.stack}${cause === undefined ? '' : `\ncaused by ${cause}`}`,
  };
}
