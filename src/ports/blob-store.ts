// Bytes by digest, per user, create-only. Nothing is ever overwritten; what is readable is whole.
import type { Readable } from 'node:stream';

export interface BlobRef {
  /** SHA-256, lower-case hex. */
  digest: string;
  bytes: number;
  media_type: string;
}

/** What the answer at a signed URL says of itself. */
export interface SignedFile {
  /** Letters, digits, `.`, `-` and `_`. */
  fileName: string;
  mediaType: string;
  expiresMs: number;
}

/** What spares a store work with a file that it is given. */
export interface KnownFile {
  /** The file's, just taken by the caller: it may be believed. */
  digest: string;
  /** Where `localPath` will be asked for the same bytes: they may be left there, beside being stored. */
  folder?: string;
}

export interface BlobStore {
  /**
   * Stores the file's bytes; durable when it resolves. Storing the same bytes again is not an error. The source file
   * may be moved away. Throws `storage_full`, `storage_unavailable`.
   */
  putFile(userId: string, path: string, mediaType: string, known?: KnownFile): Promise<BlobRef>;
  has(userId: string, digest: string): Promise<boolean>;
  /** Bytes `start`..`end` (inclusive, like HTTP) or all. Throws `blob_missing`. */
  read(userId: string, digest: string, range?: { start: number; end: number }): Promise<Readable>;
  /**
   * A local file with the bytes, to be read only, valid as long as `folder` is there: a store whose bytes lie elsewhere
   * puts it into that folder, which is the caller's own. Throws `blob_missing`, `storage_full`, `storage_unavailable`.
   */
  localPath(userId: string, digest: string, folder: string): Promise<string>;
  /**
   * Only of stores that can let others fetch bytes: a URL that reads this one blob, for whoever has it, until
   * `expiresMs` from now (15 minutes at most). Undefined = these bytes have to be read here, for they lie sealed. It does not
   * look whether the blob exists. Throws `storage_unavailable`.
   */
  signedUrl?(userId: string, digest: string, as: SignedFile): Promise<string | undefined>;
  /** Absent is not an error. */
  remove(userId: string, digest: string): Promise<void>;
  /**
   * Removes every byte of the user, also what no row names, and this machine's copies. What is being stored meanwhile may
   * stay or fail. None is not an error. Throws `storage_unavailable`, or what `signal` is aborted with, which stores that need
   * many requests look at between them; then some may be gone.
   */
  removeAll(userId: string, signal?: AbortSignal): Promise<void>;
  /** Resolves when bytes can be stored and read; throws `storage_unavailable` | `storage_full`. */
  ping(): Promise<void>;
  /** Removes half-written files that a killed process of this machine left. Returns how many. */
  removeLeftovers(): Promise<number>;
}

/** A store that also takes bytes whose name is not their own digest, such as sealed ones; it cannot check these. */
export interface NamedBytesStore extends BlobStore {
  /**
   * Stores the file that `write` makes at the path it is given, under this name; durable when it resolves. The first
   * under a name wins, and what it stored stays. Throws what `write` throws, `storage_full`, `storage_unavailable`.
   */
  putNamed(
    userId: string,
    digest: string,
    write: (path: string) => Promise<void>,
    mediaType: string,
  ): Promise<void>;
  /** What lies under the name, as it was stored; `read` takes inclusive ranges. Throws `blob_missing`. */
  openNamed(
    userId: string,
    digest: string,
  ): Promise<{ bytes: number; read(range: { start: number; end: number }): Promise<Readable> }>;
}
