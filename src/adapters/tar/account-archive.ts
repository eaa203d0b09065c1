// Writes an account as a tar archive, as fast as it is read: rows page by page, bytes as they come from the store. What
// begins is finished whole: bytes that are gone are named in missing.json, and never leave a broken archive.
import { Readable } from 'node:stream';
import { setImmediate as afterOthers } from 'node:timers/promises';

import { createTarPacker } from 'modern-tar';

import { AppError, toAppError } from '../../domain/errors.ts';
import type { UserMediaType } from '../../domain/user-media.ts';
import type {
  AccountArchive,
  AccountReader,
  AccountSnapshot,
  JsonObjects,
} from '../../ports/account-archive.ts';
import type { BlobStore } from '../../ports/blob-store.ts';

interface ArchiveDeps {
  reader: AccountReader;
  blobStore: Pick<BlobStore, 'read'>;
  /** After this long no more bytes are begun, so that the database's snapshot ends some time. */
  longestMs?: number;
  /** After this long it is cut off: whoever reads a little now and then would keep the snapshot, and all that it holds up. */
  wholeMs?: number;
}

interface Missing {
  name: string;
  digest: string;
  /** An error code, or `took_too_long`. */
  reason: string;
  /** Of the file in the archive: from here on it is zeros. Left out: the file is not in it. */
  wholeUntilByte?: number;
}

const formatName = 'aiprod-account-1';
const usualLongestMs = 2 * 3_600_000;
const usualWholeMs = 3 * 3_600_000;
const zeros = new Uint8Array(1 << 16);
const encoder = new TextEncoder();
const extensions: Record<UserMediaType, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'video/quicktime': 'mov',
};

export function createAccountArchive({
  reader,
  blobStore,
  longestMs = usualLongestMs,
  wholeMs = usualWholeMs,
}: ArchiveDeps): AccountArchive {
  return {
    async open(userId) {
      const snapshot = await reader.open(userId);
      const { readable, controller } = createTarPacker();
      const stream = Readable.fromWeb(readable as never);
      // It may fail before anybody reads it; whoever does then is told all the same.
      stream.on('error', () => {});
      const late = setTimeout(() => stream.destroy(readTooSlowly()), wholeMs).unref();
      stream.once('close', () => clearTimeout(late));
      const entries = writeEntries(controller, snapshot.at);
      void writeAccount(userId, snapshot, entries, { blobStore, endAt: Date.now() + longestMs })
        .finally(snapshot.close)
        .then(controller.finalize, controller.error);
      return { stream, isEmpty: Object.values(snapshot.counts).every((count) => count === 0) };
    },
  };
}

function readTooSlowly(): AppError {
  return new AppError('step_timed_out', 'The archive was read too slowly.', {
    hint: 'Fetch it again over a faster connection.',
  });
}

type Entries = ReturnType<typeof writeEntries>;

function writeEntries({ add }: ReturnType<typeof createTarPacker>['controller'], mtime: Date) {
  /** `parts` give as many bytes as `size` says. */
  async function entry(
    name: string,
    size: number,
    parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  ): Promise<void> {
    const body = add({ name, size, mtime, mode: 0o600 }).getWriter();
    for await (const part of parts) await body.write(part);
    await body.close();
    // An archive of many small rows would keep everybody else waiting.
    await afterOthers();
  }

  return {
    entry,
    json(name: string, value: unknown): Promise<void> {
      const bytes = encoder.encode(`${JSON.stringify(value, null, 2)}\n`);
      return entry(name, bytes.length, [bytes]);
    },
    /** One object a line, for `.ndjson`; for `.json` also the marks of an array. */
    objects(name: string, { count, bytes, texts }: JsonObjects): Promise<void> {
      const [before, between, after] = name.endsWith('.ndjson') ? ['', '\n', '\n'] : ['[\n', ',\n', '\n]\n'];
      async function* parts() {
        let first = true;
        for await (const text of texts()) {
          yield encoder.encode(`${first ? before : between}${text}`);
          first = false;
        }
        yield encoder.encode(first ? `${before}${after}` : after);
      }
      const size = bytes + before.length + Math.max(count - 1, 0) * between.length + after.length;
      return entry(name, size, parts());
    },
  };
}

