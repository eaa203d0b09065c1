// Fetches a user's image or clip over HTTPS. The host is resolved once, every address of it must be public, and the
// connection goes to the address that was looked at: no second lookup, no redirect, no other port.
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { AppError } from '../../domain/errors.ts';
import {
  faultOfMediaUrl,
  kindOf,
  mediaLimits,
  mostBytes,
  sniffedBytes,
  sniffMediaType,
} from '../../domain/user-media.ts';
import type { MediaFetcher } from '../../ports/media-fetcher.ts';
import { type Address, createDnsResolve, lookUp, type Resolve, requestPinned } from './pinned-request.ts';
import { isPublicAddress } from './public-address.ts';

export interface MediaFetcherDeps {
  resolve?: Resolve;
  allows?: (address: string) => boolean;
  port?: number;
  /** Certificates to trust besides the usual ones. */
  ca?: string;
  /** Longest time for the whole, and for silence, ms. */
  timeoutMs?: number;
  idleMs?: number;
}

/** Certificates that do not prove the host are the URL's fault; other failures of TLS or the network may pass. */
const certificateFaults = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY))/;

export function createMediaFetcher(deps: MediaFetcherDeps = {}): MediaFetcher {
  const {
    resolve = createDnsResolve(),
    allows = isPublicAddress,
    port = 443,
    ca,
    timeoutMs = 180_000,
    idleMs = 15_000,
  } = deps;

  async function addressOf(host: string): Promise<Address> {
    const found = await lookUp(host, { resolve, allows });
    if ('address' in found) return found;
    const { cause } = found;
    switch (found.fault) {
      case 'unknown_host':
        throw refused('the host of the URL does not exist', { hint: hints.gone, cause });
      case 'lookup_failed':
        throw unreachable('the host of the URL cannot be looked up now', cause);
      case 'no_address':
        throw refused('the host of the URL has no address');
      case 'not_allowed':
        throw refused('the URL leads to an address that is not public');
    }
  }

  const open = (url: URL, address: Address, signal: AbortSignal) =>
    requestPinned({
      url,
      address,
      port,
      headers: { accept: 'image/*, video/*', 'accept-encoding': 'identity', 'user-agent': 'AIPROD' },
      ca,
      idleMs,
      onIdle: () => unreachable(`the server said nothing for ${idleMs / 1000} s`),
      signal,
    });

  return {
    async fetch(text, { scratch, signal }) {
      const fault = faultOfMediaUrl(text);
      if (fault !== undefined) throw refused(`the URL ${fault}`);
      const url = new URL(text);
      const timeout = AbortSignal.timeout(timeoutMs);
      const file = path.join(scratch, 'fetched');
      try {
        const address = await addressOf(url.hostname);
        const answer = await open(url, address, AbortSignal.any([signal, timeout]));
        refuseBadAnswer(answer);
        let mediaType = '';
        await pipeline(
          answer,
          capped((type) => (mediaType = type)),
          createWriteStream(file, { flags: 'wx', mode: 0o600 }),
        );
        return { path: file, mediaType };
      } catch (error) {
        signal.throwIfAborted();
        if (timeout.aborted) throw unreachable(`the file did not arrive within ${timeoutMs / 1000} s`, error);
        throw classify(error);
      }
    },
  };
}

function refuseBadAnswer(answer: IncomingMessage): void {
  const fault = faultOfAnswer(answer);
  if (fault === undefined) return;
  answer.destroy();
  throw fault;
}

function faultOfAnswer({ statusCode: status = 0, headers }: IncomingMessage): AppError | undefined {
  const answered = `the server answered ${status}`;
  if (status >= 500 || status === 429 || status === 408) return unreachable(answered);
  if (status >= 300 && status < 400) return refused('the URL redirects to another', { hint: hints.redirect });
  if (status === 404 || status === 410) return refused(`nothing is there, ${answered}`, { hint: hints.gone });
  if (status === 401 || status === 403)
    return refused(`it is not public, ${answered}`, { hint: hints.closed });
  if (status !== 200) return refused(answered);
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') return refused('the server compresses the file');
  return undefined;
}

/** Lets bytes of a known type through, up to the most that its kind may have. */
function capped(tellType: (mediaType: string) => void) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let head = Buffer.alloc(0);
    let most: number | undefined;
    let bytes = 0;
    const judge = () => {
      const mediaType = sniffMediaType(head);
      if (mediaType === undefined)
        throw refused('what is there is neither an image nor a clip that is accepted', { hint: hints.type });
      tellType(mediaType);
      return { kind: kindOf(mediaType), bytes: mostBytes(mediaType) };
    };
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (most === undefined) {
        head = Buffer.concat([head, chunk]);
        if (head.length < sniffedBytes) continue;
        most = judge().bytes;
        yield head;
      } else {
        yield chunk;
      }
      if (bytes > most) throw refused(`the file has more than ${most / 1e6} MB`, { hint: hints.size });
    }
    if (most !== undefined) return;
    judge();
    yield head;
  };
}

function classify(error: unknown): unknown {
  if (error instanceof AppError) return error;
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('storage_full', 'The disk is full.', { cause: error });
  }
  if (certificateFaults.test(code))
    return refused('the certificate of the server does not prove its name', { cause: error });
  return unreachable('the connection failed', error);
}

const hints = {
  usual: 'Give an https URL of an image or clip on a public host, or upload the file with POST /v1/assets.',
  gone: 'Check the URL for mistakes in a browser, or upload the file with POST /v1/assets.',
  closed: 'Give a URL that opens without a login, or upload the file with POST /v1/assets.',
  redirect: 'Open the URL in a browser and give the address of the file that it ends at.',
  type: 'Give the address of the file itself, not of a page about it: PNG, JPEG, WebP, MP4, MOV or WebM.',
  size: `Make it smaller: images may have ${mediaLimits.imageBytes / 1e6} MB, clips ${mediaLimits.clipBytes / 1e6} MB.`,
};

function refused(why: string, extras: { hint?: string; cause?: unknown } = {}): AppError {
  return new AppError('media_refused', `The media URL was not fetched: ${why}.`, {
    hint: hints.usual,
    ...extras,
  });
}

function unreachable(why: string, cause?: unknown): AppError {
  return new AppError('media_unreachable', `The media URL could not be fetched: ${why}.`, {
    hint: 'Try again later, or upload the file with POST /v1/assets.',
    cause,
  });
}
