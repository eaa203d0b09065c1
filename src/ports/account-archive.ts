// All that is kept of one user, for that user: as it was at one moment, in plain words and bytes.
import type { Readable } from 'node:stream';

import type { JobFiles } from '../domain/job.ts';

/** Objects of JSON, each a text of its own, in an order that stays. */
export interface JsonObjects {
  count: number;
  /** UTF-8 bytes of all texts together, without anything between them. */
  bytes: number;
  texts(): AsyncIterable<string>;
}

export interface AccountJob {
  jobId: string;
  /** The row as it is, in wire form. */
  record: Record<string, unknown>;
  files: JobFiles;
  events: JsonObjects;
  steps: JsonObjects;
}

export interface AccountAsset {
  assetId: string;
  digest: string;
  bytes: number;
  mediaType: string;
}

/** Names of the lists of an account besides its jobs. */
export type AccountList =
  | 'api_keys'
  | 'assets'
  | 'audit'
  | 'receipts'
  | 'video_minutes'
  | 'webhook_deliveries'
  | 'webhooks';

/** Read one thing after the other: there is one connection. To be closed. */
export interface AccountSnapshot {
  at: Date;
  /** Rows of each exported table. */
  counts: Record<string, number>;
  /** Tables with rows of users that are not exported, and why. */
  leftOut: Record<string, string>;
  list(name: AccountList): Promise<JsonObjects>;
  jobs(): AsyncIterable<AccountJob>;
  assets(): AsyncIterable<AccountAsset>;
  close(): Promise<void>;
}

export interface AccountReader {
  /** Throws `limit_reached` while the user is being exported already, `rate_limited`, `database_unavailable`. */
  open(userId: string): Promise<AccountSnapshot>;
}

export interface AccountArchive {
  /**
   * A tar archive, made while it is read. It fails when rows cannot be read any more; bytes that are gone are named in its
   * `missing.json`. Must be read or destroyed. `isEmpty`: nothing is kept of this user. Throws what `AccountReader.open` throws.
   */
  open(userId: string): Promise<{ stream: Readable; isEmpty: boolean }>;
}
