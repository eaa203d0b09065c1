// Writes a body to a file while it arrives, no more of it than its kind may have. What it is, its first bytes tell.
import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { AppError } from '../domain/errors.ts';
import { mediaLimits, mostBytes, sniffedBytes, sniffMediaType } from '../domain/user-media.ts';

export interface Upload {
  path: string;
  /** SHA-256. */
  digest: string;
  bytes: number;
}

/**
 * The body as a file of its own in `folder`, which the caller removes. Throws `media_refused` for what is no image and
 * no clip, `body_too_large`, `storage_full`, and `http_malformed` when the sender stops in the middle.
 */
export async function receiveUpload(body: Readable, folder: string): Promise<Upload> {
  const path = join(folder, randomUUID());
  const hash = createHash('sha256');
  let bytes = 0;
  async function* look(): AsyncGenerator<Buffer> {
    let head = Buffer.alloc(0);
    let most: number | undefined;
    // A refused body is not destroyed: its connection still has to carry the answer.
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      hash.update(chunk);
      if (most === undefined) {
        head = Buffer.concat([head, chunk]);
        if (head.length >= sniffedBytes) most = mostBytesOf(head);
      }
      if (bytes > (most ?? mediaLimits.clipBytes)) refuseTooLarge(most ?? mediaLimits.clipBytes);
      yield chunk;
    }
    if (most === undefined) mostBytesOf(head);
  }
  try {
    // Opened before anything can fail: what is opened after its removal would stay.
    const file = await open(path, 'wx', 0o600);
    await pipeline(look, file.createWriteStream());
  } catch (error) {
    await rm(path, { force: true });
    throw classify(error);
  }
  return { path, digest: hash.digest('hex'), bytes };
}

export function refuseTooLarge(most: number): never {
  throw new AppError('body_too_large', `The file is larger than ${most / 1e6} MB.`, {
    hint: `Images may have ${mediaLimits.imageBytes / 1e6} MB, clips ${mediaLimits.clipBytes / 1e6} MB.`,
  });
}

function mostBytesOf(head: Uint8Array): number {
  const mediaType = sniffMediaType(head);
  if (mediaType !== undefined) return mostBytes(mediaType);
  throw new AppError(
    'media_refused',
    head.length === 0 ? 'The body is empty.' : 'The file is neither an image nor a clip that is accepted.',
    { hint: 'Send a PNG, JPEG, WebP, MP4, WebM or QuickTime file.' },
  );
}

function classify(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('storage_full', 'The storage is full.', { cause: error });
  }
  if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') {
    return new AppError('http_malformed', 'The upload was cut off.', { cause: error });
  }
  return error;
}
