// How often callers may ask: users by what they were let in as, and addresses by what they failed to prove, so that nobody
// tries out keys. Tells them in RateLimit headers; counts nothing itself, and remembers who failed here, to ask for no others.
import { isIPv6 } from 'node:net';

import type { FastifyReply } from 'fastify';

import { AppError } from '../domain/errors.ts';
import type { RateState } from '../ports/rate-limiter.ts';
import type { ApiDeps } from './deps.ts';
import { createRecentAddresses } from './recent-addresses.ts';

/** Whoever knows what they have to prove needs few. */
const failuresPerMinute = 100;

const minuteMs = 60_000;

type Limits = NonNullable<ApiDeps['requestLimits']>;

/** Counts one request of the user. Throws `rate_limited`, `database_unavailable`. */
export async function limitUser({ limiter, perMinute }: Limits, userId: string, reply: FastifyReply) {
  const state = await limiter.take(`user ${userId}`, perMinute);
  tell(reply, 'default', perMinute, state);
  if (!state.letIn) {
    throw refusal(reply, state, `You may ask ${perMinute} times a minute.`);
  }
}

/** Of one process. */
interface FailureLimit {
  /**
   * What `prove` resolves with. Throws what it throws, but `rate_limited` where too many `unauthenticated` of the address were
   * counted, this one too; without asking `prove`, once one failed at this process. Also `database_unavailable`.
   */
  prove<Proved>(ip: string, reply: FastifyReply, prove: () => Proved | Promise<Proved>): Promise<Proved>;
}

/** Addresses are counted for all instances together, and looked up for those only that failed here lately. */
export function createFailureLimit({ limiter }: Limits): FailureLimit {
  const failedHere = createRecentAddresses();

  function refuseBeyond(reply: FastifyReply, state: RateState): void {
    if (state.letIn) return;
    tell(reply, 'failed-logins', failuresPerMinute, state);
    throw refusal(reply, state, 'Too many requests from your address did not prove who asks.');
  }

  return {
    async prove(ip, reply, prove) {
      const address = `address ${networkOf(ip)}`;
      if (failedHere.has(address)) refuseBeyond(reply, await limiter.look(address, failuresPerMinute));
      try {
        return await prove();
      } catch (error) {
        if (error instanceof AppError && error.code === 'unauthenticated') {
          // Before it is counted, so that of many at once few are tried.
          failedHere.add(address, minuteMs);
          // Also beyond what is left: of many at once, none is for nothing.
          const state = await limiter.charge(address, failuresPerMinute);
          failedHere.add(address, Math.max(minuteMs, state.wholeInMs));
          refuseBeyond(reply, state);
          tell(reply, 'failed-logins', failuresPerMinute, state);
        }
        throw error;
      }
    },
  };
}

/** Fields of draft-ietf-httpapi-ratelimit-headers: quota and window, what remains of it and when all of it is back. */
function tell(reply: FastifyReply, policy: string, quota: number, { remaining, wholeInMs }: RateState): void {
  reply.headers({
    'ratelimit-policy': `"${policy}";q=${quota};w=60`,
    ratelimit: `"${policy}";r=${remaining};t=${Math.ceil(wholeInMs / 1000)}`,
  });
}

function refusal(reply: FastifyReply, { waitMs }: RateState, message: string): AppError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  reply.header('retry-after', seconds);
  return new AppError('rate_limited', message, {
    hint: `Ask again in ${seconds} s; the RateLimit headers of every answer say what is left.`,
  });
}

/** Whoever has one IPv6 address has all that begin with the same 64 bits. */
function networkOf(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!isIPv6(plain)) return plain;
  const canonical = URL.parse(`http://[${plain.split('%', 1)[0]}]`)!.hostname.slice(1, -1);
  const [head, tail] = canonical.split('::').map((half) => half.split(':').filter((group) => group !== ''));
  // "::" stands for as many groups of zeros as are missing.
  const zeros = Array<string>(tail === undefined ? 0 : 8 - head!.length - tail.length).fill('0');
  return [...head!, ...zeros, ...(tail ?? [])].slice(0, 4).join(':');
}
