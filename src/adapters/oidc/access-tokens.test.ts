import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createAccessTokenVerifier } from './access-tokens.ts';

const issuer = 'https://issuer.example';
const audience = 'https://aiprod.example';
const ours = await generateKeyPair('RS256', { extractable: true });
const theirs = await generateKeyPair('RS256', { extractable: true });
const theirJwk = await exportJWK(theirs.publicKey);
const publicPem = new TextEncoder().encode(await exportSPKI(ours.publicKey));

let server: Server;
let keysUrl: URL;
let fetched: string[];
beforeAll(async () => {
  fetched = [];
  const keys = [{ ...(await exportJWK(ours.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }];
  server = createServer((request, reply) => {
    fetched.push(request.url!);
    reply.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  keysUrl = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`);
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const now = Math.floor(Date.now() / 1000);
const good = { iss: issuer, aud: audience, sub: 'ann', exp: now + 300, iat: now, jti: 't1' };
const verifier = (plainType = false) =>
  createAccessTokenVerifier({ issuer, audience, keysUrl, algorithms: ['RS256', 'ES256'], plainType });

/** A token of the issuer, unless told otherwise; `undefined` leaves a claim or header out. */
function sign(
  claims: object = {},
  header: object = {},
  key: CryptoKey | Uint8Array = ours.privateKey,
): Promise<string> {
  return new SignJWT({ ...good, ...claims })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: 'k1', ...header } as never)
    .sign(key as CryptoKey);
}
const twice = (token: string) => Buffer.from(token).toString('base64url');

const forged: Record<string, () => Promise<string>> = {
  'no signature at all (alg none)': async () => new UnsecuredJWT(good).encode(),
  'alg none in a header that is otherwise right': async () => {
    const [, payload] = (await sign()).split('.');
    return `${twice('{"alg":"none","typ":"at+jwt","kid":"k1"}')}.${payload}.AA`;
  },
  'another key': () => sign({}, {}, theirs.privateKey),
  'HS256 with the public key as the secret': () => sign({}, { alg: 'HS256' }, publicPem),
  'its own key inside (jwk)': () => sign({}, { jwk: theirJwk }, theirs.privateKey),
  'the address of its own key (jku)': () =>
    sign({}, { jku: new URL('/evil-jku', keysUrl).href, kid: 'evil' }, theirs.privateKey),
  'the address of its own certificate (x5u)': () =>
    sign({}, { x5u: new URL('/evil-x5u', keysUrl).href }, theirs.privateKey),
  'SQL in kid': () => sign({}, { kid: "k1' OR '1'='1" }, theirs.privateKey),
  'a path in kid': () => sign({}, { kid: '../../../../dev/null' }, theirs.privateKey),
  'an unknown kid': () => sign({}, { kid: 'k2' }),
  'another algorithm of the same key': () =>
    sign({}, { alg: 'HS512' }, new TextEncoder().encode('x'.repeat(64))),
  expired: () => sign({ exp: now - 60 }),
  'no end': () => sign({ exp: undefined }),
  'not yet valid': () => sign({ nbf: now + 120 }),
  'another audience': () => sign({ aud: 'https://other.example' }),
  'no audience': () => sign({ aud: undefined }),
  'another issuer': () => sign({ iss: 'https://issuer.example.evil' }),
  'an ID token': () => sign({ nonce: 'n' }, { typ: 'JWT' }),
  'no type': () => sign({}, { typ: undefined }),
  'no user': () => sign({ sub: undefined }),
  'an empty user': () => sign({ sub: '' }),
  'a user that is no text': () => sign({ sub: 7 as never }),
  'a user with a line break': () => sign({ sub: 'ann\nadmin' }),
  'a user of 300 characters': () => sign({ sub: 'a'.repeat(300) }),
  'a claim that was changed': async () => {
    const [header, , signature] = (await sign()).split('.');
    return `${header}.${twice(JSON.stringify({ ...good, sub: 'eve' }))}.${signature}`;
  },
  'an extension that nobody knows (crit)': () => {
    const token = sign({}, { kid: 'k1' });
    return token.then((text) => {
      const [, payload, signature] = text.split('.');
      const header = { alg: 'RS256', typ: 'at+jwt', kid: 'k1', crit: ['evil'], evil: true };
      return `${twice(JSON.stringify(header))}.${payload}.${signature}`;
    });
  },
  truncated: async () => (await sign()).slice(0, -20),
  'without its last part': async () => (await sign()).split('.').slice(0, 2).join('.'),
  'encoded twice': async () => twice(await sign()),
  'parts encoded twice': async () => (await sign()).split('.').map(twice).join('.'),
  huge: () => sign({ padding: 'x'.repeat(10_000) }),
  nothing: async () => '',
  'only points': async () => '..',
};

describe('an access token', () => {
  it('of the issuer names the user and those of its scopes that we know', async () => {
    const token = await sign({ scope: 'openid videos:read admin:all videos:write' });
    expect(await verifier()(token)).toEqual({
      userId: 'ann',
      scopes: ['videos:read', 'videos:write'],
      via: 'token',
      credentialId: 't1',
    });
    expect((await verifier()(await sign({ scope: ['admin'] }))).scopes).toEqual([]);
  });

  it.each(Object.keys(forged))('is refused: %s', async (name) => {
    const token = await forged[name]!();
    const error = await verifier()(token).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'unauthenticated', hint: undefined });
    expect(error.publicMessage).toBe('The access token is not a valid one for this server.');
    expect(fetched.filter((path) => path !== '/keys')).toEqual([]);
  });

  it('may say JWT only where that is configured', async () => {
    const token = await sign({}, { typ: 'JWT' });
    expect((await verifier(true)(token)).userId).toBe('ann');
    await expect(verifier(true)(await sign({}, { typ: undefined }))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });

  it('cannot be judged while the keys cannot be had', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const verify = createAccessTokenVerifier({
      issuer,
      audience,
      keysUrl: new URL(`http://127.0.0.1:${port}/keys`),
      algorithms: ['RS256'],
      plainType: false,
    });
    await expect(verify(await sign())).rejects.toMatchObject({ code: 'provider_unavailable' });
  });
});