async function writeAccount(
  userId: string,
  snapshot: AccountSnapshot,
  entries: Entries,
  { blobStore, endAt }: { blobStore: ArchiveDeps['blobStore']; endAt: number },
): Promise<void> {
  const missing: Missing[] = [];

  async function bytes(
    name: string,
    { digest, bytes: size }: { digest: string; bytes: number },
  ): Promise<void> {
    if (Date.now() > endAt) return void missing.push({ name, digest, reason: 'took_too_long' });
    let source: AsyncIterator<Uint8Array>;
    let first: IteratorResult<Uint8Array>;
    try {
      source = (await blobStore.read(userId, digest))[Symbol.asyncIterator]();
      // What is gone may show only now; then there is no entry yet.
      first = await source.next();
    } catch (error) {
      return void missing.push({ name, digest, reason: toAppError(error).code });
    }
    const note = (wholeUntilByte: number, error?: unknown) =>
      missing.push({
        name,
        digest,
        reason: error === undefined ? 'other_size' : toAppError(error).code,
        wholeUntilByte,
      });
    try {
      await entries.entry(name, size, exactly(size, source, first, note));
    } finally {
      await source.return?.();
    }
  }

  const { at, counts, leftOut } = snapshot;
  await entries.json('account.json', {
    format: formatName,
    user_id: userId,
    exported_at: at.toISOString(),
    counts,
    left_out: leftOut,
  });
  await entries.objects('api_keys.json', await snapshot.list('api_keys'));
  await entries.objects('webhooks.json', await snapshot.list('webhooks'));
  await entries.objects('webhook_deliveries.ndjson', await snapshot.list('webhook_deliveries'));
  await entries.objects('receipts.json', await snapshot.list('receipts'));
  await entries.objects('video_minutes.json', await snapshot.list('video_minutes'));
  await entries.objects('audit.ndjson', await snapshot.list('audit'));
  await entries.objects('assets/assets.json', await snapshot.list('assets'));
  for await (const { jobId, record, files, events, steps } of snapshot.jobs()) {
    const folder = `jobs/${jobId}`;
    await entries.json(`${folder}/job.json`, record);
    await entries.objects(`${folder}/events.ndjson`, events);
    await entries.objects(`${folder}/steps.json`, steps);
    for (const [name, file] of Object.entries(files)) await bytes(`${folder}/files/${name}`, file);
  }
  for await (const asset of snapshot.assets()) {
    await bytes(`assets/${asset.assetId}.${extensions[asset.mediaType as UserMediaType]}`, asset);
  }
  await entries.json(
    'missing.json',
    missing.map(({ wholeUntilByte, ...rest }) => ({
      ...rest,
      ...(wholeUntilByte !== undefined && { whole_until_byte: wholeUntilByte }),
    })),
  );
}

/** The header has promised `size` bytes: what the source does not give is zeros, what it gives beyond is left out. */
async function* exactly(
  size: number,
  source: AsyncIterator<Uint8Array>,
  first: IteratorResult<Uint8Array>,
  note: (wholeUntilByte: number, error?: unknown) => void,
): AsyncGenerator<Uint8Array> {
  let given = 0;
  let next = first;
  try {
    while (!next.done) {
      if (given + next.value.length > size) {
        const rest = next.value.subarray(0, size - given);
        given = size;
        note(size);
        return yield rest;
      }
      given += next.value.length;
      yield next.value;
      next = await source.next();
    }
    if (given < size) note(given);
  } catch (error) {
    note(given, error);
  }
  while (given < size) {
    const part = zeros.subarray(0, Math.min(zeros.length, size - given));
    given += part.length;
    yield part;
  }
}
