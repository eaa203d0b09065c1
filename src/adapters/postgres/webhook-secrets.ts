// Secrets that sign messages: made here, kept sealed, in the form that Standard Webhooks gives them.
import { randomBytes } from 'node:crypto';

import type { Sealer } from '../../ports/sealer.ts';

const secretBytes = 32;
const contextOf = (endpointId: string) => `webhook_endpoints.secret/${endpointId}`;

/** A new secret, and its sealed form. Throws `encryption_key_unavailable`. */
export async function makeSecret(
  sealer: Sealer,
  userId: string,
  endpointId: string,
): Promise<{ secret: string; sealed: Buffer }> {
  const secret = `whsec_${randomBytes(secretBytes).toString('base64')}`;
  return { secret, sealed: await sealer.seal(userId, contextOf(endpointId), Buffer.from(secret)) };
}

/** `whsec_…`. Throws `encryption_key_unavailable`, `sealed_unreadable`. */
export async function openSecret(
  sealer: Sealer,
  userId: string,
  endpointId: string,
  sealed: Buffer,
): Promise<string> {
  return (await sealer.open(userId, contextOf(endpointId), sealed)).toString();
}
