// Reads an object piece by piece. A piece that breaks off is asked for again, and a whole object is compared with its
// digest before its last piece is given away: wrong bytes never look complete.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { AppError } from '../../domain/errors.ts';
import { classified, isTransient, statusOf } from './storage-errors.ts';

const pieceBytes = 4 << 20;

/** Where an object's bytes are, and what opens them; made anew for each request, for credentials expire. */
export type Address = () => Promise<{ url: string; headers: Headers }>;

export interface DownloadOptions {
  /** SHA-256 of the whole object. */
  digest: string;
  bytes: number;
  range: { start: number; end: number } | undefined;
  retries: { most: number; longestWaitSeconds: number };
  deadlineMs: number;
}

/**
 * Bytes `start`..`end` or all; at most two pieces are in memory. Only a whole can be compared with its digest; of a
 * range only the length is checked. Throws `blob_missing`, `storage_unavailable`.
 */
export async function* download(address: Address, options: DownloadOptions): AsyncGenerator<Buffer> {
  const { digest, bytes, range } = options;
  const end = Math.min(range?.end ?? bytes - 1, bytes - 1);
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  for (let at = range?.start ?? 0; at <= end; at += pieceBytes) {
    const last = Math.min(at + pieceBytes - 1, end);
    const piece = await classified(() => readPiece(address, at, last, options));
    if (held !== undefined) yield held;
    hash.update(piece);
    held = piece;
  }
  if (range === undefined && hash.digest('hex') !== digest)
    throw new AppError('storage_unavailable', 'The storage gave other bytes than were stored.', {
      cause: new Error(`blob ${digest}`),
    });
  if (held !== undefined) yield held;
}

async function readPiece(
  address: Address,
  start: number,
  end: number,
  { retries, deadlineMs }: DownloadOptions,
): Promise<Buffer> {
  for (let failures = 0; ; ) {
    try {
      return await readOnce(address, start, end, deadlineMs);
    } catch (error) {
      const mayPass = statusOf(error) === undefined || isTransient(error);
      if (!mayPass || failures === retries.most) throw error;
      const waitMs = Math.min(250 * 2 ** failures++, 1000 * retries.longestWaitSeconds);
      await sleep(waitMs * (0.5 + Math.random() / 2));
    }
  }
}

/**
 * Not with the library's streams: they know no deadline, and when one breaks they end the connections of all others.
 */
async function readOnce(address: Address, start: number, end: number, deadlineMs: number): Promise<Buffer> {
  const { url, headers } = await address();
  headers.set('range', `bytes=${start}-${end}`);
  const signal = AbortSignal.timeout(deadlineMs);
  const answer = await fetch(url, { headers, signal, redirect: 'error' });
  if (!answer.ok) {
    const message = (await answer.text()).slice(0, 300);
    throw Object.assign(new Error(message), { code: answer.status });
  }
  const expected = end - start + 1;
  const announced = Number(answer.headers.get('content-length'));
  if (announced !== expected) {
    await answer.body?.cancel();
    throw new Error(`${announced} bytes instead of the ${expected} asked for`);
  }
  return Buffer.from(await answer.arrayBuffer());
}
