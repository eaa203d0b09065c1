// The one error type of the project and the closed list of its codes. Only adapters and the media process
// turn foreign errors into these; everything else lets them pass.

/** What a failure means for the job and the caller; it decides retry and HTTP class. */
type ErrorKind =
  /** The caller's own making: 4xx, never retried. */
  | 'invalid'
  /** Somebody said a final no (moderation, quota, credentials): never retried. */
  | 'rejected'
  /** May work next time: retried with backoff. */
  | 'transient'
  /** A paid call that may or may not have happened: reconciled, never resubmitted. */
  | 'ambiguous'
  /** Another worker owns the job now: stop, record nothing. */
  | 'lease-lost'
  /** The user canceled, or was erased: stop, record nothing. */
  | 'canceled'
  /** Our fault: fail, alert. */
  | 'bug';

interface ErrorFacts {
  kind: ErrorKind;
  /** HTTP status when this error answers a request. */
  status: number;
  /** RFC 9457 title: the same for every occurrence of the code. */
  title: string;
}

export const errorCodes = {
  request_invalid: { kind: 'invalid', status: 422, title: 'The request is not valid' },
  http_malformed: { kind: 'invalid', status: 400, title: 'The HTTP request is malformed' },
  url_too_long: { kind: 'invalid', status: 414, title: 'The URL is too long' },
  body_malformed: { kind: 'invalid', status: 400, title: 'The body is not valid JSON' },
  body_too_large: { kind: 'invalid', status: 413, title: 'The body is too large' },
  media_type_unsupported: { kind: 'invalid', status: 415, title: 'The content type is not supported' },
  unauthenticated: { kind: 'invalid', status: 401, title: 'The caller did not prove who they are' },
  forbidden: { kind: 'invalid', status: 403, title: 'The caller may not do this' },
  account_erased: { kind: 'canceled', status: 403, title: 'The account was erased' },
  rate_limited: { kind: 'transient', status: 429, title: 'Too many requests' },
  limit_reached: { kind: 'rejected', status: 429, title: 'A limit of your account is reached' },
  not_found: { kind: 'invalid', status: 404, title: 'Not found' },
  method_not_allowed: { kind: 'invalid', status: 405, title: 'Method not allowed' },
  range_not_satisfiable: { kind: 'invalid', status: 416, title: 'The byte range cannot be satisfied' },
  idempotency_conflict: {
    kind: 'invalid',
    status: 409,
    title: 'The idempotency key was used with another body',
  },
  state_conflict: { kind: 'invalid', status: 409, title: 'The job is not in a state that allows this' },
  storyboard_changed: { kind: 'invalid', status: 412, title: 'The storyboard was changed meanwhile' },
  script_unspeakable: { kind: 'invalid', status: 422, title: 'The script has nothing that can be spoken' },
  language_unsupported: { kind: 'invalid', status: 422, title: 'The language is not supported' },
  duration_impossible: { kind: 'invalid', status: 422, title: 'The narration does not fit the duration' },
  glyph_missing: { kind: 'invalid', status: 422, title: 'No bundled font has all characters of the script' },
  media_unreadable: { kind: 'invalid', status: 422, title: 'The image or clip cannot be read' },
  media_refused: { kind: 'invalid', status: 422, title: 'The image or clip is not accepted' },
  media_unreachable: { kind: 'transient', status: 503, title: 'The image or clip cannot be fetched' },
  degraded: { kind: 'rejected', status: 422, title: 'A fallback was needed and strict was asked for' },
  database_unavailable: { kind: 'transient', status: 503, title: 'The database is not available' },
  queue_unavailable: { kind: 'transient', status: 503, title: 'The job queue is not available' },
  delivery_given_up: { kind: 'transient', status: 500, title: 'The job could not be delivered to a worker' },
  worker_busy: { kind: 'transient', status: 429, title: 'The worker has no free place' },
  storage_unavailable: { kind: 'transient', status: 503, title: 'The storage is not available' },
  storage_full: { kind: 'transient', status: 507, title: 'The storage is full' },
  blob_missing: { kind: 'transient', status: 503, title: 'Stored bytes are missing' },
  provider_unavailable: { kind: 'transient', status: 503, title: 'A provider is not available' },
  provider_busy: { kind: 'transient', status: 503, title: 'A provider takes no more requests at the moment' },
  provider_answer_invalid: { kind: 'transient', status: 502, title: 'A provider gave an answer of no use' },
  provider_refused: { kind: 'rejected', status: 422, title: 'A provider refused the content' },
  provider_credentials: {
    kind: 'rejected',
    status: 500,
    title: 'A provider does not accept the credentials',
  },
  provider_quota: { kind: 'rejected', status: 503, title: 'The account at a provider is used up' },
  payment_ambiguous: { kind: 'ambiguous', status: 500, title: 'A paid call may or may not have happened' },
  paid_call_under_way: { kind: 'transient', status: 503, title: 'A paid call is still under way' },
  budget_exceeded: { kind: 'rejected', status: 402, title: 'The budget does not allow this call' },
  spending_cap_reached: { kind: 'rejected', status: 402, title: 'The daily spending limit is reached' },
  encryption_key_unavailable: {
    kind: 'transient',
    status: 503,
    title: 'The encryption key cannot be reached',
  },
  sealed_unreadable: { kind: 'bug', status: 500, title: 'Stored data cannot be decrypted' },
  media_process_died: { kind: 'transient', status: 500, title: 'The media process died' },
  step_timed_out: { kind: 'transient', status: 500, title: 'A step took too long' },
  shutting_down: { kind: 'transient', status: 503, title: 'The server is shutting down' },
  inspection_failed: { kind: 'bug', status: 500, title: 'The finished video missed a quality gate' },
  lease_lost: { kind: 'lease-lost', status: 500, title: 'Another worker took over the job' },
  job_canceled: { kind: 'canceled', status: 409, title: 'The job was canceled' },
  machine_unfit: { kind: 'rejected', status: 500, title: 'This machine lacks something that is needed' },
  folder_in_use: { kind: 'transient', status: 503, title: 'Another AIPROD runs on this data folder' },
  config_invalid: { kind: 'rejected', status: 500, title: 'The configuration is not valid' },
  internal: { kind: 'bug', status: 500, title: 'Internal error' },
} as const satisfies Record<string, ErrorFacts>;

