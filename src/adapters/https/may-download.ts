// From where files that a provider names may be fetched: public https hosts, and the provider's own address where that is
// this machine. It fetches nothing.
import { lookup as systemLookup } from 'node:dns/promises';

import { isPublicAddress } from './public-address.ts';

interface MayDownloadDeps {
  /** The provider's address, as configured. */
  baseUrl: URL;
  /** Every address of a host. */
  resolve?: (host: string) => Promise<{ address: string }[]>;
}

/** A host that cannot be looked up is not public. */
export function createMayDownload({
  baseUrl,
  resolve = (host) => systemLookup(host, { all: true }),
}: MayDownloadDeps): (url: URL) => Promise<boolean> {
  return async (url) => {
    if (url.username !== '' || url.password !== '') return false;
    if (baseUrl.protocol === 'http:' && url.origin === baseUrl.origin) return true;
    if (url.protocol !== 'https:' || url.port !== '') return false;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await resolve(host).catch(() => []);
    return addresses.length > 0 && addresses.every(({ address }) => isPublicAddress(address));
  };
}
