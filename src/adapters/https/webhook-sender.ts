// Sends messages signed after Standard Webhooks to URLs of users: one POST to the address that was looked at, no redirect,
// a time limit, and no more of the answer than its beginning.
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { faultOfWebhookUrl, hostWithPort, webhookLimits } from '../../domain/webhook.ts';
import type { SendOutcome, WebhookSender } from '../../ports/webhook-sender.ts';
import {
  type Address,
  createDnsResolve,
  lookUp,
  type Resolve,
  requestPinned,
  systemResolve,
} from './pinned-request.ts';
import { isPublicAddress } from './public-address.ts';

export interface WebhookSenderDeps {
  /** `host:port`s that may be private, and http. */
  privateHosts: readonly string[];
  resolve?: Resolve;
  /** Certificates to trust besides the usual ones. */
  ca?: string;
  timeoutMs?: number;
}

/** What arrives before an error is thrown away with it; `code` is one word for the log. */
class SendFault extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export function createWebhookSender(deps: WebhookSenderDeps): WebhookSender {
  const { privateHosts, ca, timeoutMs = webhookLimits.timeoutMs } = deps;
  const { resolve = createDnsResolve(), resolve: resolvePrivate = systemResolve } = deps;
  const isPrivateHost = (host: string) => privateHosts.includes(host);

  const find = (url: URL) => {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return isPrivateHost(hostWithPort(url))
      ? lookUp(host, { resolve: resolvePrivate, allows: () => true })
      : lookUp(host, { resolve, allows: isPublicAddress });
  };

  async function addressOf(url: URL): Promise<Address> {
    const found = await find(url);
    if ('fault' in found)
      throw new SendFault(found.fault === 'not_allowed' ? 'address_private' : found.fault);
    return found;
  }

  return {
    async faultOf(text) {
      const fault = faultOfWebhookUrl(text, isPrivateHost);
      if (fault !== undefined) return fault;
      const found = await find(new URL(text));
      // A host that cannot be looked up now may be there later.
      const refused = 'fault' in found && found.fault === 'not_allowed';
      return refused ? 'leads to an address that is not public' : undefined;
    },

    async send({ url: text, messageId, body, secrets }, signal) {
      const began = performance.now();
      const timeout = AbortSignal.timeout(timeoutMs);
      const both = AbortSignal.any([signal, timeout]);
      const outcome = (rest: Omit<SendOutcome, 'durationMs'>): SendOutcome => ({
        ...rest,
        durationMs: performance.now() - began,
      });
      try {
        if (faultOfWebhookUrl(text, isPrivateHost) !== undefined) throw new SendFault('url_refused');
        const url = new URL(text);
        const address = await untilAborted(addressOf(url), both);
        const seconds = Math.floor(Date.now() / 1000);
        const response = await requestPinned({
          url,
          address,
          port: url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'user-agent': 'AIPROD-Webhooks',
            'accept-encoding': 'identity',
            'webhook-id': messageId,
            'webhook-timestamp': `${seconds}`,
            'webhook-signature': secrets
              .map((secret) => signatureOf(secret, messageId, seconds, body))
              .join(' '),
          },
          body,
          ca,
          idleMs: timeoutMs,
          onIdle: () => new SendFault('timeout'),
          signal: both,
        });
        const answer = await beginningOf(response);
        const { statusCode: status = 0, headers } = response;
        const retryAfterMs =
          status === 429 || status === 503 ? millisecondsUntil(headers['retry-after']) : undefined;
        return outcome({
          status,
          error: errorOf(status),
          answer,
          ...(retryAfterMs !== undefined && { retryAfterMs }),
        });
      } catch (error) {
        signal.throwIfAborted();
        const code = timeout.aborted ? 'timeout' : ((error as NodeJS.ErrnoException).code ?? 'failed');
        return outcome({ status: null, error: code.toLowerCase(), answer: '' });
      }
    },
  };
}

function signatureOf(secret: string, messageId: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${messageId}.${seconds}.${body}`).digest('base64')}`;
}

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400 ? 'redirect' : `http_${status}`;
}

/** Rejects when `signal` aborts; the lookup itself cannot be stopped. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new SendFault('timeout'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Readable text of the first bytes; the rest is not waited for. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes >= webhookLimits.answerBytes) break;
  }
  const text = Buffer.concat(chunks).subarray(0, webhookLimits.answerBytes).toString('utf8');
  return text.replaceAll('\u0000', '');
}

/** Of a Retry-After header: seconds, or a date. */
function millisecondsUntil(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}
