// The opaque position in a list of jobs or assets: where the page before ended. Strict, since it comes back from outside.
import { AppError } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';

interface Position {
  createdAt: Date;
  jobId: string;
}

export function toCursor({ createdAt, jobId }: Pick<Job, 'createdAt' | 'jobId'>): string {
  return Buffer.from(`${createdAt.getTime()}.${jobId}`).toString('base64url');
}

/** Throws `request_invalid` for anything that `toCursor` does not make. */
export function fromCursor(cursor: string): Position {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const parts = /^(\d{1,14})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  const position = parts && { createdAt: new Date(Number(parts[1])), jobId: parts[2]! };
  if (position === null || toCursor(position) !== cursor) {
    throw new AppError('request_invalid', 'The cursor is not valid.', {
      hint: 'Use the next_cursor of the page before, or leave it out for the first page.',
      errors: [{ pointer: '/cursor', detail: 'must be the next_cursor of an earlier page' }],
    });
  }
  return position;
}
