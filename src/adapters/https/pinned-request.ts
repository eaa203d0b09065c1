// Requests to hosts that a user named: the name is looked up once, every address of it must be allowed, and the
// connection goes to the address that was looked at. No second lookup, no redirect, no shared connections.
import { Resolver, lookup as systemLookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';

export interface Address {
  address: string;
  family: number;
}

/** Every address of a host. */
export type Resolve = (host: string) => Promise<Address[]>;

/** For hosts that the operator names: as all of this machine does, by its hosts file too. */
export const systemResolve: Resolve = (host) => systemLookup(host, { all: true });

/**
 * For hosts that users name: asks the name servers and nothing else, each `tries` times for `timeoutMs`. The system's look-up
 * does two at a time in this process, so that a few names of a silent name server would keep everything else from its hosts.
 */
export function createDnsResolve({
  timeoutMs = 2_000,
  tries = 2,
  servers,
}: {
  timeoutMs?: number;
  tries?: number;
  /** Left out: those of this machine. */
  servers?: string[];
} = {}): Resolve {
  const resolver = new Resolver({ timeout: timeoutMs, tries });
  if (servers !== undefined) resolver.setServers(servers);
  return async (host) => {
    const written = isIP(host);
    if (written !== 0) return [{ address: host, family: written }];
    const families = [4, 6] as const;
    const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = found.flatMap((each, index) =>
      each.status === 'fulfilled' ? each.value.map((address) => ({ address, family: families[index]! })) : [],
    );
    // A name may have addresses of one family only.
    const fault = found.find((each) => each.status === 'rejected' && each.reason.code !== 'ENODATA');
    if (addresses.length === 0 && fault?.status === 'rejected') throw fault.reason;
    return addresses;
  };
}

interface LookupFault {
  fault: 'unknown_host' | 'lookup_failed' | 'no_address' | 'not_allowed';
  cause?: unknown;
}

/** The address of `host` to connect to, or why there is none. */
export async function lookUp(
  host: string,
  { resolve, allows }: { resolve: Resolve; allows: (address: string) => boolean },
): Promise<Address | LookupFault> {
  let addresses: Address[];
  try {
    addresses = await resolve(host);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    return { fault: code === 'ENOTFOUND' ? 'unknown_host' : 'lookup_failed', cause };
  }
  if (addresses.length === 0) return { fault: 'no_address' };
  // One private address among public ones is enough to be up to something.
  if (!addresses.every(({ address }) => allows(address))) return { fault: 'not_allowed' };
  return addresses[0]!;
}

interface PinnedRequest extends Pick<RequestOptions, 'method' | 'headers' | 'port'> {
  url: URL;
  address: Address;
  signal: AbortSignal;
  /** Certificates to trust besides the usual ones. */
  ca?: string | undefined;
  /** Longest silence, ms. */
  idleMs: number;
  /** What the request fails with then. */
  onIdle: () => Error;
  body?: string;
}

/** Resolves with the head of the answer, whatever its status; rejects as node:http does. */
export function requestPinned(options: PinnedRequest): Promise<IncomingMessage> {
  const { url, address, ca, idleMs, onIdle, body, ...rest } = options;
  const { promise, resolve: opened, reject } = Promise.withResolvers<IncomingMessage>();
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const open = url.protocol === 'http:' ? httpRequest : httpsRequest;
  const request = open(
    {
      host,
      ...(isIP(host) === 0 && { servername: host }),
      path: `${url.pathname}${url.search}`,
      agent: false,
      lookup: (_, asked, done) =>
        asked.all ? done(null, [address]) : done(null, address.address, address.family),
      ...(ca !== undefined && { ca }),
      timeout: idleMs,
      ...rest,
    },
    opened,
  );
  request.once('timeout', () => request.destroy(onIdle()));
  request.once('error', reject);
  request.end(body);
  return promise;
}
