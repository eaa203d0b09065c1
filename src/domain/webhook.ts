// Webhooks: what is told, to whom, and when it is tried again. Pure rules; sending and storing are others'.
import type { JobStatus, Stage } from './job.ts';
import { faultOfPublicHost, notPublic } from './public-host.ts';

export const webhookTypes = [
  'video.started',
  'video.stage_completed',
  'video.completed',
  'video.failed',
  'video.canceled',
] as const;
export type WebhookType = (typeof webhookTypes)[number];

/** `webhook.test` is sent on request only. */
export type MessageType = WebhookType | 'webhook.test';

export const webhookLimits = {
  perUser: 20,
  /** Test messages of one endpoint that are not delivered yet. */
  testsWaiting: 10,
  urlChars: 2_048,
  descriptionChars: 200,
  /** For one delivery, its answer included. */
  timeoutMs: 15_000,
  /** How much of an answer is kept. */
  answerBytes: 1_024,
  /** For how long the secret before still signs after a rotation. */
  rotationMs: 24 * 3_600_000,
  /** An endpoint at which nothing arrived for this long is disabled. */
  failingMs: 5 * 86_400_000,
  /** Messages and their attempts are kept for this long. */
  keptMs: 30 * 86_400_000,
} as const;

export interface WebhookEndpoint {
  endpointId: string;
  url: string;
  description: string;
  /** Null = all of them, also ones to come. */
  types: WebhookType[] | null;
  /** True = only of jobs that named this URL as their `webhook_url`. */
  onlyNamedJobs: boolean;
  enabled: boolean;
  disabledReason: string | null;
  createdAt: Date;
}

export const messageStates = ['pending', 'delivered', 'given_up'] as const;
export type MessageState = (typeof messageStates)[number];

export interface WebhookAttempt {
  attempt: number;
  at: Date;
  /** HTTP status of the answer; null when there was none. */
  status: number | null;
  /** Why it does not count as delivered, in one word. */
  error: string | null;
  durationMs: number;
  /** The beginning of what was answered. */
  answer: string;
}

export interface WebhookMessage {
  messageId: string;
  endpointId: string;
  jobId: string | null;
  type: MessageType;
  state: MessageState;
  attempts: number;
  dueAt: Date;
  createdAt: Date;
  log: WebhookAttempt[];
}

/** The body of a message, in wire form. Thin: no script and no title, so that it may pass through other hands. */
export interface WebhookPayload {
  type: MessageType;
  timestamp: string;
  data: {
    job_id: string | null;
    status: JobStatus | null;
    stage: Stage | null;
    progress: number;
    completed_stage: Stage | null;
    error: { code: string; detail: string } | null;
    video: { duration: number; width: number; height: number; fps: number } | null;
  };
}

const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
const delaysMs = [5 * seconds, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours, 10 * hours, 10 * hours];
const longestWaitMs = 6 * hours;

/**
 * Milliseconds until the next try after `attempts` that failed, up to a tenth more at random (`random` from 0 to 1);
 * undefined = that was the last. A receiver may ask for a longer wait, up to six hours.
 */
export function retryDelayMs(attempts: number, random: number, askedMs = 0): number | undefined {
  const delayMs = delaysMs[attempts - 1];
  if (delayMs === undefined) return undefined;
  return Math.max(Math.round(delayMs * (1 + random / 10)), Math.min(askedMs, longestWaitMs));
}

/** Says why `text` cannot be the URL of an endpoint, whatever its host resolves to; undefined when it can. */
export function faultOfWebhookUrl(
  text: string,
  isPrivateHost: (host: string) => boolean,
): string | undefined {
  if (text.length > webhookLimits.urlChars) return `must have at most ${webhookLimits.urlChars} characters`;
  if (!/^https?:\/\/[^/]/i.test(text) || /[\s\\]/.test(text)) return 'must be an https:// URL without spaces';
  const url = URL.parse(text);
  if (url === null) return 'is not a URL';
  if (url.username !== '' || url.password !== '') {
    return 'must hold no user name or password: verify the signature instead';
  }
  if (url.hash !== '') return 'must have no #fragment';
  if (isPrivateHost(hostWithPort(url))) return undefined;
  if (url.protocol !== 'https:') return 'must be an https:// URL';
  if (url.port !== '' && Number(url.port) < 1024) return 'must use port 443 or one from 1024';
  const fault = faultOfPublicHost(url.hostname);
  return fault === notPublic
    ? `${fault}; whoever runs the server can allow another with AIPROD_WEBHOOK_PRIVATE_HOSTS`
    : fault;
}

/** As AIPROD_WEBHOOK_PRIVATE_HOSTS names it. */
export function hostWithPort({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
}
