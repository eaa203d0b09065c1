// The part of the configuration that says who may ask. Read by config.ts only.
import { z } from 'zod';

import { apiKey, optionalAddress } from './fields.ts';

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'];
const loopback = ['127.0.0.1', '::1', 'localhost'];

export const authSchema = {
  AIPROD_LOGIN: z.enum(['auto', 'required']).default('auto'),
  AIPROD_OIDC_ISSUER: z.url('must be an address').optional(),
  AIPROD_OIDC_AUDIENCE: z.string().min(1).max(1_000).optional(),
  AIPROD_OIDC_JWKS_URL: optionalAddress(),
  AIPROD_OIDC_ALGORITHMS: z
    .string()
    .default('RS256,ES256')
    .transform((text) => text.split(','))
    .refine(
      (names) => names.every((name) => algorithms.includes(name)),
      `must be a list of ${algorithms.join(', ')}`,
    ),
  AIPROD_OIDC_TOKEN_TYPES: z.enum(['at+jwt', 'at+jwt,JWT']).default('at+jwt'),
  AIPROD_KEY_PEPPER: z.string().min(32, 'must be at least 32 characters').optional(),
  AIPROD_METRICS_TOKEN: apiKey(),
  AIPROD_API_KEY: apiKey(),
};
type AuthEnvironment = z.infer<z.ZodObject<typeof authSchema>> & {
  AIPROD_HOST: string;
  AIPROD_ROLE: string;
};

export interface AuthConfig {
  /** False: whoever can reach this machine's loopback address is the local user. */
  loginAsked: boolean;
  issuer:
    | { issuer: string; audience: string; keysUrl: URL; algorithms: string[]; plainType: boolean }
    | undefined;
  /** Under which API keys are hashed; undefined = a file in the data folder. */
  pepper: string | undefined;
  /** Whether others than this machine can reach the server. */
  open: boolean;
  /** With it /metrics may be read from elsewhere. */
  metricsToken: string | undefined;
  /** What the command line shows to servers. */
  apiKey: string | undefined;
}

/** What is wrong with the settings together, each of which is right by itself. */
export function faultsOfAuth(env: AuthEnvironment): string[] {
  const { AIPROD_OIDC_ISSUER, AIPROD_OIDC_AUDIENCE, AIPROD_OIDC_JWKS_URL } = env;
  const given = [AIPROD_OIDC_ISSUER, AIPROD_OIDC_AUDIENCE, AIPROD_OIDC_JWKS_URL];
  const some = given.some((value) => value !== undefined);
  if (!some || given.every((value) => value !== undefined)) return [];
  return ['AIPROD_OIDC_ISSUER, AIPROD_OIDC_AUDIENCE, AIPROD_OIDC_JWKS_URL: are needed all, or none'];
}

/** Of settings in which `faultsOfAuth` found nothing. */
export function authConfig(env: AuthEnvironment): AuthConfig {
  const issuer = env.AIPROD_OIDC_ISSUER;
  const open = !loopback.includes(env.AIPROD_HOST);
  return {
    loginAsked: open || issuer !== undefined || env.AIPROD_LOGIN === 'required',
    issuer:
      issuer === undefined
        ? undefined
        : {
            issuer,
            audience: env.AIPROD_OIDC_AUDIENCE!,
            keysUrl: env.AIPROD_OIDC_JWKS_URL!,
            algorithms: env.AIPROD_OIDC_ALGORITHMS,
            plainType: env.AIPROD_OIDC_TOKEN_TYPES !== 'at+jwt',
          },
    pepper: env.AIPROD_KEY_PEPPER,
    open,
    metricsToken: env.AIPROD_METRICS_TOKEN,
    apiKey: env.AIPROD_API_KEY,
  };
}
