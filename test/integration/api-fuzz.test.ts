// Nothing that a caller sends makes the server fail: whatever comes, the answer is documented, and a refusal is a
// problem. What is sent comes from the OpenAPI document, with every part of it spoiled in turn.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
beforeAll(async () => {
  on = await openTestApi();
});
afterAll(() => on.close());

interface Schema {
  $ref?: string;
  type?: string;
  enum?: unknown[];
  minimum?: number;
  maximum?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  items?: Schema;
}

const bounded = {
  numRuns: 100_000,
  interruptAfterTimeLimit: 4_000,
  markInterruptAsFailure: false,
  seed: 20_261_124,
};

/** Fields whose values the schema alone does not tell. */
const named: Record<string, fc.Arbitrary<unknown>> = {
  language: fc.constant('en'),
  voice: fc.constant('slt'),
};

const oddText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom('\u0000', '\ud83d', '\u202e', '\\u0000', "'; --", '\uffff', '\r\n'),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));

/** Values that fit the schema; texts do not always. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.maxSafeInteger().map((value) => {
        const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
        return minimum + (Math.abs(value) % (maximum - minimum + 1));
      });
    case 'number':
      return fc.double({ min: schema.minimum ?? 0, max: schema.maximum ?? 100, noNaN: true });
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { minLength: 1, maxLength: 4 });
    case 'object':
      return schema.properties
        ? fc.record(
            Object.fromEntries(
              Object.entries(schema.properties).map(([name, each]) => [name, named[name] ?? valuesOf(each)]),
            ),
            { requiredKeys: [] },
          )
        : fc.dictionary(fc.oneof(fc.lorem({ maxCount: 1 }), oddText), fc.oneof(fc.lorem(), oddText), {
            maxKeys: 2,
          });
    default:
      return fc.oneof({ weight: 2, arbitrary: fc.lorem() }, { weight: 1, arbitrary: oddText });
  }
}

/** The value, or with one of its members, however deep, replaced by anything at all. */
const spoiled = (value: fc.Arbitrary<unknown>) =>
  fc.oneof(
    value,
    fc
      .tuple(value, fc.nat(), fc.anything({ withNullPrototype: false, maxDepth: 2 }))
      .map(([whole, at, junk]) => {
        const copy = structuredClone(whole);
        const places: [Record<string, unknown>, string][] = [];
        const collect = (part: unknown) => {
          if (part === null || typeof part !== 'object') return;
          for (const [name, member] of Object.entries(part)) {
            places.push([part as Record<string, unknown>, name]);
            collect(member);
          }
        };
        collect(copy);
        const place = places[at % Math.max(1, places.length)];
        if (place === undefined) return junk;
        Object.defineProperty(place[0], place[1], { value: junk, enumerable: true });
        return copy;
      }),
  );

const toJson = (value: unknown) =>
  JSON.stringify(value, (_, member) => (typeof member === 'bigint' ? `${member}` : member)) ?? '';

test('any body', async () => {
  const { components } = on.api.swagger() as unknown as { components: { schemas: Record<string, Schema> } };
  const schema = components.schemas.CreateVideoInput!;
  const { script, scenes, ...rest } = schema.properties!;
  const body = fc.oneof(
    valuesOf({ ...schema, properties: { script: script!, ...rest } }),
    valuesOf({ ...schema, properties: { scenes: scenes!, ...rest } }),
  );
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('/v1/videos', '/v1/estimates'), spoiled(body), async (url, json) => {
      const answer = await on.ask('POST', url, { json: toJson(json) });
      const { statusCode } = answer;
      statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
      expect(statusCode).toBeLessThan(500);
      // The validator's own words.
      if (statusCode === 422)
        expect(answer.body).not.toMatch(/"(Invalid (input|option|key)|Too (big|small))/);
    }),
    bounded,
  );
  // Each way was taken, or the property would have shown nothing.
  for (const status of [200, 202, 422]) expect(statuses.get(status) ?? 0, `${status}`).toBeGreaterThan(0);
});

test('any path, query and header', async () => {
  const jobId = await on.create();
  const { paths } = on.api.swagger() as { paths: Record<string, Record<string, unknown>> };
  const routes = Object.entries(paths)
    .flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => ({ path, method: method.toUpperCase() })),
    )
    .filter(({ path, method }) => !path.endsWith('/events') && method !== 'DELETE');
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('..', '%00', "'", '1', '-1', '0'));
  const headerText = fc.string({ unit: fc.constantFrom(...'bytes=0-,"W/* a9') });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.oneof(fc.constant(jobId), fc.uuid(), text),
      text,
      fc.dictionary(fc.constantFrom('limit', 'cursor', 'status', 'x'), text, { maxKeys: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'range',
          'if-range',
          'if-none-match',
          'accept',
          'idempotency-key',
          'x-request-id',
          'content-type',
        ),
        headerText,
        { maxKeys: 3 },
      ),
      async ({ path, method }, id, name, query, headers) => {
        const encode = (part: string) => encodeURIComponent(part.toWellFormed());
        const filled = path
          .replace(/\{(job_id|dead_letter_id)\}/, encode(id))
          .replace('{name}', encode(name));
        const search = Object.entries(query).map(([key, value]) => `${key}=${encode(value)}`);
        const url = `${filled}${search.length > 0 ? `?${search.join('&')}` : ''}`;
        const answer = await on.ask(method as 'GET', url, { headers });
        expect(answer.statusCode).toBeLessThan(500);
      },
    ),
    bounded,
  );
});
