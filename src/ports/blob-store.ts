// Bytes by digest, per user, create-only. Nothing is ever overwritten; what is readable is whole.
import type { Readable } from 'node:stream';

export interface BlobRef {
  /** SHA-256, lower-case hex. */
  digest: string;
  bytes: number;
  media_type: string;
}

export interface BlobStore {
  /**
   * Stores the file's bytes; durable when it resolves. Storing the same bytes again is not an error. The source file
   * may be moved away. Throws `storage_full`, `storage_unavailable`.
   */
  putFile(userId: string, path: string, mediaType: string): Promise<BlobRef>;
  putBytes(userId: string, bytes: Uint8Array, mediaType: string): Promise<BlobRef>;
  has(userId: string, digest: string): Promise<boolean>;
  /** Bytes `start`..`end` (inclusive, like HTTP) or all. Throws `blob_missing`. */
  read(userId: string, digest: string, range?: { start: number; end: number }): Promise<Readable>;
  /** A local file with the bytes, to be read only, valid while the job runs. Throws `blob_missing`. */
  localPath(userId: string, digest: string): Promise<string>;
  /** Absent is not an error. */
  remove(userId: string, digest: string): Promise<void>;
  /** Resolves when bytes can be stored and read; throws `storage_unavailable` | `storage_full`. */
  ping(): Promise<void>;
  /** Removes half-written files that a killed process of this machine left. Returns how many. */
  removeLeftovers(): Promise<number>;
}