export type ErrorCode = keyof typeof errorCodes;

/** One wrong field of a request; `pointer` is a JSON pointer such as `/audio/loudness_lufs`. */
export interface FieldError {
  pointer: string;
  detail: string;
}

interface ErrorExtras {
  /** What the reader can do about it, in one sentence. */
  hint?: string;
  stage?: string;
  provider?: string;
  errors?: FieldError[];
  cause?: unknown;
}

/**
 * The project's error. `publicMessage` is shown to users: no path, SQL, stack or secret in it.
 * The private story goes into `cause`, which only the log sees.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  readonly publicMessage: string;
  readonly hint: string | undefined;
  readonly stage: string | undefined;
  readonly provider: string | undefined;
  readonly errors: FieldError[] | undefined;

  constructor(code: ErrorCode, publicMessage: string, extras: ErrorExtras = {}) {
    super(publicMessage, { cause: extras.cause });
    this.name = 'AppError';
    this.code = code;
    this.kind = errorCodes[code].kind;
    this.publicMessage = publicMessage;
    this.hint = extras.hint;
    this.stage = extras.stage;
    this.provider = extras.provider;
    this.errors = extras.errors;
  }
}

/** Any thrown value as an AppError; what nobody classified is a bug and says nothing to users. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError('internal', 'Something went wrong on our side.', { cause: error });
}

/** An RFC 9457 problem document, in wire form. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  stage?: string;
  provider?: string;
  retryable: boolean;
  hint?: string;
  errors?: FieldError[];
}

export function toProblem(error: AppError): Problem {
  const facts = errorCodes[error.code];
  return {
    type: `urn:aiprod:error:${error.code}`,
    title: facts.title,
    status: facts.status,
    code: error.code,
    detail: error.publicMessage,
    ...(error.stage !== undefined && { stage: error.stage }),
    ...(error.provider !== undefined && { provider: error.provider }),
    retryable: facts.kind === 'transient',
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(error.errors !== undefined && { errors: error.errors }),
  };
}
