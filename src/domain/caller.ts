// Who asks, and what they may do. Proving it is the adapters' work; holding routes to it is the API's.

export const scopes = ['videos:read', 'videos:write', 'admin'] as const;
/** None includes another: whoever may write need not be able to read. */
export type Scope = (typeof scopes)[number];

export interface Caller {
  /** Whose jobs, files and keys these are. */
  userId: string;
  scopes: readonly Scope[];
  /** How they proved it: nothing asked on this machine, an access token, an API key. */
  via: 'local' | 'token' | 'api_key';
  /** The API key's or token's id, for the audit log; never the secret itself. */
  credentialId?: string;
  /** When their API key ends, where it does: what they make with it must not outlive it. */
  credentialEnds?: Date;
}

/** The one user where no login is asked for. */
export const localCaller: Caller = { userId: 'local', scopes, via: 'local' };
