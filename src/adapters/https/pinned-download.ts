// Fetching files that a provider names: from public https hosts only, over the address that was looked at, and from the
// provider's own address where that is this machine. No redirects.
import { Readable } from 'node:stream';

import type { Send } from '../../ports/provider-client.ts';
import { type Address, lookUp, type Resolve, requestPinned, systemResolve } from './pinned-request.ts';
import { isPublicAddress } from './public-address.ts';

export interface PinnedDownloadDeps {
  /** The provider's address, as configured. */
  baseUrl: URL;
  resolve?: Resolve;
  allows?: (address: string) => boolean;
  port?: number;
  /** Certificates to trust besides the usual ones. */
  ca?: string;
}

/** Longest silence; the whole has the deadline of whoever asks. */
const idleMs = 30_000;
const bodiless = new Set([204, 205, 304]);

/** How to fetch the file at an address; undefined when it may not be. A host that cannot be looked up is not public. */
export function createPinnedDownload(deps: PinnedDownloadDeps): (url: URL) => Promise<Send | undefined> {
  const { baseUrl, resolve = systemResolve, allows = isPublicAddress } = deps;
  return async (url) => {
    if (url.username !== '' || url.password !== '') return undefined;
    if (baseUrl.protocol === 'http:' && url.origin === baseUrl.origin) {
      return (asked, init) => fetch(asked, { ...init, redirect: 'error' });
    }
    if (url.protocol !== 'https:' || url.port !== '') return undefined;
    const found = await lookUp(url.hostname.replace(/^\[|\]$/g, ''), { resolve, allows });
    return 'address' in found ? sendTo(url, found, deps) : undefined;
  };
}

/** Only for the URL whose host was looked up. */
function sendTo(url: URL, address: Address, { port = 443, ca }: PinnedDownloadDeps): Send {
  return async (asked, { method, headers, signal }) => {
    if (asked.href !== url.href) throw new Error('another address than the one that was looked at');
    const answer = await requestPinned({
      url,
      address,
      port,
      method,
      headers: { ...headers, 'accept-encoding': 'identity' },
      ca,
      idleMs,
      onIdle: () => new Error('silence'),
      signal,
    });
    const { statusCode: status = 0, headers: told } = answer;
    const isElsewhere = status >= 300 && status < 400;
    const isPacked = ![undefined, 'identity'].includes(told['content-encoding']);
    if (isElsewhere || isPacked || status < 200) {
      answer.destroy();
      throw new Error(isElsewhere ? 'a redirect' : `an answer of no use: ${status}`);
    }
    const pairs = Object.entries(told).map(([name, value]): [string, string] => [
      name,
      [value].flat().join(),
    ]);
    const hasBody = !bodiless.has(status);
    if (!hasBody) answer.destroy();
    return new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream) : null, {
      status,
      headers: pairs,
    });
  };
}
