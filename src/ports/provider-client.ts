// How adapters of vendors speak HTTP: one request, limits on time and size, an answer checked by a schema, and errors
// that say whether the vendor may have taken the request.
import type { AppError } from '../domain/errors.ts';
import type { MadeFile } from './made-file.ts';
import type { WorkContext } from './work-context.ts';

/** Sends one request without following redirects. Rejects as `fetch` does. */
export type Send = (
  url: URL,
  init: {
    method: 'GET' | 'POST';
    headers: Record<string, string>;
    body: string | null;
    signal: AbortSignal;
  },
) => Promise<Response>;

export interface ProviderRequest<Answer> {
  method: 'GET' | 'POST';
  url: URL;
  /** Besides `accept` and `content-type`. Never logged. */
  headers?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /**
   * True = money is due once the vendor has taken it: sent once, and an unclear outcome is `payment_ambiguous`. Else
   * the request may be repeated.
   */
  paid: boolean;
  /** Longest time from sending to the last byte. */
  deadlineMs: number;
  mostBytes: number;
  /** Not heeded once a paid request is on its way. */
  signal: AbortSignal;
  read: Read<Answer>;
  /** For a file that lies with somebody else: the way there that was found. Else the platform's own. */
  via?: Send;
  /** True = up to three redirects are followed, with the headers, within the URL's own origin. Else none is. */
  redirects?: boolean;
  /**
   * What a refusal means in this vendor's words; undefined = go by the status. `body` is parsed JSON where it is. Its cause
   * may hold a number `retryAfterMs` that the body tells of.
   */
  classify?(status: number, body: unknown): AppError | undefined;
}

/** How the body of a 2xx answer becomes a value: JSON that `parse` accepts, or a file of one of the types. */
export type Read<Answer> =
  | { as: 'json'; parse(body: unknown, headers: Headers): Answer }
  | {
      as: 'file';
      path: string;
      mediaTypes: readonly string[];
      take(file: MadeFile, headers: Headers): Answer;
    };

export interface ProviderClient {
  /** The vendor's name in errors, metrics and receipts. */
  readonly provider: string;
  /**
   * Throws `provider_unavailable`, `provider_busy`, `provider_answer_invalid`, `provider_refused`,
   * `provider_credentials`, `provider_quota`, for paid requests `payment_ambiguous`, or the signal's reason.
   */
  call<Answer>(request: ProviderRequest<Answer>): Promise<Answer>;
  /**
   * Runs work of which no more goes on at once than requests may; the wait is no working time. For paid calls, receipt and
   * all: what is written down as being sent is then sent, and does not wait in a line. Throws the signal's reason.
   */
  inTurn<T>(context: Pick<WorkContext, 'signal' | 'awaitTurn'>, work: () => Promise<T>): Promise<T>;
}
