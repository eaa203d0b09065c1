// The headers every answer carries, set by hand: what browsers may do with it and who may keep it.
import { createHash } from 'node:crypto';

import type { Api } from './deps.ts';

const always = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

/** Believed by browsers over https only. */
const httpsOnly = { 'strict-transport-security': 'max-age=31536000' };

/** Routes may overwrite each of them for their own answers. Where a login is asked for, proofs must not travel in the clear. */
export function setCommonHeaders(api: Api, loginAsked: boolean): void {
  const headers = loginAsked ? { ...always, ...httpsOnly } : always;
  api.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    reply.header('x-request-id', request.id);
  });
}

/** The policy of a page that runs only its own inline scripts and styles, named by their hashes. */
export function pagePolicy(html: string, extra: Record<string, string> = {}): string {
  const hashes = (tag: 'script' | 'style') =>
    [...html.matchAll(new RegExp(`<${tag}(?: [^>]*)?>([^]*?)</${tag}>`, 'g'))]
      .map(([, text]) => text!)
      .filter((text) => text.trim() !== '')
      .map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
      .join(' ');
  const directives: Record<string, string> = {
    'default-src': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'script-src': hashes('script') || "'none'",
    'style-src': hashes('style') || "'none'",
  };
  for (const [name, value] of Object.entries(extra)) {
    directives[name] = name === 'script-src' ? `${directives[name]} ${value}` : value;
  }
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
