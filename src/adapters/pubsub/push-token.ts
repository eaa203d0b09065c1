// Verifies the OIDC token by which Pub/Sub shows that a push is its own: signature, issuer, audience, account. It trusts
// the keys of one configured URL and nothing that the token says of itself.
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';

import { AppError } from '../../domain/errors.ts';

const issuer = 'https://accounts.google.com';
/** Google's tokens live for an hour; clocks may differ a little. */
const longestLifeSeconds = 3_600;
const clockToleranceSeconds = 60;

/** What Google's serverless platforms put in place of the signature of a token that they have checked. */
const removedSignature = 'SIGNATURE_REMOVED_BY_GOOGLE';

interface PushTokenOptions {
  /** What `aud` must be: the push endpoint's URL, unless the subscription says otherwise. */
  audience: string;
  /** E-mail address of the service account that pushes. */
  account: string;
  /** Where the issuer's public keys are. */
  keysUrl: string;
}

/**
 * Takes an Authorization header. Throws `unauthenticated` (not a valid token of the issuer for us), `forbidden` (of
 * somebody else), `provider_unavailable` (the keys cannot be had).
 */
export function createPushTokenVerifier({ audience, account, keysUrl }: PushTokenOptions) {
  const keys = createRemoteJWKSet(new URL(keysUrl), {
    timeoutDuration: 5_000,
    cooldownDuration: 30_000,
    cacheMaxAge: 3_600_000,
  });

  return async (authorization: string | undefined): Promise<void> => {
    const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) throw new AppError('unauthenticated', 'A push needs a bearer token.');
    if (token.endsWith(`.${removedSignature}`)) {
      throw new AppError('unauthenticated', 'The signature of the token was removed on its way here.', {
        hint: 'Let Cloud Run pass pushes on unchecked (--no-invoker-iam-check): this server checks them itself.',
      });
    }
    let claims: JWTPayload;
    try {
      const verified = await jwtVerify(token, keys, {
        algorithms: ['RS256'],
        issuer,
        audience,
        requiredClaims: ['exp', 'iat', 'email', 'email_verified'],
        maxTokenAge: longestLifeSeconds,
        clockTolerance: clockToleranceSeconds,
      });
      claims = verified.payload;
    } catch (error) {
      if (!saysSomethingOfTheToken(error)) {
        throw new AppError('provider_unavailable', 'The keys that sign pushes cannot be fetched.', {
          provider: 'google',
          cause: error,
        });
      }
      throw new AppError('unauthenticated', 'The token is not a valid one for this server.', {
        cause: error,
      });
    }
    if (claims.email !== account || claims.email_verified !== true) {
      throw new AppError('forbidden', 'The token belongs to another account.');
    }
  };
}

/** Everything else that goes wrong is about fetching the keys. */
function saysSomethingOfTheToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}
