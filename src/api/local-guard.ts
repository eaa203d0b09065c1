// Where nobody has to prove who they are, neither a page in the browser of this machine nor a stranger behind a tunnel may ask
// in the user's name.
import { AppError } from '../domain/errors.ts';
import type { Api } from './deps.ts';
import { isForwarded } from './forwarded.ts';

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Refuses requests to a name that is not this machine's (DNS rebinding), those that a proxy or tunnel sends on, and those that
 * another site's page sends, unless its origin is one of `allowed`. Routes that ask for a proof of their own are let alone.
 */
export function refuseOtherSites(api: Api, allowed: readonly string[]): void {
  api.addHook('onRequest', async ({ headers, routeOptions }) => {
    if (routeOptions.config.proof === 'own') return;
    if (!loopback.has(hostOf(`http://${headers.host ?? ''}`))) {
      throw new AppError('forbidden', 'This server answers under its loopback address only.', {
        hint: 'Ask http://127.0.0.1, or set up logins: docs/logins.md.',
      });
    }
    if (isForwarded(headers)) {
      throw new AppError(
        'forbidden',
        'Without logins this server answers no request that a proxy sends on.',
        {
          hint: 'Ask it directly from this machine, or set up logins: docs/logins.md.',
        },
      );
    }
    const { origin } = headers;
    if (origin !== undefined && allowed.includes(origin)) return;
    const foreign = origin !== undefined && !loopback.has(hostOf(origin));
    if (foreign || headers['sec-fetch-site'] === 'cross-site') {
      throw new AppError('forbidden', 'Pages of other sites may not ask this server.', {
        hint: 'To let its pages ask, name its origin in AIPROD_CORS_ORIGINS: docs/logins.md.',
      });
    }
  });
}

function hostOf(address: string): string {
  return URL.parse(address)?.hostname ?? '';
}
