// Speaks to the HTTP API for the commands. Problem documents become CommandErrors that say what to do.
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import type { Problem } from '../domain/errors.ts';
import { CommandError, exitCodes } from './exit-codes.ts';
import { readServerSentEvents } from './server-sent-events.ts';
import type { JobView, StepView } from './views.ts';

export interface ApiClient {
  create(request: Record<string, unknown>): Promise<JobView>;
  get(jobId: string): Promise<JobView>;
  cancel(jobId: string): Promise<JobView>;
  steps(jobId: string): Promise<StepView[]>;
  /** Calls `onEvent` with each state of the job until it has ended or waits for approval; returns it then. */
  follow(jobId: string, onEvent: (state: JobState) => void, signal: AbortSignal): Promise<JobView>;
  /** Saves a file of the job; a half-written file never carries the final name. */
  download(jobId: string, name: string, path: string): Promise<void>;
}

export type JobState = Pick<JobView, 'status' | 'stage' | 'progress'>;

const endStates = new Set(['completed', 'failed', 'canceled', 'awaiting_approval']);

export function createApiClient(baseUrl: string): ApiClient {
  async function call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
    let response: Response;
    try {
      response = await fetch(new URL(path, baseUrl), {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        }),
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
    create: (request) => json(call('POST', '/v1/videos', request)),
    get,
    cancel: (jobId) => json(call('POST', `${job(jobId)}/cancel`)),
    steps: async (jobId) => (await json<{ steps: StepView[] }>(call('GET', `${job(jobId)}/steps`))).steps,

    async follow(jobId, onEvent, signal) {
      for (;;) {
        const response = await call('GET', `${job(jobId)}/events`, undefined, signal);
        try {
          for await (const event of readServerSentEvents(response.body!)) {
            const state = JSON.parse(event.data) as JobState;
            onEvent(state);
            if (endStates.has(state.status)) return await get(jobId);
          }
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof CommandError) throw error;
        }
        const now = await get(jobId);
        if (endStates.has(now.status)) return now;
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
