// Encryption of what users gave us: AES-256-GCM under a data key of their own, so that destroying the key makes all of
// it unreadable, wherever copies lie.
import type { Readable } from 'node:stream';

export interface Sealer {
  /**
   * Encrypts for this user. `context` says what it is and where it belongs (such as `jobs.request/<job_id>`), is not
   * secret, and must be the same for opening: moved elsewhere, it does not open. Throws `encryption_key_unavailable`.
   */
  seal(userId: string, context: string, plain: Uint8Array): Promise<Buffer>;
  /** Throws `sealed_unreadable` for what was changed, moved or made for another user, `encryption_key_unavailable`. */
  open(userId: string, context: string, sealed: Uint8Array): Promise<Buffer>;
}

/** The same for bytes of any length, that can be read from the middle. */
export interface StreamSealer {
  /** Whether bytes that begin so were sealed; as many as there are, at least `headerBytes` if there are. */
  isSealed(beginning: Uint8Array): boolean;
  headerBytes: number;
  /** A piece of `plain` is used up before the next but one is asked for; nothing is asked for before the stream is read. */
  seal(userId: string, context: string, plain: AsyncIterable<Buffer>): Promise<Readable>;
  /** Reads what is needed of the sealed bytes through `read` (inclusive range). The stream fails with `sealed_unreadable`. */
  open(
    userId: string,
    context: string,
    sealed: { bytes: number; read(range: { start: number; end: number }): Promise<Readable> },
    range?: { start: number; end: number },
  ): Promise<Readable>;
}

/** Wraps data keys; the key itself never leaves it. */
export interface KeyEncryptionKey {
  /** Which key (and version, where it has any) wraps now, as far as is known. */
  id(): string;
  /** Whether it can unwrap what the key of this id wrapped. */
  knows(id: string): boolean;
  /** `kekId` is stored beside what it wrapped. Throws `encryption_key_unavailable`. */
  wrap(dataKey: Uint8Array, context: string): Promise<{ wrapped: Buffer; kekId: string }>;
  /** `id` is the one that was stored. Throws `encryption_key_unavailable`, `sealed_unreadable`. */
  unwrap(wrapped: Uint8Array, context: string, id: string): Promise<Buffer>;
}
