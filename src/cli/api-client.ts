// Speaks to the HTTP API for the commands. Problem documents become CommandErrors that say what to do.
import { randomUUID } from 'node:crypto';
import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';

import type { Problem } from '../domain/errors.ts';
import { CommandError, exitCodes } from './exit-codes.ts';
import { readServerSentEvents } from './server-sent-events.ts';
import type { JobView, StepView } from './views.ts';

export interface ApiClient {
  create(request: Record<string, unknown>): Promise<JobView>;
  /** Sends an image or clip; its asset's id. */
  upload(path: string): Promise<string>;
  get(jobId: string): Promise<JobView>;
  cancel(jobId: string): Promise<JobView>;
  remove(jobId: string): Promise<void>;
  steps(jobId: string): Promise<StepView[]>;
  storyboard(jobId: string): Promise<unknown>;
  /** The job as it is then. */
  editStoryboard(jobId: string, storyboard: unknown): Promise<JobView>;
  /**
   * Calls `onEvent` with each state of the job, from its first on, until it has ended or waits for approval; returns it
   * then. A stream that breaks off is taken up where it broke. Throws the signal's reason.
   */
  follow(jobId: string, onEvent: (state: JobState) => void, signal: AbortSignal): Promise<JobView>;
  /** Saves a file of the job; a half-written file never carries the final name. */
  download(jobId: string, name: string, path: string): Promise<void>;
  /** A text file of the job. */
  readText(jobId: string, name: string): Promise<string>;
}

/** What an event says. */
export interface JobState extends Pick<JobView, 'status' | 'stage' | 'progress'> {
  /** When it happened, ISO 8601. */
  at: string;
  /** Why the job failed, or why it is tried again. */
  error?: { detail: string };
}

const endStates = new Set(['completed', 'failed', 'canceled', 'awaiting_approval']);

interface CallOptions {
  /** Sent as JSON, or as it is. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface ClientOptions {
  reconnectAfterMs?: number;
  /** Shown to the server. */
  apiKey?: string | undefined;
  /** Asked where the server is now when it does not answer any more; without it, no answer is an error. */
  relocate?: () => Promise<string>;
}

/** Moves to another server within one call; more says that something else is wrong. */
const mostMoves = 5;

/** Talks to the server at `baseUrl`. Throws a CommandError when that is no http address. */
export function createApiClient(
  baseUrl: string,
  { reconnectAfterMs = 1_000, relocate, apiKey }: ClientOptions = {},
): ApiClient {
  let server = baseUrl;
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new CommandError(
      exitCodes.usage,
      `"${baseUrl}" is not the address of a server.`,
      'Give one such as http://127.0.0.1:8787.',
    );
  }

  async function call(method: string, path: string, options: CallOptions = {}): Promise<Response> {
    for (let moves = 0; ; moves++) {
      const response = await ask(method, path, options);
      if (response instanceof Response && response.ok) return response;
      const error = response instanceof Response ? await toCommandError(response) : response;
      const gone = !(response instanceof Response) || error.code === 'shutting_down';
      if (!gone || relocate === undefined || moves === mostMoves) throw error;
      server = await relocate();
      options.signal?.throwIfAborted();
    }
  }

  /** The answer, or the error that there is none. */
  async function ask(
    method: string,
    path: string,
    { body, headers, signal }: CallOptions,
  ): Promise<Response | CommandError> {
    try {
      return await fetch(new URL(path, server), {
        method,
        headers: {
          ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
          ...(body !== undefined && !(body instanceof Blob) && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: body instanceof Blob ? body : JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      const cause =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      const advice = 'Is the server running? Start it with: aiprod serve';
      return new CommandError(exitCodes.machine, `No answer from ${server}: ${cause}`, advice);
    }
  }

  const json = async <T>(response: Promise<Response>) => (await (await response).json()) as T;
  const job = (jobId: string) => `/v1/videos/${encodeURIComponent(jobId)}`;
  const get = (jobId: string) => json<JobView>(call('GET', job(jobId)));
  const getFile = (jobId: string, name: string) =>
    call('GET', `${job(jobId)}/files/${encodeURIComponent(name)}`);

  return {
    create(request) {
      // Asked again after a lost answer, it is still one job.
      const headers = { 'idempotency-key': randomUUID() };
      return json(call('POST', '/v1/videos', { body: request, headers }));
    },
    async upload(path) {
      const headers = { 'content-type': 'application/octet-stream' };
      try {
        const body = await openAsBlob(path);
        return (await json<{ asset_id: string }>(call('POST', '/v1/assets', { body, headers }))).asset_id;
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        throw new CommandError(error.exitCode, `${path}: ${error.message}`, error.hint, error.code);
      }
    },
    get,
    cancel: (jobId) => json(call('POST', `${job(jobId)}/cancel`)),
    storyboard: (jobId) => json(call('GET', `${job(jobId)}/storyboard`)),
    editStoryboard: (jobId, body) => json(call('PUT', `${job(jobId)}/storyboard`, { body })),
    remove: async (jobId) => void (await call('DELETE', job(jobId))),
    steps: async (jobId) => (await json<{ steps: StepView[] }>(call('GET', `${job(jobId)}/steps`))).steps,

    async follow(jobId, onEvent, signal) {
      let lastEventId = '';
      for (;;) {
        const headers = lastEventId === '' ? {} : { 'last-event-id': lastEventId };
        const { body } = await call('GET', `${job(jobId)}/events`, { headers, signal });
        try {
          for await (const { id, data } of body === null ? [] : readServerSentEvents(body)) {
            if (id !== '') lastEventId = id;
            const state = JSON.parse(data) as JobState;
            onEvent(state);
            // An end of the past: the job may have been retried or approved since.
            const now = endStates.has(state.status) ? await get(jobId) : undefined;
            if (now !== undefined && endStates.has(now.status)) return now;
          }
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof CommandError) throw error;
        }
        const now = await get(jobId);
        if (endStates.has(now.status)) return now;
        await delay(reconnectAfterMs, undefined, { signal });
      }
    },

    async download(jobId, name, path) {
      const response = await getFile(jobId, name);
      await mkdir(dirname(path), { recursive: true });
      const partial = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
      try {
        await pipeline(Readable.fromWeb(response.body as never), createWriteStream(partial, { flush: true }));
        await rename(partial, path);
      } finally {
        await rm(partial, { force: true });
      }
    },

    readText: async (jobId, name) => (await getFile(jobId, name)).text(),
  };
}

async function toCommandError(response: Response): Promise<CommandError> {
  const problem = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  const code = response.status >= 500 ? exitCodes.machine : exitCodes.refused;
  if (problem?.detail === undefined) {
    return new CommandError(exitCodes.machine, `The server answered ${response.status} without saying why.`);
  }
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => `  ${pointer}: ${detail}`);
  return new CommandError(code, [problem.detail, ...fields].join('\n'), problem.hint, problem.code);
}
