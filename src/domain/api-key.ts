// API keys as their owners see them. The secret itself is nowhere in here.
import type { Scope } from './caller.ts';

export const apiKeyLimits = {
  /** Valid ones. */
  perUser: 50,
  nameChars: 100,
  /** The longest life that can be asked for. */
  days: 3_650,
  /** For how long the key before may still be good after a rotation. */
  graceHours: 24,
} as const;

export interface ApiKey {
  keyId: string;
  userId: string;
  /** For people; empty when its maker gave none. */
  name: string;
  /** How the key begins, after `aiprod_`. */
  prefix: string;
  scopes: Scope[];
  createdAt: Date;
  expiresAt: Date | null;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
  /** The key that a rotation put in its place. */
  replacedBy: string | null;
}
