// The HTTP client of one provider: a limit on requests at once, a circuit breaker, deadlines, caps, classified errors.
// It knows no vendor's words: those are the adapters'.
import { open } from 'node:fs/promises';
import {
  type BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  isBrokenCircuitError,
  wrap,
} from 'cockatiel';

import { AppError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient, ProviderRequest, Send } from '../../ports/provider-client.ts';
import { type Part, type Tracer, untraced, within } from '../../ports/tracer.ts';
import { createTurns } from './turns.ts';

export interface ProviderClientDeps {
  provider: string;
  clock: Clock;
  /** Requests at once; others wait. */
  concurrency: number;
  /** After so many failures in a row nothing is sent for `restMs`. */
  breaker?: { failures: number; restMs: number };
  /** Tries in all of a request that the provider surely did not take. */
  attempts?: number;
  random?: () => number;
  /** Told about every request that was sent, and every one that was not let through. */
  onCall?(facts: { provider: string; outcome: string; durationMs: number }): void;
  tracer?: Tracer;
}

const longestRetryAfterMs = 30_000;
const baseDelayMs = 500;
const mostWaiting = 10_000;
const mostRedirects = 3;
const mostRefusalBytes = 64 * 1024;

/** Faults before a connection stood: nothing was sent. */
const neverSent = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

export function createProviderClient({
  provider,
  clock,
  concurrency,
  breaker = { failures: 5, restMs: 30_000 },
  attempts = 3,
  random = Math.random,
  onCall = () => {},
  tracer = untraced,
}: ProviderClientDeps): ProviderClient {
  const fails = handleWhen(
    (error) =>
      error instanceof AppError && ['provider_unavailable', 'payment_ambiguous'].includes(error.code),
  );
  const circuit = circuitBreaker(fails, {
    halfOpenAfter: breaker.restMs,
    breaker: new ConsecutiveBreaker(breaker.failures),
  });
  const gate = wrap(bulkhead(concurrency, mostWaiting), circuit);

  async function sendOnce<Answer>(request: ProviderRequest<Answer>): Promise<Answer> {
    const startedAt = performance.now();
    const tell = (outcome: string) =>
      onCall({ provider, outcome, durationMs: performance.now() - startedAt });
    try {
      const answer = await gate.execute(() => {
        request.signal.throwIfAborted();
        return exchange(provider, request);
      });
      tell('ok');
      return answer;
    } catch (error) {
      const known =
        isBrokenCircuitError(error) || error instanceof BulkheadRejectedError ? resting(error) : error;
      tell(known instanceof AppError ? known.code : 'aborted');
      throw known;
    }
  }

  /** Of one request on the wire. Its URL may hold a user's words; the vendor is told nothing of the trace. */
  function partOf<Answer>({ method, url }: ProviderRequest<Answer>): Part {
    const attributes = { 'http.request.method': method, 'server.address': url.hostname };
    return { name: `call ${provider}`, kind: 'client', facts: { provider }, attributes };
  }

  function resting(cause: BrokenCircuitError | BulkheadRejectedError): AppError {
    return new AppError(
      'provider_unavailable',
      `${provider} failed several times in a row and is left alone for now.`,
      {
        provider,
        cause,
      },
    );
  }

  return {
    provider,
    inTurn: createTurns(concurrency),
    async call(request) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await within(tracer, partOf(request), () => sendOnce(request));
        } catch (error) {
          const delayMs = retryDelayMs(error, attempt, random);
          if (attempt >= attempts || delayMs === undefined) throw error;
          await clock.sleep(delayMs, request.signal);
          request.signal.throwIfAborted();
        }
      }
    },
  };
}

/** When to try again what was surely not taken; undefined = not. A paid request of unclear outcome never comes here. */
function retryDelayMs(error: unknown, attempt: number, random: () => number): number | undefined {
  if (!(error instanceof AppError) || isBrokenCircuitError(error.cause as Error)) return undefined;
  if (error.code !== 'provider_busy' && error.code !== 'provider_unavailable') return undefined;
  const { retryAfterMs } = (error.cause ?? {}) as { retryAfterMs?: number };
  if (retryAfterMs !== undefined && retryAfterMs > longestRetryAfterMs) return undefined;
  return (retryAfterMs ?? 0) + random() * baseDelayMs * 2 ** attempt;
}

