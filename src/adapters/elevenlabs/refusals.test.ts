import { expect, test } from 'vitest';

import { classify } from './refusals.ts';

test.each([
  [{ detail: { status: 'quota_exceeded', message: 'This request exceeds your quota.' } }, 'provider_quota'],
  [
    {
      detail: {
        type: 'rate_limit_error',
        code: 'concurrent_limit_exceeded',
        message: 'Too many requests',
        status: 'too_many_concurrent_requests',
        request_id: 'req_1',
      },
    },
    'provider_busy',
  ],
  [
    { detail: { type: 'authentication_error', code: 'invalid_api_key', message: 'No' } },
    'provider_credentials',
  ],
  [
    { detail: { status: 'bad_prompt', message: 'No', data: { prompt_suggestion: 'Something' } } },
    'provider_refused',
  ],
])('%j is %s', (body, code) => {
  expect(classify(400, body)).toMatchObject({ code, hint: expect.any(String) });
});

test.each([
  [{ detail: [{ loc: ['body', 'text'], msg: 'field required', type: 'missing' }] }],
  [{ detail: 'Not Found' }],
  [{ detail: { status: 'something_new', message: 'Hm' } }],
  ['<html></html>'],
  [null],
])('of %j only the status can tell', (body) => {
  expect(classify(422, body)).toBeUndefined();
});
