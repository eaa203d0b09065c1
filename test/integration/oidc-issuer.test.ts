// Access tokens of a real issuer: client credentials, JWTs for one resource, and keys that change.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { afterEach, expect, test, vi } from 'vitest';

import { createAccessTokenVerifier } from '../../src/adapters/oidc/access-tokens.ts';

const audience = 'https://aiprod.example/';
const servers: Server[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function signingKey(kid: string) {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
}

/** Listens on a port of its own; `useKeys` begins to sign with others. */
async function startIssuer() {
  let answer: ReturnType<Provider['callback']> | undefined;
  const server = createServer((request, reply) => void answer!(request, reply));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const useKeys = (...keys: Awaited<ReturnType<typeof signingKey>>[]) => {
    answer = new Provider(url, {
      jwks: { keys },
      clients: [
        {
          client_id: 'machine',
          client_secret: 'machine-secret',
          grant_types: ['client_credentials'],
          redirect_uris: [],
          response_types: [],
        },
      ],
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_, resource) => ({
            scope: 'videos:read videos:write admin',
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 300,
            jwt: { sign: { alg: 'RS256' } },
          }),
        },
      },
      // Client credentials have no account: the client is the user.
      extraTokenClaims: () => ({ sub: 'machine' }),
    }).callback();
  };
  return {
    url,
    useKeys,
    async token(resource: string, scope: string): Promise<string> {
      const answered = await fetch(`${url}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${btoa('machine:machine-secret')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope }),
      });
      const { access_token } = (await answered.json()) as { access_token: string };
      return access_token;
    },
  };
}

test('tokens of a real issuer are taken, those for others are not, and new keys are fetched', async () => {
  const issuer = await startIssuer();
  const [first, second] = [await signingKey('first'), await signingKey('second')];
  issuer.useKeys(first);
  const verify = createAccessTokenVerifier({
    issuer: issuer.url,
    audience,
    keysUrl: new URL(`${issuer.url}/jwks`),
    algorithms: ['RS256'],
    plainType: false,
  });
  const old = await issuer.token(audience, 'videos:read');
  expect(await verify(old)).toMatchObject({ userId: 'machine', scopes: ['videos:read'], via: 'token' });
  const elsewhere = await issuer.token('https://other.example/', 'admin');
  await expect(verify(elsewhere)).rejects.toMatchObject({ code: 'unauthenticated' });

  issuer.useKeys(second, first);
  const fresh = await issuer.token(audience, 'admin');
  await expect(verify(fresh)).rejects.toMatchObject({ code: 'unauthenticated' });
  // Keys are not fetched again within half a minute, whatever key tokens name.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 });
  expect((await verify(fresh)).scopes).toEqual(['admin']);
  expect((await verify(old)).scopes).toEqual(['videos:read']);
});
