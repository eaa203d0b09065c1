import { describe, expect, it, test } from 'vitest';

import { AppError } from '../../domain/errors.ts';
import { describeError } from './describe-error.ts';
import { withoutSecrets } from './without-secrets.ts';

const thrownBy = (work: () => unknown): Error => {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
};

describe('an error in the log', () => {
  it.each([
    ['a parser', thrownBy(() => JSON.parse('{"title": Zanzibar, "b": "Zanzibar"}'))],
    ['a cut quote', new Error('bad input: "Zanzibar')],
    ['typographic quotes', new Error('the voice “Zanzibar” said «Zanzibar» and “Zanzibar”')],
    ['PostgreSQL', new Error('invalid input syntax for type json: "Zanzibar"')],
    ['the caller’s making', new AppError('glyph_missing', 'No bundled font can draw: Zanzibar')],
    ['a refusal', new AppError('provider_refused', 'Zanzibar is not welcome.')],
    ['a URL', new Error('no answer from https://hooks.example.com/Zanzibar?token=Zanzibar')],
    ['a login', new Error('no route to postgres://Zanzibar:Zanzibar@db/Zanzibar')],
    ['lines that look like a place', new Error('x\n    at "Zanzibar" (/x.ts:1:1)\n    at Zanzibar:1:1"')],
    ['what hangs on it', Object.assign(new Error('x'), { parameters: ['Zanzibar'], detail: 'Zanzibar' })],
    ['a name', Object.assign(new Error('x'), { name: 'Zanzibar sleeps' })],
  ])('has no word of %s', (_, error) => {
    expect(JSON.stringify(describeError(error))).not.toContain('Zanzibar');
    const wrapped = new AppError('internal', 'It went wrong.', {
      cause: new Error('outer', { cause: error }),
    });
    expect(JSON.stringify(describeError(wrapped))).not.toContain('Zanzibar');
    expect(JSON.stringify(describeError(wrapped))).toContain('caused by: Error: outer');
  });

  it('says what, where and why', () => {
    const driver = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    const error = new AppError('database_unavailable', "The database's server does not answer.", {
      cause: driver,
    });
    expect(describeError(error)).toEqual({
      type: 'AppError',
      message: "The database's server does not answer.",
      code: 'database_unavailable',
      kind: 'transient',
      stack: expect.stringMatching(
        /^ {4}at .*describe-error\.test\.ts[\s\S]*\ncaused by: Error: connect ECONNREFUSED 127\.0\.0\.1:5432 \(ECONNREFUSED\)\n {4}at /,
      ),
    });
  });
});

test.each([
  ['listening at http://127.0.0.1:8787', 'listening at http://127.0.0.1:8787'],
  ['got https://u:p@example.com:8443/a/b?c=d again', 'got https://example.com:8443/… again'],
  ['file:///work/src/main.ts:3:1', 'file:///work/src/main.ts:3:1'],
  ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [not logged]'],
  [`key aiprod_0123abcd_${'x'.repeat(43)}.`, 'key aiprod_0123abcd_[not logged]'],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_[not logged]'],
])('of %j the log has %j', (text, logged) => {
  expect(withoutSecrets(text)).toBe(logged);
});
