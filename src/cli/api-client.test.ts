import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createApiClient } from './api-client.ts';
import { CommandError } from './exit-codes.ts';

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

let server: Server | undefined;
afterEach(async () => {
  server?.closeAllConnections();
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

/** Answers the requests in order; `asked` tells what they were. */
async function clientOf(...answers: Answer[]) {
  const asked: string[] = [];
  server = createServer((request, response) => {
    asked.push([request.method, request.url, request.headers['last-event-id']].join(' ').trim());
    answers.shift()!(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { client: createApiClient(`http://127.0.0.1:${port}`, { reconnectAfterMs: 0 }), asked };
}

const json =
  (body: unknown, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const jobIn = (status: string) => json({ job_id: 'j', status });
const events = (...states: [id: number, status: string][]) =>
  states
    .map(([id, status]) => `id: ${id}\ndata: ${JSON.stringify({ status, stage: null, progress: 0 })}\n\n`)
    .join('');
const stream =
  (text: string, { open = false } = {}): Answer =>
  (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
    if (!open) response.end();
  };
const breakOff: Answer = (response) => {
  response
    .writeHead(200, { 'content-type': 'text/event-stream' })
    .write(events([1, 'pending'], [2, 'processing']));
  response.write('id: 3\ndata: {', () => response.destroy());
};
const forever = new AbortController().signal;

describe('follow', () => {
  it('tells every state and returns the job as it ended, without waiting for the stream to end', async () => {
    const { client, asked } = await clientOf(
      stream(events([1, 'pending'], [2, 'processing'], [3, 'completed']), { open: true }),
      jobIn('completed'),
    );
    const seen: string[] = [];
    expect(await client.follow('j', ({ status }) => seen.push(status), forever)).toMatchObject({
      status: 'completed',
    });
    expect(seen).toEqual(['pending', 'processing', 'completed']);
    expect(asked).toEqual(['GET /v1/videos/j/events', 'GET /v1/videos/j']);
  });

  it('goes on past an end that a retry or an approval has undone', async () => {
    const { client } = await clientOf(
      stream(events([1, 'awaiting_approval'], [2, 'failed'], [3, 'processing'], [4, 'canceled']), {
        open: true,
      }),
      jobIn('processing'),
      jobIn('processing'),
      jobIn('canceled'),
    );
    const seen: string[] = [];
    expect(await client.follow('j', ({ status }) => seen.push(status), forever)).toMatchObject({
      status: 'canceled',
    });
    expect(seen).toHaveLength(4);
  });

  it('takes a broken stream up where it broke', async () => {
    const { client, asked } = await clientOf(
      breakOff,
      jobIn('processing'),
      stream(events([3, 'completed']), { open: true }),
      jobIn('completed'),
    );
    const seen: string[] = [];
    await client.follow('j', ({ status }) => seen.push(status), forever);
    expect(seen).toEqual(['pending', 'processing', 'completed']);
    expect(asked[2]).toBe('GET /v1/videos/j/events 2');
  });

  it('stops when it is told to', async () => {
    const { client } = await clientOf(stream(events([1, 'pending']), { open: true }));
    const leave = new AbortController();
    await expect(client.follow('j', () => leave.abort(), leave.signal)).rejects.toThrow('aborted');
  });
});

describe('problems', () => {
  const failure = async (answer: Answer) => {
    const { client } = await clientOf(answer);
    return client.get('j').catch((error: unknown) => (error instanceof CommandError ? error : undefined));
  };

  it('are told with their fields and their hint; the caller’s end with 3, the server’s with 4', async () => {
    const problem = {
      detail: 'Two fields.',
      hint: 'Correct them.',
      errors: [{ pointer: '/fps', detail: 'must be 30' }],
    };
    expect(await failure(json(problem, 422))).toMatchObject({
      exitCode: 3,
      message: 'Two fields.\n  /fps: must be 30',
      hint: 'Correct them.',
    });
    expect(await failure(json({ detail: 'No database.' }, 503))).toMatchObject({
      exitCode: 4,
      message: 'No database.',
    });
  });

  it('of servers that are not ours end with 4', async () => {
    expect(await failure((response) => response.writeHead(404).end('<html>'))).toMatchObject({ exitCode: 4 });
  });
});

describe('download', () => {
  it('leaves the whole file or nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aiprod-download-'));
    try {
      const { client } = await clientOf(
        (response) =>
          response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy()),
        (response) => response.end('the whole'),
      );
      const path = join(folder, 'new', 'video.mp4');
      await expect(client.download('j', 'video.mp4', path)).rejects.toThrow();
      expect(await readdir(join(folder, 'new'))).toEqual([]);
      await client.download('j', 'video.mp4', path);
      expect(await readFile(path, 'utf8')).toBe('the whole');
      expect(await readdir(join(folder, 'new'))).toEqual(['video.mp4']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
