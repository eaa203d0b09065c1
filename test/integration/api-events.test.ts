// Following a job over a real connection: history, live events, coming back, and every way in which it ends.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { readServerSentEvents, type ServerSentEvent } from '../../src/cli/server-sent-events.ts';
import { localCaller } from '../../src/domain/caller.ts';
import { openTestApi, type TestApi } from '../support/api.ts';

let on: TestApi;
let base: string;
beforeAll(async () => {
  on = await openTestApi({ heartbeatMs: 50, eventPollMs: 200 });
  base = await on.api.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => on.close());

const follow = (jobId: string, headers: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${base}/v1/videos/${jobId}/events`, { headers, ...(signal && { signal }) });

async function* events(
  response: Response,
): AsyncGenerator<ServerSentEvent & { state: Record<string, unknown> }> {
  for await (const event of readServerSentEvents(response.body!))
    yield { ...event, state: JSON.parse(event.data) };
}

async function collect(response: Response) {
  const all = [];
  for await (const event of events(response)) all.push(event);
  return all;
}

test('history, then what happens, then the end', async () => {
  const lease = await on.stores.claimNew('ann');
  const response = await follow(lease.jobId);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const seen: string[] = [];
  for await (const { id, event, state } of events(response)) {
    seen.push(`${id} ${event} ${state.status}`);
    expect(state.at).toMatch(/^\d{4}-.*Z$/);
    if (state.status === 'processing' && event === 'state') {
      await on.stores.leases.setProgress(lease, { stage: 'narrate', progress: 0.25 });
    } else if (state.stage === 'narrate' && event !== 'state') {
      expect(state.progress).toBe(0.25);
      await on.ask('POST', `/v1/videos/${lease.jobId}/cancel`);
    }
  }
  expect(seen).toEqual(['1 state pending', '2 state processing', '3 stage processing', '4 state canceled']);
});

test('a user may follow a hundred jobs at once, and another again when one stream is closed', async () => {
  const lease = await on.stores.claimNew('ann');
  const readers = Array.from({ length: 100 }, () => new AbortController());
  const streams = await Promise.all(readers.map(({ signal }) => follow(lease.jobId, {}, signal)));
  expect(streams.map(({ status }) => status)).toEqual(Array(100).fill(200));
  const refused = await follow(lease.jobId);
  const { code } = (await refused.json()) as { code: string };
  expect([refused.status, code]).toEqual([429, 'limit_reached']);
  readers.pop()!.abort();
  await vi.waitFor(async () => {
    const reader = new AbortController();
    readers.push(reader);
    expect((await follow(lease.jobId, {}, reader.signal)).status).toBe(200);
  });
  for (const reader of readers) reader.abort();
});

test('a reader that comes back gets only what it has not', async () => {
  const jobId = await on.create();
  await on.ask('POST', `/v1/videos/${jobId}/cancel`);
  await on.ask('POST', `/v1/videos/${jobId}/retry`);
  await on.ask('POST', `/v1/videos/${jobId}/cancel`);
  const all = await collect(await follow(jobId));
  expect(all.map(({ state }) => state.status)).toEqual(['pending', 'canceled', 'pending', 'canceled']);
  const rest = await collect(await follow(jobId, { 'last-event-id': all[1]!.id }));
  expect(rest.map(({ id }) => id)).toEqual([all[2]!.id, all[3]!.id]);
  const nothing = await follow(jobId, { 'last-event-id': all[3]!.id });
  expect([nothing.status, await nothing.text()]).toEqual([204, '']);
});

test.each(['x', '-1', '1.5', '9'.repeat(16)])('refuses Last-Event-ID: %s', async (id) => {
  const jobId = await on.create();
  const answer = await follow(jobId, { 'last-event-id': id });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ errors: [{ pointer: '/headers/last-event-id' }] });
});

test('silence is filled with comments', async () => {
  const jobId = await on.create();
  const leave = new AbortController();
  const response = await follow(jobId, {}, leave.signal);
  let text = '';
  await expect(async () => {
    for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      if (text.includes(': still here')) leave.abort();
    }
  }).rejects.toThrow();
  expect(text.startsWith('retry: 2000\n\nid: 1\nevent: state\n')).toBe(true);
});

/** An API whose callers wait at the door until `letIn`, and which tells when a reader's subscription ends. */
async function openGatedApi() {
  const [asked, door, unsubscribed] = [
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
    Promise.withResolvers<void>(),
  ];
  const gated = await openTestApi({
    jobEvents: { read: async () => [], subscribe: () => unsubscribed.resolve },
    async authenticate({ method }) {
      if (method === 'GET') {
        asked.resolve();
        await door.promise;
      }
      return { ...localCaller, userId: 'ann' };
    },
  });
  const url = await gated.api.listen({ host: '127.0.0.1', port: 0 });
  const eventsUrl = `${url}/v1/videos/${await gated.create()}/events`;
  return { gated, eventsUrl, asked: asked.promise, letIn: door.resolve, unsubscribed: unsubscribed.promise };
}

test('a reader that leaves costs nothing more', async () => {
  const { gated, eventsUrl, letIn, unsubscribed } = await openGatedApi();
  letIn();
  const leave = new AbortController();
  await fetch(eventsUrl, { signal: leave.signal });
  leave.abort();
  await unsubscribed;
  await gated.close();
});

test('a reader that has left before its job was found costs nothing more', async () => {
  const { gated, eventsUrl, asked, letIn, unsubscribed } = await openGatedApi();
  const left = Promise.withResolvers<void>();
  gated.api.server.on('connection', (socket) => socket.once('close', () => left.resolve()));
  const leave = new AbortController();
  const answer = fetch(eventsUrl, { signal: leave.signal });
  await asked;
  leave.abort();
  await expect(answer).rejects.toThrow();
  await left.promise;
  letIn();
  await unsubscribed;
  await gated.close();
});

test('a reader whose job is found while the server closes does not hold it up', async () => {
  const { gated, eventsUrl, asked, letIn } = await openGatedApi();
  const answer = fetch(eventsUrl);
  await asked;
  const closing = gated.close();
  letIn();
  expect(await (await answer).text()).not.toContain('still here');
  await closing;
});

test('a deleted job ends its readers', async () => {
  const jobId = await on.create();
  const response = await follow(jobId);
  const seen = [];
  for await (const event of events(response)) {
    seen.push(event.state.status);
    await on.ask('DELETE', `/v1/videos/${jobId}`);
  }
  expect(seen[0]).toBe('pending');
});

test('a long history comes whole and in order', async () => {
  const lease = await on.stores.claimNew('ann');
  for (let percent = 1; percent <= 99; percent++) {
    await on.stores.leases.setProgress(lease, { stage: 'render', progress: percent / 100 });
  }
  await on.stores.leases.release(lease);
  await on.ask('POST', `/v1/videos/${lease.jobId}/cancel`);
  const ids = (await collect(await follow(lease.jobId))).map(({ id }) => Number(id));
  expect(ids.length).toBeGreaterThan(100);
  expect(ids).toEqual(ids.map((_, index) => index + 1));
});

test('closing the server ends readers and lets requests finish', async () => {
  const slow = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const other = await openTestApi({
    readiness: {
      patience: () => {
        asked.resolve();
        return slow.promise;
      },
    },
  });
  const url = await other.api.listen({ host: '127.0.0.1', port: 0 });
  const jobId = await other.create();
  const reader = events(await fetch(`${url}/v1/videos/${jobId}/events`));
  expect((await reader.next()).value?.state.status).toBe('pending');
  const running = fetch(`${url}/ready`);
  await asked.promise;
  const closing = other.close();
  expect(await reader.next()).toEqual({ done: true, value: undefined });
  slow.resolve();
  expect((await running).status).toBe(200);
  await closing;
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});
