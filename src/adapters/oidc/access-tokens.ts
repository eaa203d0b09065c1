// Verifies access tokens of one OpenID Connect issuer (RFC 9068). It trusts the keys of one configured URL and nothing that
// a token says of where its keys are.
import { createRemoteJWKSet, errors, type JWTVerifyResult, jwtVerify } from 'jose';

import { type Caller, type Scope, scopes } from '../../domain/caller.ts';
import { AppError } from '../../domain/errors.ts';

const clockToleranceSeconds = 10;
const longestToken = 8_192;

interface AccessTokenOptions {
  issuer: string;
  /** What `aud` must name. */
  audience: string;
  /** Where the issuer's public keys are. */
  keysUrl: URL;
  algorithms: string[];
  /** Whether `typ` may be `JWT` too, as issuers say that know no `at+jwt`. */
  plainType: boolean;
}

/** Takes a token. Throws `unauthenticated`, or `provider_unavailable` when the keys cannot be had. */
export function createAccessTokenVerifier(options: AccessTokenOptions): (token: string) => Promise<Caller> {
  const { issuer, audience, keysUrl, algorithms, plainType } = options;
  const types = plainType ? ['at+jwt', 'jwt'] : ['at+jwt'];
  const keys = createRemoteJWKSet(keysUrl, {
    timeoutDuration: 5_000,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
  });

  async function verify(token: string): Promise<JWTVerifyResult> {
    try {
      return await jwtVerify(token, keys, {
        algorithms,
        issuer,
        audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: clockToleranceSeconds,
      });
    } catch (error) {
      if (saysSomethingOfTheToken(error)) throw refusal(error);
      throw new AppError('provider_unavailable', 'The keys that sign access tokens cannot be fetched.', {
        hint: 'Ask again soon.',
        cause: error,
      });
    }
  }

  return async (token) => {
    if (token.length > longestToken || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw refusal();
    const { payload, protectedHeader } = await verify(token);
    const type = `${protectedHeader.typ ?? ''}`.toLowerCase().replace(/^application\//, '');
    if (!types.includes(type) || !isPlain(payload.sub)) throw refusal();
    return {
      userId: payload.sub,
      scopes: scopesOf(payload.scope),
      via: 'token',
      ...(isPlain(payload.jti) && { credentialId: payload.jti }),
    };
  };
}

function refusal(cause?: unknown): AppError {
  return new AppError('unauthenticated', 'The access token is not a valid one for this server.', { cause });
}

/** Printable, without spaces, of a length that fits logs and columns. */
function isPlain(text: unknown): text is string {
  return typeof text === 'string' && /^[\x21-\x7e]{1,200}$/.test(text);
}

/** Scopes that we know; others are somebody else's business. */
function scopesOf(claim: unknown): Scope[] {
  const given = typeof claim === 'string' ? claim.split(' ') : [];
  return scopes.filter((scope) => given.includes(scope));
}

/** Everything else that goes wrong is about fetching the keys. */
function saysSomethingOfTheToken(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return false;
  return !['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code);
}
