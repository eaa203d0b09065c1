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

export type ReplyMessage =
  | { kind: 'progress'; fraction: number }
  | { kind: 'done'; result: unknown; peakRssBytes: number }
  | { kind: 'failed'; failure: TaskFailure; peakRssBytes: number };
