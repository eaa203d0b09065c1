// The service that is looked at: asks it single questions, each within a time of its own. Decides nothing about the answers.
import { CommandError, exitCodes } from '../exit-codes.ts';

/** What is asked at once has answered by then, or counts as silent. */
const answerWithinMs = 10_000;

export interface Answer {
  status: number;
  headers: Headers;
  body: Buffer;
  milliseconds: number;
}

export interface Question {
  headers?: Record<string, string>;
  /** Shown as bearer. */
  key?: string | undefined;
  withinMs?: number;
}

export interface Target {
  url: URL;
  apiKey: string | undefined;
  signal: AbortSignal;
  /** GET. Throws a CommandError (`machine`) when there is no answer, and the signal's reason when it is aborted. */
  ask(path: string, question?: Question): Promise<Answer>;
}

/** Throws a CommandError (`usage`) for what is no address of a server. */
export function createTarget(address: string, apiKey: string | undefined, signal: AbortSignal): Target {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(
      exitCodes.usage,
      `"${address}" is not the address of a server.`,
      'Give one such as https://video.example.com.',
    );
  }
  return {
    url,
    apiKey,
    signal,
    async ask(path, { headers, key, withinMs = answerWithinMs } = {}) {
      const startedAt = performance.now();
      const late = AbortSignal.timeout(withinMs);
      try {
        const response = await fetch(new URL(path, url), {
          headers: { ...headers, ...(key !== undefined && { authorization: `Bearer ${key}` }) },
          signal: AbortSignal.any([late, signal]),
        });
        const body = Buffer.from(await response.arrayBuffer());
        const milliseconds = Math.round(performance.now() - startedAt);
        return { status: response.status, headers: response.headers, body, milliseconds };
      } catch (error) {
        signal.throwIfAborted();
        throw new CommandError(
          exitCodes.machine,
          `${path} does not answer: ${reasonOf(error, late, withinMs)}`,
        );
      }
    },
  };
}

function reasonOf(error: unknown, late: AbortSignal, withinMs: number): string {
  if (late.aborted) return `nothing within ${withinMs / 1000} s.`;
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
}

/** The JSON object in an answer. Throws a CommandError (`failed`) when its status is another, or it is none. */
export function readJson(path: string, { status, body }: Answer, expected = 200): Record<string, unknown> {
  const text = body.toString();
  const value = parse(text);
  if (status !== expected) {
    const { detail } = (value ?? {}) as { detail?: string };
    throw new CommandError(
      exitCodes.failed,
      `${path} answers ${status}, not ${expected}${detail ? `: ${detail}` : '.'}`,
    );
  }
  if (typeof value !== 'object' || value === null)
    throw new CommandError(
      exitCodes.failed,
      `${path} does not answer JSON, but: ${text.slice(0, 60)}`,
      'Is this the address of AIPROD, or of something before it?',
    );
  return value as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
