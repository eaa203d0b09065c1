// What was done to users' data and to the system, by whom, from where and with what outcome. Append-only.

/** Everything that is written down, as `<thing>.<verb>`; docs/operations/audit.md says what each is. */
export type AuditAction =
  | 'account.erase'
  | 'account.export'
  | 'api.request'
  | 'api_key.create'
  | 'api_key.revoke'
  | 'api_key.rotate'
  | 'asset.create'
  | 'asset.delete'
  | 'dead_letter.dismiss'
  | 'dead_letter.list'
  | 'dead_letter.redrive'
  | 'encryption.rotate'
  | 'retention.purge'
  | 'system.start'
  | 'user.erase'
  | 'user.export'
  | 'user.readmit'
  | 'video.approve'
  | 'video.cancel'
  | 'video.create'
  | 'video.delete'
  | 'video.retry'
  | 'video.revise'
  | 'webhook.change'
  | 'webhook.create'
  | 'webhook.delete'
  | 'webhook.read_secret'
  | 'webhook.redeliver'
  | 'webhook.rotate_secret'
  | 'webhook.test';

export interface AuditEntry {
  action: AuditAction;
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

/** What the system did by itself, asked by nobody, to nobody's data in particular. */
export const bySystem = (action: AuditAction, facts: AuditEntry['facts']): AuditEntry => ({
  action,
  outcome: 'done',
  actor: null,
  from: null,
  requestId: null,
  userId: null,
  target: null,
  facts,
});