async function exchange<Answer>(provider: string, request: ProviderRequest<Answer>): Promise<Answer> {
  const { method, url, headers, json, paid, deadlineMs, mostBytes, read } = request;
  const deadline = AbortSignal.timeout(deadlineMs);
  // Giving up a paid request half-way would only hide what came of it.
  const signal = paid ? deadline : AbortSignal.any([deadline, request.signal]);
  const unclear = (detail: string, cause: unknown) =>
    new AppError(
      paid ? 'payment_ambiguous' : deadline.aborted ? 'provider_unavailable' : 'provider_answer_invalid',
      `${provider} ${detail}.`,
      { provider, cause },
    );

  let response: Response;
  try {
    const init: Parameters<Send>[1] = {
      method,
      headers: {
        accept: read.as === 'json' ? 'application/json' : read.mediaTypes.join(', '),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: json === undefined ? null : JSON.stringify(json),
      signal,
    };
    response = request.redirects
      ? await followWithin(provider, url, init)
      : await (request.via ?? send)(url, init);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (!paid) request.signal.throwIfAborted();
    if (!deadline.aborted && neverSent.has(faultCode(error)))
      throw new AppError('provider_unavailable', `${provider} cannot be reached.`, {
        provider,
        cause: error,
      });
    if (paid) throw unclear('did not say what became of a paid request', error);
    throw new AppError('provider_unavailable', `${provider} did not answer.`, { provider, cause: error });
  }

  try {
    if (!response.ok) throw await refusal(provider, request, response);
    if (read.as === 'json')
      return read.parse(JSON.parse(await readText(response, mostBytes)), response.headers);
    const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
    if (!read.mediaTypes.includes(mediaType)) throw new Error(`content type ${mediaType || 'none'}`);
    await writeBody(response, read.path, mostBytes);
    return read.take({ path: read.path, mediaType }, response.headers);
  } catch (error) {
    if (error instanceof AppError) throw error;
    if (!paid) request.signal.throwIfAborted();
    throw unclear('gave an answer that cannot be used', error);
  } finally {
    await response.body?.cancel().catch(() => {});
  }
}

const send: Send = (url, init) => fetch(url, { ...init, redirect: 'error' });

/** Headers hold keys: they go to the origin that was meant, and to no other. */
async function followWithin(provider: string, start: URL, init: RequestInit): Promise<Response> {
  let url = start;
  for (let hops = 0; ; hops++) {
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || location === null) return response;
    await response.body?.cancel();
    const next = URL.parse(location, url.href);
    if (next === null || next.origin !== start.origin || hops === mostRedirects)
      throw new AppError('provider_answer_invalid', `${provider} sends elsewhere for its answer.`, {
        provider,
      });
    url = next;
  }
}

/** What an answer other than 2xx means. A gateway's word is not the provider's: it does not know what was taken. */
async function refusal<Answer>(
  provider: string,
  { classify, paid }: ProviderRequest<Answer>,
  response: Response,
): Promise<AppError> {
  const { status } = response;
  const text = await readText(response, mostRefusalBytes).catch(() => '');
  const known = classify?.(status, parsed(text));
  const { retryAfterMs = retryAfter(response) } = (known?.cause ?? {}) as { retryAfterMs?: number };
  // The log prints errors; a body may repeat a user's words.
  const cause = Object.assign(new Error(`HTTP ${status}`), { status, retryAfterMs });
  if (known !== undefined)
    return new AppError(known.code, known.publicMessage, { ...extras(known), provider, cause });
  const as = (code: ConstructorParameters<typeof AppError>[0], detail: string, hint?: string) =>
    new AppError(code, `${provider} ${detail}.`, { provider, cause, ...(hint !== undefined && { hint }) });
  if (status === 401 || status === 403)
    return as(
      'provider_credentials',
      'does not accept the key',
      'Ask the operator to check the key of this provider.',
    );
  if (status === 402) return as('provider_quota', 'says that the account is used up');
  if (status === 429) return as('provider_busy', 'takes no more requests at the moment');
  // A proxy's 503 has nothing of the provider's in it.
  if (status === 502 || status === 504 || (status === 503 && typeof parsed(text) === 'string'))
    return as(paid ? 'payment_ambiguous' : 'provider_unavailable', 'is behind a gateway that got no answer');
  if (status === 408 || status >= 500) return as('provider_unavailable', 'has a fault');
  return as('provider_refused', `refused the request (${status})`);
}

function extras({ hint }: AppError): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

function retryAfter(response: Response): number | undefined {
  const value = response.headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}

async function* chunksOf(response: Response, mostBytes: number): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`body of more than ${mostBytes} bytes`);
    yield chunk;
  }
}

async function readText(response: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of chunksOf(response, mostBytes)) chunks.push(chunk);
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
}

async function writeBody(response: Response, path: string, mostBytes: number): Promise<void> {
  const file = await open(path, 'w');
  let empty = true;
  try {
    for await (const chunk of chunksOf(response, mostBytes)) {
      await file.write(chunk);
      empty = false;
    }
  } finally {
    await file.close();
  }
  if (empty) throw new Error('empty body');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Of the system or of the HTTP library, wherever in the chain of causes it stands. */
function faultCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return '';
}
