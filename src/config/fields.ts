// Kinds of settings that providers have in common. Read by the configuration's parts only.
import { z } from 'zod';

export const apiKey = () =>
  z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'must be one line without spaces')
    .optional();

/** Only https, or this machine for tests. */
const isSafe = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(hostname));

export const address = (fallback: string) =>
  z
    .url('must be an address')
    .default(fallback)
    .transform((text) => new URL(text))
    .refine(isSafe, 'must be https');

export const optionalAddress = () =>
  z
    .url('must be an address')
    .transform((text) => new URL(text))
    .refine(isSafe, 'must be https')
    .optional();

export const modelName = () => z.string().regex(/^[a-z0-9_.-]{1,64}$/, 'must be the id of a model');

/** Requests at once. */
export const atOnce = (fallback: number) =>
  z.coerce.number('must be a number').int('must be a whole number').min(1).max(100).default(fallback);
