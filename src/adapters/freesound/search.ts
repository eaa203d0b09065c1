// Looks for sounds at Freesound: what is asked for each kind, under which licences, and how often a day. What was found is
// remembered for a day, for requests are few there.
import { z } from 'zod';

import { AppError } from '../../domain/errors.ts';
import type { EffectKind } from '../../domain/storyboard.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { RequestBudget } from '../../ports/request-budget.ts';
import { type FreesoundLicence, type LicenceFound, readLicence } from './licences.ts';

export interface SearchDeps {
  client: ProviderClient;
  /** Such as `https://freesound.org`. */
  baseUrl: URL;
  apiKey: string;
  /** Sounds under others are never taken. */
  licences: readonly FreesoundLicence[];
  budget: RequestBudget;
  /** Requests per day, of all who share the budget. */
  dailyRequests: number;
  clock: Clock;
  /** Longest time of one request; undefined = what each kind usually needs. */
  deadlineMs?: number;
}

export interface FoundSound {
  id: number;
  title: string;
  author: string;
  licence: LicenceFound;
  previewUrl: string;
}

/** Hits are short; longer sounds are beds. */
export const longestHitMs = 4_000;
const usualDeadlineMs = 20_000;
const mostBytes = 2_000_000;
const pageSize = 30;
const rememberMs = 86_400_000;

/** Few words: all of them have to be in the title, tags or description of a sound. */
const words: Record<EffectKind, string> = {
  whoosh: 'whoosh',
  impact: 'cinematic impact',
  riser: 'riser',
  rain: 'rain',
  thunder: 'thunder',
  wind: 'wind',
  waves: 'ocean waves',
  fire: 'campfire',
  birds: 'birds forest',
  city: 'city ambience',
  crowd: 'crowd',
  heartbeat: 'heartbeat',
  clock: 'clock ticking',
  chime: 'chime',
  click: 'button click',
  typing: 'keyboard typing',
  sparkle: 'sparkle',
  footsteps: 'footsteps',
  engine: 'car engine',
  applause: 'applause',
  drone: 'dark drone',
};

const answerSchema = z.object({
  results: z.array(
    z.object({
      id: z.number().int().positive(),
      name: z.string(),
      username: z.string(),
      license: z.string(),
      duration: z.number().nonnegative(),
      previews: z.object({
        'preview-hq-mp3': z.string().optional(),
        'preview-hq-ogg': z.string().optional(),
      }),
    }),
  ),
});

export type Search = (
  wanted: { kind: EffectKind; durationMs: number },
  signal: AbortSignal,
) => Promise<FoundSound[]>;

/** The search finds best ones first. Throws as ProviderClient.call, and `provider_quota` when the day's requests are made. */
export function createSearch(deps: SearchDeps): Search {
  const remembered = new Map<string, { at: number; found: Promise<FoundSound[]> }>();
  return async ({ kind, durationMs }, signal) => {
    const url = addressOf(deps, kind, durationMs);
    const now = deps.clock.now().getTime();
    let known = remembered.get(url.href);
    if (known === undefined || now - known.at > rememberMs) {
      known = { at: now, found: ask(deps, url) };
      remembered.set(url.href, known);
      known.found.catch(() => remembered.delete(url.href));
    }
    return untilStopped(known.found, signal);
  };
}

function addressOf({ baseUrl, licences }: SearchDeps, kind: EffectKind, durationMs: number): URL {
  const url = new URL(`${baseUrl.href.replace(/\/+$/, '')}/apiv2/search/`);
  const allowed = licences.map((licence) => `"${licence}"`).join(' OR ');
  url.search = new URLSearchParams({
    query: `${words[kind]} -music -voice`,
    filter: `license:(${allowed}) duration:[${secondsFor(durationMs)}]`,
    sort: 'score',
    fields: 'id,name,username,license,previews,duration',
    page_size: `${pageSize}`,
  }).toString();
  return url;
}

/** Beds may be repeated, so that one range does for all. */
function secondsFor(durationMs: number): string {
  if (durationMs > longestHitMs) return '8 TO 180';
  // Whole seconds: hits that a video's end cuts short are searched for like others.
  const seconds = Math.ceil(durationMs / 1000);
  return `${(seconds * 0.3).toFixed(1)} TO ${(seconds * 3).toFixed(1)}`;
}

/** For whoever waits, so that nobody's stop ends it. */
async function ask(deps: SearchDeps, url: URL): Promise<FoundSound[]> {
  const { client, apiKey, budget, dailyRequests, licences, deadlineMs = usualDeadlineMs } = deps;
  if (!(await budget.take(client.provider, dailyRequests))) throw usedUp(client.provider);
  const { results } = await client.call({
    method: 'GET',
    url,
    headers: { authorization: `Token ${apiKey}` },
    paid: false,
    deadlineMs,
    mostBytes,
    signal: new AbortController().signal,
    read: { as: 'json', parse: (body) => answerSchema.parse(body) },
    classify: (status, body) => refusalOf(status, body, client.provider),
  });
  return results.flatMap(({ id, name, username, license, previews }) => {
    const licence = readLicence(license);
    const previewUrl = previews['preview-hq-mp3'] ?? previews['preview-hq-ogg'];
    // The filter was asked for, and is not trusted with it.
    if (licence === undefined || !licences.includes(licence.licence) || previewUrl === undefined) return [];
    return [{ id, title: oneLine(name), author: oneLine(username), licence, previewUrl }];
  });
}

const refusalSchema = z.object({ detail: z.string() });

/** What Freesound means by a status other than 2xx; undefined = what the status says. */
export function refusalOf(status: number, body: unknown, provider: string): AppError | undefined {
  const { detail = '' } = refusalSchema.safeParse(body).data ?? {};
  if (status === 429 && /\/day\b/.test(detail)) return usedUp(provider);
  const isAboutKey = status === 401 || status === 403 || /suspended/.test(detail);
  if (!isAboutKey) return undefined;
  return new AppError('provider_credentials', 'Freesound does not accept the key.', {
    provider,
    hint: 'Ask the operator to check FREESOUND_API_KEY.',
  });
}

function usedUp(provider: string): AppError {
  return new AppError('provider_quota', 'The requests to Freesound are used up for today.', {
    provider,
    hint: 'Retry after midnight UTC, or ask the operator about AIPROD_FREESOUND_DAILY.',
  });
}

async function untilStopped<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Names are strangers' text. */
function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .trim()
    .slice(0, 120);
}
