// Whether ElevenLabs accepts the key, and what the account has left. Costs nothing.
import { z } from 'zod';

import { AppError } from '../../domain/errors.ts';
import type { Checkup } from '../../ports/checkup.ts';
import type { AccountDeps } from './account.ts';
import { classify } from './refusals.ts';

const userSchema = z.object({
  subscription: z.object({
    tier: z.string(),
    character_count: z.number(),
    character_limit: z.number(),
  }),
});

export function createElevenlabsCheckup({
  client,
  baseUrl,
  apiKey,
}: Pick<AccountDeps, 'client' | 'baseUrl' | 'apiKey'>): Checkup {
  return {
    name: 'elevenlabs',
    async check(signal) {
      const { subscription } = await client.call({
        method: 'GET',
        url: new URL('/v1/user', baseUrl),
        headers: { 'xi-api-key': apiKey },
        paid: false,
        deadlineMs: 10_000,
        mostBytes: 100_000,
        signal,
        read: { as: 'json', parse: (body) => userSchema.parse(body) },
        classify,
      });
      const { tier, character_count: used, character_limit: most } = subscription;
      if (used < most) return `plan ${tier}, ${most - used} of ${most} credits left`;
      throw new AppError('provider_quota', `All ${most} credits of the plan are used.`, {
        hint: 'Add credits to the ElevenLabs account.',
      });
    },
  };
}
