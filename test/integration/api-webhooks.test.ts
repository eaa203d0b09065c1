// Webhook endpoints through the API: what is taken, what is refused, and whose they are.
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
beforeAll(async () => {
  on = await openTestApi();
});
afterAll(() => on.close());

const create = (json: object, user = 'ann') => on.ask('POST', '/v1/webhooks', { json, user });
const local = (path: string) => ({ url: `http://127.0.0.1:5678/${path}` });

test('an endpoint is made, read, changed and removed', async () => {
  const made = await create({ ...local('life'), types: ['video.completed'] });
  expect(made.statusCode).toBe(201);
  const { location } = made.headers as { location: string };
  expect(made.body).not.toContain('whsec_');
  expect((await on.ask('GET', location)).json()).toEqual(made.json());
  const changed = await on.ask('PATCH', location, { json: { enabled: false, types: null } });
  expect(changed.json()).toMatchObject({
    enabled: false,
    types: null,
    disabled_reason: 'Disabled by its user.',
  });
  expect((await on.ask('POST', `${location}/test`)).statusCode).toBe(409);
  const enabled = await on.ask('PATCH', location, { json: { enabled: true } });
  expect(enabled.json()).toMatchObject({ enabled: true, disabled_reason: null });
  const before = (await on.ask('GET', `${location}/secret`)).json().secret;
  const after = (await on.ask('POST', `${location}/rotate`)).json().secret;
  expect(after).not.toBe(before);
  expect((await on.ask('GET', `${location}/secret`)).json().secret).toBe(after);
  expect(new Webhook(after)).toBeDefined();
  expect((await on.ask('DELETE', location)).statusCode).toBe(204);
  expect((await on.ask('GET', location)).statusCode).toBe(404);
});

test('messages are listed in pages and sent again only once they are done', async () => {
  const { location } = (await create(local('log'))).headers as { location: string };
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) ids.push((await on.ask('POST', `${location}/test`)).json().message_id);
  const first = (await on.ask('GET', `${location}/deliveries?limit=2`)).json();
  const rest = (await on.ask('GET', `${location}/deliveries?limit=2&cursor=${first.next_cursor}`)).json();
  const seen = [...first.deliveries, ...rest.deliveries].map(({ message_id }) => message_id);
  expect(seen.toSorted()).toEqual(ids.toSorted());
  expect(rest.next_cursor).toBeNull();
  const again = () => on.ask('POST', `${location}/deliveries/${ids[0]}/redeliver`);
  expect((await again()).statusCode).toBe(409);
  await on.stores.pool.query(`UPDATE webhook_messages SET state = 'given_up', attempts = 8`);
  expect((await again()).statusCode).toBe(202);
  const unknown = `${location}/deliveries/msg_${'0'.repeat(32)}/redeliver`;
  expect((await on.ask('POST', unknown)).statusCode).toBe(404);
});

test('a video may name who is told of it', async () => {
  const { url } = local('named');
  const user = 'nam';
  const jobId = await on.create({ webhook_url: url }, user);
  expect(await on.create({ webhook_url: url }, user)).not.toBe(jobId);
  const other = await on.create({}, user);
  const { webhooks } = (await on.ask('GET', '/v1/webhooks', { user })).json();
  expect(webhooks).toMatchObject([{ url, only_named_jobs: true }]);
  for (const id of [jobId, other]) await on.ask('POST', `/v1/videos/${id}/cancel`, { user });
  const path = `/v1/webhooks/${webhooks[0].webhook_id}`;
  const { deliveries } = (await on.ask('GET', `${path}/deliveries`, { user })).json();
  expect(deliveries).toMatchObject([{ job_id: jobId, type: 'video.canceled' }]);
  await on.ask('PATCH', path, { user, json: { enabled: false } });
  for (const webhook_url of [url, 'https://127.0.0.1/']) {
    const refused = await on.ask('POST', '/v1/videos', { user, json: { script: 'The sea.', webhook_url } });
    expect(refused.json()).toMatchObject({ errors: [{ pointer: '/webhook_url' }] });
  }
});

test.each([
  'http://hooks.example.com/',
  'http://127.0.0.1:5679/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0177.0.0.1/',
  'https://0x7f.1/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[64:ff9b::7f00:1]/',
  'https://169.254.169.254/latest',
  'https://metadata.google.internal/',
  'https://localhost/',
  'https://user:word@hooks.example.com/',
  'https://hooks.example.com:25/',
  'ftp://hooks.example.com/',
])('%s is refused, with what to do', async (url) => {
  const answer = await create({ url });
  expect(answer.statusCode).toBe(422);
  expect(answer.json()).toMatchObject({
    code: 'request_invalid',
    errors: [{ pointer: '/url', detail: expect.any(String) }],
    hint: expect.any(String),
  });
});

test('a URL is taken once, and twenty are the most', async () => {
  for (let n = 0; n < 20; n++) expect((await create(local(`many/${n}`), 'max')).statusCode).toBe(201);
  expect((await create(local('many/0'), 'max')).json()).toMatchObject({ code: 'request_invalid' });
  expect((await create(local('many/20'), 'max')).json()).toMatchObject({ code: 'limit_reached' });
});

test("nobody reads, changes or uses another's", async () => {
  const { location } = (await create(local('own'))).headers as { location: string };
  const user = 'eve';
  const answers = await Promise.all([
    on.ask('GET', location, { user }),
    on.ask('PATCH', location, { user, json: { enabled: false } }),
    on.ask('DELETE', location, { user }),
    on.ask('GET', `${location}/secret`, { user }),
    on.ask('POST', `${location}/rotate`, { user }),
    on.ask('POST', `${location}/test`, { user }),
    on.ask('GET', `${location}/deliveries`, { user }),
  ]);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array(7).fill(404));
  expect((await on.ask('GET', '/v1/webhooks', { user })).json()).toEqual({ webhooks: [] });
});
