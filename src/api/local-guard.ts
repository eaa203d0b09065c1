// Where nobody has to prove who they are, a page in the browser of this machine must not ask in the user's name.
import { AppError } from '../domain/errors.ts';
import type { Api } from './deps.ts';

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Refuses requests to a name that is not this machine's (DNS rebinding), and those that another site's page sends, unless its
 * origin is one of `allowed`.
 */
export function refuseOtherSites(api: Api, allowed: readonly string[]): void {
  api.addHook('onRequest', async ({ headers }) => {
    if (!loopback.has(hostOf(`http://${headers.host ?? ''}`))) {
      throw new AppError('forbidden', 'This server answers under its loopback address only.', {
        hint: 'Ask http://127.0.0.1, or set up logins: docs/logins.md.',
      });
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
