// What was done to users' data and to the system, by whom, from where and with what outcome. Append-only.

export interface AuditEntry {
  /** Such as `video.create` or `api_key.revoke`: `<thing>.<verb>`. */
  action: string;
  outcome: 'done' | 'refused' | 'failed';
  /** Null where nobody proved who they are. */
  actor: { userId: string; via: string; credentialId?: string } | null;
  /** Address of the caller; null for what the system does by itself. */
  from: string | null;
  requestId: string | null;
  /** Whose data it concerns, where that is somebody. */
  userId: string | null;
  /** Id of the thing, such as a job's. */
  target: string | null;
  /** Error code, changed field names and the like: never text that users wrote, never a secret. */
  facts: Record<string, string | number | boolean | null>;
}

export interface AuditLog {
  /** Resolves when the entry is durable. Throws `database_unavailable`. */
  record(entry: AuditEntry): Promise<void>;
}
