// Picks how callers prove who they are, as the configuration says. Whatever cannot be proved is no access.
import { join } from 'node:path';

import type { FastifyRequest } from 'fastify';
import type pg from 'pg';

import { openSecret } from '../adapters/disk/secret-file.ts';
import { type ApiKeys, createApiKeys } from '../adapters/postgres/api-keys.ts';
import type { AuthConfig } from '../config/auth.ts';
import { type Caller, localCaller } from '../domain/caller.ts';
import { AppError } from '../domain/errors.ts';

type Authenticate = (request: Pick<FastifyRequest, 'headers'>) => Caller | Promise<Caller>;

/**
 * The returned function throws `unauthenticated`, or `provider_unavailable` when the issuer's keys cannot be had. Throws
 * `config_invalid` when others could reach a server that nobody could log in to.
 */
export async function chooseLogin(
  { loginAsked, issuer, open }: AuthConfig,
  apiKeys: Pick<ApiKeys, 'verify' | 'anyLive'>,
): Promise<Authenticate> {
  if (!loginAsked) return () => localCaller;
  if (open && issuer === undefined && !(await apiKeys.anyLive())) {
    throw new AppError('config_invalid', 'AIPROD_HOST lets others in, and nobody could log in.', {
      hint: 'Set AIPROD_OIDC_ISSUER, or make a key first: aiprod keys create --user NAME --scopes videos:read,videos:write',
    });
  }
  const verifyToken = issuer && (await loadVerifier(issuer));
  return ({ headers }) => {
    const proof = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (proof === undefined) {
      throw new AppError('unauthenticated', 'This server asks who is there.', {
        hint: 'Send an access token or an API key: Authorization: Bearer …',
      });
    }
    if (proof.startsWith('aiprod_')) return apiKeys.verify(proof);
    if (verifyToken !== undefined) return verifyToken(proof);
    throw new AppError('unauthenticated', 'This is no API key of this server.');
  };
}

/** Throws what openSecret throws. */
export async function openApiKeys(
  { auth, keyFolder }: { auth: AuthConfig; keyFolder: string },
  pool: pg.Pool,
): Promise<ApiKeys> {
  const pepper =
    auth.pepper === undefined
      ? await openSecret(
          join(keyFolder, 'api-key-pepper'),
          'Put it back, or delete it and make all API keys anew.',
        )
      : Buffer.from(auth.pepper);
  return createApiKeys({ pool, pepper });
}

async function loadVerifier(issuer: NonNullable<AuthConfig['issuer']>) {
  const { createAccessTokenVerifier } = await import('../adapters/oidc/access-tokens.ts');
  return createAccessTokenVerifier(issuer);
}
