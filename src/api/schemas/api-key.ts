// API keys, as the API takes and shows them. The secret is in the one answer that made it.
import { z } from 'zod';

import { type ApiKey, apiKeyLimits } from '../../domain/api-key.ts';
import { scopes } from '../../domain/caller.ts';
import type { ShownApiKey } from '../../ports/api-key-store.ts';
import {
  choice,
  countCharacters,
  faultOfText,
  numberBetween,
  plainText,
  strict,
  timestamp,
} from './field-types.ts';

const { nameChars, days, graceHours } = apiKeyLimits;

export const createApiKeySchema = strict({
  name: plainText('a name to know the key by')
    .superRefine((value, context) => {
      const refuse = (message: string) => void context.addIssue({ code: 'custom', message });
      const fault = faultOfText(value);
      if (fault !== undefined) refuse(fault);
      else if (value.trim() === '') refuse('is empty; say what the key is for');
      else if (countCharacters(value) > nameChars) refuse(`must have at most ${nameChars} characters`);
    })
    .meta({ minLength: 1, maxLength: nameChars, example: 'build server' })
    .describe('For yourself.'),
  scopes: z
    .array(choice(scopes), { error: `must be a list of: ${scopes.join(', ')}` })
    .min(1, `is empty; send a list of: ${scopes.join(', ')}`)
    .max(scopes.length, 'names a scope twice')
    .refine((list) => new Set(list).size === list.length, 'names a scope twice')
    .describe('What the key may do: never more than you may. None includes another.'),
  expires_in_days: numberBetween(1, days, { whole: true })
    .optional()
    .describe('Left out: it does not end. An API key that ends makes none that lives longer.'),
}).meta({ id: 'CreateApiKey' });

export const rotateApiKeySchema = strict({
  grace_hours: numberBetween(0, graceHours, { whole: true })
    .default(0)
    .describe('For how long the key before is still good; 0 = it ends now.'),
}).meta({ id: 'RotateApiKey' });

const fields = {
  key_id: z.string().meta({ example: '01933b2e-52b3-7c0c-9c50-6fb1a7d2c1de' }),
  name: z.string(),
  starts_with: z.string().describe('How the key begins.').meta({ example: 'aiprod_1f0c9a3e' }),
  scopes: z.array(z.enum(scopes)),
  created_at: timestamp,
  expires_at: timestamp.nullable().describe('Null: it does not end.'),
  last_used_at: timestamp.nullable().describe('To the minute.'),
  revoked_at: timestamp.nullable(),
  replaced_by: z.string().nullable().describe('The key that a rotation put in its place.'),
};

export const apiKeysSchema = z
  .object({ api_keys: z.array(z.object(fields).meta({ id: 'ApiKey' })) })
  .meta({ id: 'ApiKeys' });

export const shownApiKeySchema = z
  .object({ ...fields, key: z.string().describe('The key itself. Keep it now: it is not shown again.') })
  .meta({ id: 'ShownApiKey' });

export function toApiKeyView(apiKey: ApiKey): z.output<typeof apiKeysSchema>['api_keys'][number] {
  return {
    key_id: apiKey.keyId,
    name: apiKey.name,
    starts_with: `aiprod_${apiKey.prefix}`,
    scopes: apiKey.scopes,
    created_at: apiKey.createdAt.toISOString(),
    expires_at: apiKey.expiresAt?.toISOString() ?? null,
    last_used_at: apiKey.lastUsedAt?.toISOString() ?? null,
    revoked_at: apiKey.revokedAt?.toISOString() ?? null,
    replaced_by: apiKey.replacedBy,
  };
}

export function toShownApiKeyView({ key, apiKey }: ShownApiKey): z.output<typeof shownApiKeySchema> {
  return { ...toApiKeyView(apiKey), key };
}
