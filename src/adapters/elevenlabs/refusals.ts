// What ElevenLabs means when it says no: its words in the body, whatever the status, as our errors.
import { z } from 'zod';

import { AppError, type ErrorCode } from '../../domain/errors.ts';

/** `status` is the older word, `code` the newer; both are in use. */
const refusalSchema = z.object({
  detail: z.object({ status: z.string().optional(), code: z.string().optional() }),
});

interface Meaning {
  code: ErrorCode;
  says: string;
  hint: string;
}

const quota: Meaning = {
  code: 'provider_quota',
  says: 'says that the account has too few credits left for this',
  hint: 'Ask the operator to add credits to the ElevenLabs account, or retry after its next renewal.',
};
const key: Meaning = {
  code: 'provider_credentials',
  says: 'does not accept the key, or the key may not do this',
  hint: 'Ask the operator to check ELEVENLABS_API_KEY and its permissions.',
};
const account: Meaning = {
  code: 'provider_credentials',
  says: 'has blocked the account for unusual activity',
  hint: 'Ask the operator to look at the ElevenLabs account; free accounts are blocked behind shared addresses.',
};
const plan: Meaning = {
  code: 'provider_credentials',
  says: 'does not include this in the plan of the account',
  hint: 'Ask the operator to choose a plan that includes it, or voices that the plan includes.',
};
const busy: Meaning = {
  code: 'provider_busy',
  says: 'takes no more requests at the moment',
  hint: 'Retry later; AIPROD_ELEVENLABS_CONCURRENCY says how many requests are sent at once.',
};
const content: Meaning = {
  code: 'provider_refused',
  says: 'refuses the content',
  hint: 'Change the words that break the terms of ElevenLabs, or use another maker.',
};
const voice: Meaning = {
  code: 'provider_refused',
  says: 'does not have this voice',
  hint: 'Ask the operator to check AIPROD_ELEVENLABS_VOICES.',
};

const meanings = new Map<string, Meaning>([
  ['quota_exceeded', quota],
  ['insufficient_credits', quota],
  ['invalid_api_key', key],
  ['missing_api_key', key],
  ['needs_authorization', key],
  ['missing_permissions', key],
  ['detected_unusual_activity', account],
  ['detected_captcha_voice', account],
  ['payment_required', plan],
  ['paid_plan_required', plan],
  ['limited_access', plan],
  ['only_for_creator+', plan],
  ['too_many_concurrent_requests', busy],
  ['concurrent_limit_exceeded', busy],
  ['rate_limit_exceeded', busy],
  ['system_busy', busy],
  ['voice_not_found', voice],
  ['voice_does_not_exist', voice],
  ['bad_prompt', content],
  ['bad_composition_plan', content],
  ['content_against_policy', content],
  ['content_policy_violation', content],
  ['terms_of_service_violation', content],
  ['blocked_generation', content],
]);

/** Undefined = nothing that is known; the status has to say it. */
export function classify(_status: number, body: unknown): AppError | undefined {
  const parsed = refusalSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { status, code } = parsed.data.detail;
  const meaning = meanings.get(status ?? '') ?? meanings.get(code ?? '');
  return meaning && new AppError(meaning.code, `ElevenLabs ${meaning.says}.`, { hint: meaning.hint });
}
