// The OpenAPI document: it lints, names every route, and its page may run only what belongs to it.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
beforeAll(async () => {
  on = await openTestApi();
});
afterAll(() => on.close());

type Operation = { operationId: string; summary: string; tags: string[]; responses: Record<string, unknown> };
type Paths = Record<string, Record<string, Operation>>;

/** Nothing in these requests can be wrong: no parameter, no body. */
const cannotBeAskedWrongly =
  /^#\/paths\/(~1health|~1ready|~1status|~1metrics|~1openapi\.json|~1v1~1(styles|voices))\//;

test('lints without an error or a warning', async () => {
  const { body } = await on.ask('GET', '/openapi.json');
  const config = await createConfig({ extends: ['recommended'] });
  const problems = await lintFromString({ source: body, absoluteRef: '/openapi.json', config });
  const left = problems
    .map(({ severity, ruleId, message, location }) => ({
      severity,
      ruleId,
      message,
      at: location[0]?.pointer ?? '',
    }))
    .filter(({ ruleId, at }) => !(ruleId === 'operation-4xx-response' && cannotBeAskedWrongly.test(at)));
  expect(left).toEqual([]);
  expect(JSON.parse(body)).toMatchObject({
    openapi: '3.1.0',
    info: { version: '0.1.0' },
    servers: [{ url: '/' }],
  });
});

test('every route is described, and every description is a route', async () => {
  // Fastify prints its routes as a tree; `commonPrefix: false` keeps each path in one piece per branch.
  const registered = routesOf(on.api.printRoutes({ commonPrefix: false }));
  const document = (await on.ask('GET', '/openapi.json')).json() as { paths: Paths };
  const described = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const expected = registered.filter((route) => !/^HEAD | \/docs|^GET \*$/.test(route));
  expect(described.sort()).toEqual(expected.sort());
  expect(described.length).toBeGreaterThan(18);
});

test('operations have ids, summaries, one known tag and problems in one form', async () => {
  const { paths, tags } = (await on.ask('GET', '/openapi.json')).json() as {
    paths: Paths;
    tags: { name: string }[];
  };
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { operationId, summary, tags: own, responses } of operations) {
    expect(operationId).toMatch(/^[a-z][a-zA-Z]+$/);
    expect(summary.length).toBeGreaterThan(5);
    expect(tags.map(({ name }) => name)).toContain(own[0]);
    for (const [status, response] of Object.entries(responses)) {
      if (Number(status) < 400 || operationId === 'getReadiness') continue;
      expect(response, `${operationId} ${status}`).toMatchObject({
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      });
    }
  }
});

test('the reference page loads from here alone', async () => {
  expect((await on.ask('GET', '/docs')).headers.location).toBe('/docs/');
  const page = await on.ask('GET', '/docs/');
  expect(page.body).not.toMatch(/(src|href)="https?:/);
  const policy = `${page.headers['content-security-policy']}`;
  expect(policy).toMatch(/script-src 'sha256-[\w+/=]+' 'self'/);
  expect(policy).toContain("connect-src 'self'");
  const script = await on.ask('GET', '/docs/js/scalar.js');
  expect(script.body.length).toBeGreaterThan(1_000_000);
  expect(script.headers['cache-control']).toContain('max-age');
});

/** `METHOD /path/{parameter}` of each line of Fastify's route tree. */
function routesOf(tree: string): string[] {
  const parents: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent, segment, methods] = /^((?:[│ ] {3})*)[├└]── (\S+)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    if (segment === undefined) return [];
    const depth = indent!.length / 4;
    parents.length = depth;
    parents[depth] = segment;
    const path = parents.join('').replaceAll(/:(\w+)/g, '{$1}');
    return methods?.split(', ').map((method) => `${method} ${path}`) ?? [];
  });
}
