// Settings of how the API is asked: how often, through which proxies, by pages of which sites.
import { z } from 'zod';

export const httpSchema = {
  AIPROD_REQUESTS_PER_MINUTE: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(1)
    .max(1_000_000)
    .optional(),
  AIPROD_TRUSTED_PROXIES: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0)
    .max(10)
    .default(0),
  AIPROD_CORS_ORIGINS: z
    .string()
    .transform((list) => list.split(',').map((each) => each.trim()))
    .refine(
      (origins) => origins.every(isOrigin),
      'must be a comma-separated list of origins, such as https://app.example.com, with no path and no slash at the end',
    )
    .default([]),
};

export interface HttpConfig {
  /** Of one user, in all instances together; undefined = no limit. */
  requestsPerMinute: number | undefined;
  /** Proxies before the API. */
  trustedProxies: number;
  /** As browsers write them. */
  corsOrigins: string[];
}

/** Who asks for a login has strangers to limit. */
const perMinuteWithLogin = 100;

export function httpConfig(
  env: z.infer<z.ZodObject<typeof httpSchema>>,
  { loginAsked }: { loginAsked: boolean },
): HttpConfig {
  return {
    requestsPerMinute: env.AIPROD_REQUESTS_PER_MINUTE ?? (loginAsked ? perMinuteWithLogin : undefined),
    trustedProxies: env.AIPROD_TRUSTED_PROXIES,
    corsOrigins: env.AIPROD_CORS_ORIGINS,
  };
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === text;
}
