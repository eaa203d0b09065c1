// Copies of blobs on this machine's disk, so that a worker does not fetch what it has just stored. A copy is lent as a
// hard link in the borrower's folder: forgetting the copy here takes nothing from anybody who works with it.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** One blob: whose, and which. */
export interface CopyKey {
  /** Hash of the user's id. */
  owner: string;
  digest: string;
}

export interface LocalCopies {
  /** Moves the file, whose bytes have this digest, to the copies; left where it is when it is too large. */
  adopt(key: CopyKey, path: string): Promise<void>;
  /** Like `adopt`, and the file stays. */
  share(key: CopyKey, path: string): Promise<void>;
  /** Makes a copy appear at `path`; false when there is none. */
  lend(key: CopyKey, path: string): Promise<boolean>;
  forget(key: CopyKey): Promise<void>;
  /** Every copy of this owner's. */
  forgetAll(owner: string): Promise<void>;
  /** Keeps what was used within a day and fits, the latest used first. */
  trim(): Promise<void>;
}

const staleAfterMs = 24 * 3_600_000;
/** Other processes add copies too: the folder is looked at after this part of its size was added. */
const looksPerCapacity = 8;

/** `folder` must lie on one file system with the files that are adopted and lent; else nothing is kept. */
export function createLocalCopies({ folder, capBytes }: { folder: string; capBytes: number }): LocalCopies {
  /** Copies that this process wrote or compared; those of earlier ones may have suffered a power cut. */
  const trusted = new Set<string>();
  let addedBytes = 0;
  let trimming: Promise<void> | undefined;

  const pathOf = ({ owner, digest }: CopyKey) => join(folder, owner, digest);

  async function add(
    key: CopyKey,
    path: string,
    put: (from: string, to: string) => Promise<void>,
  ): Promise<void> {
    const { size } = await stat(path);
    if (size > capBytes) return;
    const copy = pathOf(key);
    await mkdir(dirname(copy), { recursive: true, mode: 0o700 });
    try {
      await put(path, copy);
    } catch (error) {
      if (!keepsNothing.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return;
    }
    trusted.add(copy);
    addedBytes += size;
    if (addedBytes > capBytes / looksPerCapacity) await trim();
  }

  function trim(): Promise<void> {
    trimming ??= removeUnused().finally(() => {
      trimming = undefined;
    });
    return trimming;
  }

  async function removeUnused(): Promise<void> {
    addedBytes = 0;
    const copies = await listCopies(folder);
    copies.sort((a, b) => b.usedMs - a.usedMs);
    let keptBytes = 0;
    for (const { path, size, usedMs } of copies) {
      keptBytes += size;
      if (keptBytes <= capBytes && Date.now() - usedMs < staleAfterMs) continue;
      keptBytes -= size;
      trusted.delete(path);
      await rm(path, { force: true });
    }
  }

  return {
    adopt: (key, path) => add(key, path, rename),
    share: (key, path) => add(key, path, link),

    async lend(key, path) {
      const copy = pathOf(key);
      try {
        await link(copy, path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
        throw error;
      }
      if (!trusted.has(copy) && (await digestOf(path)) !== key.digest) {
        await rm(path);
        await rm(copy, { force: true });
        return false;
      }
      trusted.add(copy);
      const now = new Date();
      await utimes(path, now, now);
      return true;
    },

    async forget(key) {
      trusted.delete(pathOf(key));
      await rm(pathOf(key), { force: true });
    },

    async forgetAll(owner) {
      const own = join(folder, owner);
      for (const copy of trusted) if (dirname(copy) === own) trusted.delete(copy);
      await rm(own, { recursive: true, force: true, maxRetries: 5 });
    },

    trim,
  };
}

/** There is a copy already; or these are two file systems, or one that has no links. */
const keepsNothing = new Set(['EEXIST', 'EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK']);

async function listCopies(folder: string): Promise<{ path: string; size: number; usedMs: number }[]> {
  const found: { path: string; size: number; usedMs: number }[] = [];
  for (const owner of await readdir(folder).catch(noneIfAbsent)) {
    for (const name of await readdir(join(folder, owner)).catch(noneIfAbsent)) {
      const path = join(folder, owner, name);
      for (const { size, mtimeMs } of await stat(path).then((facts) => [facts], noneIfAbsent))
        found.push({ path, size, usedMs: mtimeMs });
    }
  }
  return found;
}

function noneIfAbsent(error: unknown): never[] {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
  throw error;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
