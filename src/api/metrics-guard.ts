// Who may read /metrics where a login is asked for: this machine itself, or whoever has the token for it.
import { createHash, timingSafeEqual } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import { AppError } from '../domain/errors.ts';
import { isForwarded } from './forwarded.ts';

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Throws `unauthenticated`. */
export function refuseStrangers({ headers, socket }: FastifyRequest, token: string | undefined): void {
  if (!isForwarded(headers) && loopback.has(socket.remoteAddress ?? '')) return;
  const given = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined && given !== undefined && isSame(given, token)) return;
  throw new AppError('unauthenticated', 'The metrics are not for everybody.', {
    hint: 'Send the token of AIPROD_METRICS_TOKEN.',
  });
}

/** In a time that says nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(a!, b!);
}
