// What travels between the pool and a media process: one task at a time, its progress, and its end.
import type { ErrorCode, FieldError } from '../domain/errors.ts';

export interface TaskMessage {
  task: string;
  input: unknown;
  scratch: string;
}

/** An AppError in a form that survives the process boundary; `detail` is for the log only. */
export interface TaskFailure {
  code: ErrorCode;
  message: string;
  hint?: string;
  errors?: FieldError[];
  detail: string;
}

/** What a task cost; `peakRssBytes` is the process's largest resident size so far. */
export interface TaskUsage {
  cpuMs: number;
  peakRssBytes: number;
}

export type ReplyMessage =
  | { kind: 'progress'; fraction: number }
  | { kind: 'done'; result: unknown; usage: TaskUsage }
  | { kind: 'failed'; failure: TaskFailure; usage: TaskUsage };
