// Stands in for Google's token issuer: keys of its own, served at a URL, and tokens that say what a test wants them to.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

export const pushAccount = 'pusher@project.iam.gserviceaccount.com';
export const pushAudience = 'https://worker.example/process-job';

export type TokenIssuer = Awaited<ReturnType<typeof startTokenIssuer>>;

export async function startTokenIssuer() {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const publicJwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  let asked = 0;
  let answer: { status: number; body: string } = { status: 200, body: JSON.stringify({ keys: [publicJwk] }) };
  const server = createServer((_, reply) => {
    asked += 1;
    reply.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    keysUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/certs`,
    publicKey,
    publicJwk,
    /** How often the keys were fetched. */
    asked: () => asked,
    /** What the keys' URL answers from now on. */
    answerKeysWith(status: number, body: string) {
      answer = { status, body };
    },
    /** A token as Pub/Sub sends it, unless told otherwise; `undefined` leaves a claim out. */
    sign(
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
      key: CryptoKey = privateKey,
    ) {
      return signPush(key, claims, header);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function signPush(
  key: CryptoKey | Uint8Array,
  claims: Record<string, unknown>,
  header: Record<string, unknown>,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'https://accounts.google.com',
    aud: pushAudience,
    azp: '1234',
    sub: '1234',
    email: pushAccount,
    email_verified: true,
    iat: now,
    exp: now + 3_600,
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header })
    .sign(key, { crit: Object.fromEntries(((header.crit ?? []) as string[]).map((name) => [name, true])) });
}
