// Answers requests that no route takes: 405 with Allow where the path exists for other methods, else 404.
import { AppError } from '../domain/errors.ts';
import type { Api } from './deps.ts';

/** Must be added before any route, so that it sees them all. */
export function answerUnknownRoutes(api: Api): void {
  const paths = new Map<string, { pattern: RegExp; methods: Set<string> }>();

  api.addHook('onRoute', ({ url, method }) => {
    const known = paths.get(url) ?? { pattern: toPattern(url), methods: new Set() };
    for (const each of [method].flat()) known.methods.add(each);
    paths.set(url, known);
  });

  api.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0]!;
    const methods = new Set<string>();
    for (const known of paths.values()) {
      if (known.pattern.test(path)) for (const method of known.methods) methods.add(method);
    }
    if (methods.size === 0) {
      throw new AppError('not_found', 'No route has this path.', { hint: 'GET /docs lists all routes.' });
    }
    const allowed = [...methods].sort().join(', ');
    reply.header('allow', allowed);
    throw new AppError('method_not_allowed', `This path takes ${allowed}.`);
  });
}

function toPattern(url: string): RegExp {
  const segments = url.split('/').map((segment) => {
    if (segment.startsWith(':')) return '[^/]+';
    return segment.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${segments.join('/')}$`);
}
