// What travels between the pool and a media process: one task at a time, its progress, and its end.
import type { ErrorCode, FieldError } from '../domain/errors.ts';

export interface TaskMessage {
  task: string;
  input: unknown;
  scratch: string;
}

/** An error as it was thrown and what caused it, the outermost first. For the log only. */
export type ErrorTrail = { name: string; message: string; stack: string | undefined }[];

/** An AppError in a form that survives the process boundary. */
export interface TaskFailure {
  code: ErrorCode;
  message: string;
  hint?: string;
  errors?: FieldError[];
  trail: ErrorTrail;
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
