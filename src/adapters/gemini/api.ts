// The Gemini API's words: addresses, the shape of generated content, what a refusal means. It asks nothing by itself.
import { z } from 'zod';

import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';

export interface GeminiAccess {
  client: ProviderClient;
  /** Such as `https://generativelanguage.googleapis.com`. */
  baseUrl: URL;
  apiKey: string;
}

const count = z.number().int().nonnegative().default(0);

const generatedSchema = z.object({
  candidates: z
    .array(
      z.object({
        content: z
          .object({
            parts: z
              .array(
                z.object({
                  text: z.string().optional(),
                  thought: z.boolean().optional(),
                  inlineData: z.object({ mimeType: z.string(), data: z.string() }).optional(),
                }),
              )
              .default([]),
          })
          .optional(),
        finishReason: z.string().optional(),
      }),
    )
    .default([]),
  promptFeedback: z.object({ blockReason: z.string().optional() }).optional(),
  usageMetadata: z
    .object({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count })
    .optional(),
});
export type Generated = z.infer<typeof generatedSchema>;
export type GeneratedPart = NonNullable<Generated['candidates'][number]['content']>['parts'][number];

const refusalSchema = z.object({
  error: z.object({
    status: z.string().default(''),
    message: z.string().default(''),
    details: z
      .array(
        z.object({
          reason: z.string().optional(),
          retryDelay: z.string().optional(),
          violations: z
            .array(z.object({ quotaId: z.string().optional(), quotaValue: z.string().optional() }))
            .optional(),
        }),
      )
      .default([]),
  }),
});

export function pathIn(baseUrl: URL, path: string): URL {
  return new URL(`${baseUrl.href.replace(/\/+$/, '')}/v1beta/${path}`);
}

/**
 * One `generateContent`, paid. Whatever comes back with 200 is an answer that may be billed, so it is only read here, not
 * judged. Throws as ProviderClient.call.
 */
export function generate(
  { client, baseUrl, apiKey }: GeminiAccess,
  request: { model: string; body: unknown; deadlineMs: number; mostBytes: number; signal: AbortSignal },
): Promise<Generated> {
  const { model, body, ...limits } = request;
  return client.call({
    method: 'POST',
    url: pathIn(baseUrl, `models/${model}:generateContent`),
    headers: { 'x-goog-api-key': apiKey },
    json: body,
    paid: true,
    ...limits,
    read: { as: 'json', parse: (answer) => generatedSchema.parse(answer) },
    classify: classifyRefusal,
  });
}

/** The generation as it was kept by an earlier attempt. */
export function readGenerated(text: string): Generated {
  return generatedSchema.parse(JSON.parse(text));
}

const refusedFinishes = new Set([
  'SAFETY',
  'PROHIBITED_CONTENT',
  'BLOCKLIST',
  'SPII',
  'RECITATION',
  'IMAGE_SAFETY',
  'IMAGE_PROHIBITED_CONTENT',
  'IMAGE_RECITATION',
]);

/** What was generated, thoughts left out. Throws `provider_refused` for what was blocked, `provider_answer_invalid`. */
export function partsOf({ candidates, promptFeedback }: Generated): GeneratedPart[] {
  const { blockReason } = promptFeedback ?? {};
  if (blockReason !== undefined)
    throw refused(`Gemini refused the words of this scene or script (${word(blockReason)}).`);
  const [candidate] = candidates;
  if (candidate === undefined) throw invalid('Gemini answered with nothing.');
  const { content, finishReason = 'STOP' } = candidate;
  if (refusedFinishes.has(finishReason))
    throw refused(`Gemini stopped at its own filter (${word(finishReason)}).`);
  if (finishReason === 'MAX_TOKENS') throw invalid('Gemini ran out of room in the middle of its answer.');
  if (finishReason !== 'STOP') throw invalid(`Gemini stopped early (${word(finishReason)}).`);
  return (content?.parts ?? []).filter(({ thought }) => !thought);
}

/** What Google means by a status other than 2xx; undefined = what the status says. */
export function classifyRefusal(status: number, body: unknown): AppError | undefined {
  const parsed = refusalSchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { status: name, message, details } = parsed.data.error;
  const reasons = details.map(({ reason }) => reason);
  const isAboutKey = reasons.includes('API_KEY_INVALID') || /api key/i.test(message);
  if (status === 401 || status === 403 || (status === 400 && isAboutKey)) {
    return said(
      'provider_credentials',
      'Gemini does not accept the key.',
      'Ask the operator to check GEMINI_API_KEY.',
    );
  }
  if (status === 400 && name === 'FAILED_PRECONDITION') {
    return said(
      'provider_credentials',
      'Gemini does not serve this account from here.',
      'Ask the operator to look at billing and region of the Gemini account.',
    );
  }
  if (status === 404) {
    return said(
      'provider_refused',
      'Gemini does not know what it was asked for, such as a model that was retired.',
      'Ask the operator to set AIPROD_GEMINI_TEXT_MODEL, AIPROD_GEMINI_IMAGE_MODEL or AIPROD_VEO_MODEL to a model that Google still offers.',
    );
  }
  if (status === 429) return tooMany(message, details);
  // Google's own word, not a gateway's: it failed, and failed requests are not billed.
  if (status === 504 && name === 'DEADLINE_EXCEEDED')
    return said('provider_unavailable', 'Gemini did not finish in time.');
  return undefined;
}

function tooMany(message: string, details: z.infer<typeof refusalSchema>['error']['details']): AppError {
  const violations = details.flatMap((detail) => detail.violations ?? []);
  const usedUp =
    violations.some(({ quotaId, quotaValue }) => /PerDay/.test(quotaId ?? '') || quotaValue === '0') ||
    /depleted|spend(ing)? (cap|limit)/i.test(message);
  if (usedUp) {
    return said(
      'provider_quota',
      'The Gemini account is used up for today.',
      'Retry tomorrow, or ask the operator to raise the quota.',
    );
  }
  const delays = details.flatMap(({ retryDelay }) => /^([\d.]+)s$/.exec(retryDelay ?? '')?.slice(1) ?? []);
  return new AppError('provider_busy', 'Gemini takes no more requests at the moment.', {
    ...(delays.length > 0 && { cause: { retryAfterMs: Math.max(...delays.map(Number)) * 1000 } }),
  });
}

export function invalid(message: string, cause?: unknown): AppError {
  return new AppError('provider_answer_invalid', message, { provider: 'gemini', cause });
}

export function refused(message: string): AppError {
  return new AppError('provider_refused', message, {
    provider: 'gemini',
    hint: 'Say it in other words, or bring a picture of your own.',
  });
}

function said(code: ErrorCode, message: string, hint?: string): AppError {
  return new AppError(code, message, hint === undefined ? {} : { hint });
}

/** A name of the API's; anything else is not shown. */
function word(name: string): string {
  return /^[A-Z_]{1,40}$/.test(name) ? name : 'OTHER';
}
