// Where wrapped data keys are kept. It never sees an unwrapped one.

export interface UserKey {
  userId: string;
  /** Never used twice, by no user, so that what a destroyed key sealed never meets another key of its number. */
  version: number;
  wrapped: Buffer;
  /** Which key-encryption key wrapped it. */
  kekId: string;
}

export interface UserKeys {
  /** The one for new data. */
  findCurrent(userId: string): Promise<UserKey | undefined>;
  find(userId: string, version: number): Promise<UserKey | undefined>;
  /** A version that nobody has had. */
  reserveVersion(): Promise<number>;
  /** Makes it the current key if the current one is `instead` (undefined = none); returns the current one, ours or another's. */
  add(key: UserKey, instead: number | undefined): Promise<UserKey>;
  /** Up to `limit` keys that another key-encryption key wrapped. */
  wrappedByOthers(kekId: string, limit: number): Promise<UserKey[]>;
  /** Up to `limit` current keys with versions up to `version`: older than it. */
  currentUpTo(version: number, limit: number): Promise<UserKey[]>;
  /** Replaces the wrapping, unless somebody replaced it since it was read. */
  rewrap(key: UserKey, by: { wrapped: Buffer; kekId: string }): Promise<void>;
  /** Ids of the key-encryption keys that wrapped any. */
  kekIds(): Promise<string[]>;
  /** Removes every key of the user and tells all processes. Absent is not an error. */
  remove(userId: string): Promise<void>;
  /**
   * Calls back with the user whose keys were removed, by whichever process, or with undefined when some may have been
   * missed. Until it has called back for the first time, nothing was heard.
   */
  onRemoved(forget: (userId: string | undefined) => void): void;
}
