// What the schemas accept, fill in and refuse, without a server around them.
import fc from 'fast-check';
import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';

import type { Problem } from '../../domain/errors.ts';
import type { Report } from '../../domain/report.ts';
import type { Storyboard } from '../../domain/storyboard.ts';
import { limits, type VideoRequest } from '../../domain/video-request.ts';
import type { Voice } from '../../ports/providers.ts';
import { acceptRequest, digestOf } from '../accept-request.ts';
import { createVideoSchema, type problemSchema, type storyboardSchema } from './index.ts';
import type { reportSchema } from './report.ts';
import { payloadSchema } from './video-request.ts';

const voices = [
  { voice: 'v', name: 'V', languages: ['en'], engine: 'e', licence: 'l', description: 'd' },
] satisfies Voice[];

test('the wire forms are those of the domain', () => {
  expectTypeOf<VideoRequest>().toExtend<z.output<typeof payloadSchema>>();
  expectTypeOf<Report>().toExtend<z.output<typeof reportSchema>>();
  expectTypeOf<z.output<typeof reportSchema>>().toExtend<Report>();
  expectTypeOf<Problem>().toExtend<z.output<typeof problemSchema>>();
  expectTypeOf<Storyboard>().toExtend<z.output<typeof storyboardSchema>>();
});

test('defaults make a complete request that the payload schema accepts', () => {
  const request = acceptRequest(createVideoSchema.parse({ script: 'Hello.' }), voices);
  expect(payloadSchema.parse(request)).toEqual(request);
  expect(Object.keys(request)).not.toContain('scenes');
});

test('any well-formed script within the limit is kept to the letter', () => {
  const anyScript = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 200 })
    .filter((script) => !script.includes('\u0000') && script.trim() !== '');
  fc.assert(
    fc.property(anyScript, (script) => {
      expect(createVideoSchema.parse({ script }).script).toBe(script);
    }),
  );
});

test('the limit counts code points', () => {
  const of = (count: number) => createVideoSchema.safeParse({ script: '𝒜'.repeat(count) }).success;
  expect([of(limits.scriptChars), of(limits.scriptChars + 1)]).toEqual([true, false]);
});

test('digests tell requests apart by content, not by order', () => {
  const digest = (body: Record<string, unknown>) =>
    digestOf(acceptRequest(createVideoSchema.parse({ script: 'Hello.', ...body }), voices));
  expect(digest({ seed: 2, metadata: { a: '1', b: '2' } })).toBe(
    digest({ metadata: { b: '2', a: '1' }, seed: 2 }),
  );
  expect(digest({ style: 'cinematic' })).toBe(digest({}));
  expect(digest({ seed: 2 })).not.toBe(digest({}));
  expect(digest({ metadata: { a: '1' } })).not.toBe(digest({ metadata: { a: '2' } }));
});
