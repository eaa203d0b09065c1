// A user's API keys. Every call names the user; somebody else's keys are as good as absent.
import type { ApiKey } from '../domain/api-key.ts';
import type { Scope } from '../domain/caller.ts';

export interface NewApiKey {
  userId: string;
  name: string;
  scopes: Scope[];
  /** Left out: the key does not expire. */
  expiresInDays?: number;
  /** No key may be made that lives longer. Left out: no limit. */
  notAfter?: Date;
}

/** `key` is the secret, which cannot be had again. */
export interface ShownApiKey {
  key: string;
  apiKey: ApiKey;
}

export interface ApiKeyStore {
  /** Throws `forbidden` for one that would live longer than `notAfter`, `limit_reached`. */
  create(wanted: NewApiKey): Promise<ShownApiKey>;
  /** Newest first; valid ones and those of the last 30 days. */
  list(userId: string): Promise<ApiKey[]>;
  /**
   * Puts a new key with the same name, scopes and end in the place of one, which is good for `graceHours` more. Throws
   * `not_found` for one that is not valid (any more), `state_conflict` for one that was replaced, `forbidden` when its scopes
   * are not all in `scopes` or it lives longer than `notAfter`, `limit_reached`.
   */
  rotate(
    userId: string,
    keyId: string,
    by: { graceHours: number; scopes: readonly Scope[]; notAfter?: Date },
  ): Promise<ShownApiKey>;
  /** Throws `not_found` for a key that does not exist or is revoked already. */
  revoke(userId: string, keyId: string): Promise<void>;
}
