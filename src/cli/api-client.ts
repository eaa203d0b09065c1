// Speaks to the HTTP API for the commands. Problem documents become CommandErrors that say what to do.
import { createWriteStream } from 'node:fs';
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
  get(jobId: string): Promise<JobView>;
  cancel(jobId: string): Promise<JobView>;
  steps(jobId: string): Promise<StepView[]>;
  /**
   * Calls `onEvent` with each state of the job, from its first on, until it has ended or waits for approval; returns it
   * then. A stream that breaks off is taken up where it broke. Throws the signal's reason.
   */
  follow(jobId: string, onEvent: (state: JobState) => void, signal: AbortSignal): Promise<JobView>;
  /** Saves a file of the job; a half-written file never carries the final name. */
  download(jobId: string, name: string, path: string): Promise<void>;
}

/** What an event says. */
export interface JobState extends Pick<JobView, 'status' | 'stage' | 'progress'> {
  /** When it happened, ISO 8601. */
  at: string;
}

const endStates = new Set(['completed', 'failed', 'canceled', 'awaiting_approval']);

interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Talks to the server at `baseUrl`. Throws a CommandError when that is no http address. */
export function createApiClient(baseUrl: string, { reconnectAfterMs = 1_000 } = {}): ApiClient {
  if (!/^https?:$/.test(URL.parse(baseUrl)?.protocol ?? '')) {
    throw new CommandError(
      exitCodes.usage,
      `"${baseUrl}" is not the address of a server.`,
      'Give one such as http://127.0.0.1:8787.',
    );
  }

  async function call(
    method: string,
    path: string,
    { body, headers, signal }: CallOptions = {},
  ): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, baseUrl), {
        method,
        headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      const cause =
        error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new CommandError(
        exitCodes.machine,
        `No answer from ${baseUrl}: ${cause}`,
        'Is the server running? Start it with: aiprod serve',
      );
    }
    if (!response.ok) throw await toCommandError(response);
    return response;
  }

  const json = async <T>(response: Promise<Response>) => (await (await response).json()) as T;
  const job = (jobId: string) => `/v1/videos/${encodeURIComponent(jobId)}`;
  const get = (jobId: string) => json<JobView>(call('GET', job(jobId)));

  return {
    create: (request) => json(call('POST', '/v1/videos', { body: request })),
    get,
    cancel: (jobId) => json(call('POST', `${job(jobId)}/cancel`)),
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
      const response = await call('GET', `${job(jobId)}/files/${encodeURIComponent(name)}`);
      await mkdir(dirname(path), { recursive: true });
      const partial = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
      try {
        await pipeline(Readable.fromWeb(response.body as never), createWriteStream(partial, { flush: true }));
        await rename(partial, path);
      } finally {
        await rm(partial, { force: true });
      }
    },
  };
}

async function toCommandError(response: Response): Promise<CommandError> {
  const problem = (await response.json().catch(() => undefined)) as Partial<Problem> | undefined;
  const code = response.status >= 500 ? exitCodes.machine : exitCodes.refused;
  if (problem?.detail === undefined) {
    return new CommandError(exitCodes.machine, `The server answered ${response.status} without saying why.`);
  }
  const fields = (problem.errors ?? []).map(({ pointer, detail }) => `  ${pointer}: ${detail}`);
  return new CommandError(code, [problem.detail, ...fields].join('\n'), problem.hint);
}
