// A Suno broker's API: addresses, the shapes of its answers, what its codes mean. The result of a request is the `code` in
// the body, whatever the HTTP status says.
import { z } from 'zod';

import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';

export interface Broker {
  client: ProviderClient;
  /** Such as `https://api.sunoapi.org`; a path is kept. */
  baseUrl: URL;
  apiKey: string;
  /** Longest time of one request; undefined = what each kind usually needs. */
  deadlineMs?: number;
}

export interface SongRequest {
  customMode: true;
  instrumental: true;
  model: string;
  title: string;
  style: string;
  prompt: string;
  negativeTags: string;
  callBackUrl: string;
}

export interface Take {
  audioUrl: string;
  durationMs: number;
}

/** What has become of a task. */
export type Task =
  | { state: 'under_way' }
  | { state: 'done'; takes: Take[] }
  | { state: 'failed'; error: AppError };

const usualDeadlineMs = 30_000;
const mostBytes = 1_000_000;

const envelopeSchema = z.object({ code: z.number(), data: z.unknown().optional() });
const takenSchema = z.object({ taskId: z.string().min(1).max(200) });
const recordSchema = z.object({
  status: z.string(),
  response: z
    .object({
      sunoData: z
        .array(z.object({ audioUrl: z.string().nullish(), duration: z.number().nonnegative().nullish() }))
        .nullish(),
    })
    .nullish(),
});

/** Asks for a song, paid; resolves with the id of its task. Throws as ProviderClient.call. */
export function requestSong(broker: Broker, song: SongRequest, signal: AbortSignal): Promise<string> {
  return ask(broker, 'POST', 'generate', {
    json: song,
    paid: true,
    signal,
    parse: (data) => takenSchema.parse(data).taskId,
  });
}

/** Throws as ProviderClient.call. */
export function findTask(broker: Broker, taskId: string, signal: AbortSignal): Promise<Task> {
  const path = `generate/record-info?taskId=${encodeURIComponent(taskId)}`;
  return ask(broker, 'GET', path, {
    paid: false,
    signal,
    parse: (data) => readTask(recordSchema.parse(data), broker.client.provider),
  });
}

/** What the account can still buy. Throws as ProviderClient.call. */
export function findCredits(broker: Broker, signal: AbortSignal): Promise<number> {
  return ask(broker, 'GET', 'generate/credit', {
    paid: false,
    signal,
    parse: (data) => z.number().parse(data),
  });
}

interface Question<Answer> {
  json?: SongRequest;
  paid: boolean;
  signal: AbortSignal;
  parse(data: unknown): Answer;
}

function ask<Answer>(
  { client, baseUrl, apiKey, deadlineMs = usualDeadlineMs }: Broker,
  method: 'GET' | 'POST',
  path: string,
  { json, paid, signal, parse }: Question<Answer>,
): Promise<Answer> {
  return client.call({
    method,
    url: new URL(`${baseUrl.href.replace(/\/+$/, '')}/api/v1/${path}`),
    headers: { authorization: `Bearer ${apiKey}` },
    ...(json !== undefined && { json }),
    paid,
    deadlineMs,
    mostBytes,
    signal,
    read: {
      as: 'json',
      parse(body) {
        const { code, data } = envelopeSchema.parse(body);
        if (code === 200) return parse(data);
        throw refusalOf(code, client.provider) ?? new Error(`code ${code}`);
      },
    },
    classify(status, body) {
      const envelope = envelopeSchema.safeParse(body);
      return refusalOf(envelope.data?.code ?? (ownStatuses.has(status) ? status : 0), client.provider);
    },
  });
}

/** Brokers' own; other statuses mean what they mean everywhere. */
const ownStatuses = new Set([405, 413, 430, 455]);

const meanings: Record<number, [code: ErrorCode, detail: string, hint?: string]> = {
  400: ['provider_refused', 'refused the request', 'Ask the operator to check AIPROD_SUNO_MODEL.'],
  401: ['provider_credentials', 'does not accept the key', 'Ask the operator to check SUNO_API_KEY.'],
  404: ['provider_refused', 'does not know this request', 'Ask the operator to check AIPROD_SUNO_URL.'],
  405: ['provider_busy', 'takes no more requests at the moment'],
  413: ['provider_refused', 'refused the request as too long'],
  429: [
    'provider_quota',
    'says that the credits are used up',
    'Ask the operator to buy credits at the broker.',
  ],
  430: ['provider_busy', 'takes no more requests at the moment'],
  455: ['provider_unavailable', 'is under maintenance'],
  500: ['provider_unavailable', 'has a fault'],
  531: ['provider_unavailable', 'could not make the piece and gave the credits back'],
};

/** Undefined = nobody knows what the code means. */
function refusalOf(code: number, provider: string): AppError | undefined {
  const meaning = meanings[code];
  if (meaning === undefined) return undefined;
  const [errorCode, detail, hint] = meaning;
  return new AppError(errorCode, `The Suno broker ${detail}.`, {
    provider,
    ...(hint !== undefined && { hint }),
  });
}

function readTask({ status, response }: z.infer<typeof recordSchema>, provider: string): Task {
  const takes = (response?.sunoData ?? []).flatMap(({ audioUrl, duration }) =>
    audioUrl ? [{ audioUrl, durationMs: (duration ?? 0) * 1000 }] : [],
  );
  if (status === 'SUCCESS') return { state: 'done', takes };
  // Nobody listens at the callback's address, so that this says nothing about the music.
  if (status === 'CALLBACK_EXCEPTION')
    return takes.length > 0 ? { state: 'done', takes } : { state: 'under_way' };
  if (status === 'SENSITIVE_WORD_ERROR') {
    const detail = 'Suno refused the description of the music.';
    const hint = 'Choose another mood or style, or name another maker in AIPROD_MUSIC.';
    return { state: 'failed', error: new AppError('provider_refused', detail, { provider, hint }) };
  }
  if (/_(FAILED|ERROR)$/.test(status)) {
    const detail = 'Suno could not make the piece of music.';
    return { state: 'failed', error: new AppError('provider_unavailable', detail, { provider }) };
  }
  return { state: 'under_way' };
}
