// A double of a Suno broker on loopback: takes songs, lets them ripen over some polls, hands out takes as MP3, and
// misbehaves on demand. It knows nothing of our code.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tone, writeSound } from './sound-files.ts';
import { answerWrongly, type VendorFault } from './vendor-faults.ts';

type Route = 'generate' | 'record-info' | 'credit' | 'file';

/** An HTTP fault, or a `code` in a body that comes with 200. */
export type SunoFault = VendorFault | { code: number };

interface Take {
  seconds: number;
  /** Instead of two tones. */
  content?: 'picture' | 'adpcm' | 'silence';
}

export interface SunoDouble {
  url: string;
  apiKey: string;
  /** Bodies of the songs that were asked for, in order. */
  songs: Record<string, unknown>[];
  /** Songs that the real one would bill. */
  billed: number;
  /** What the account has left. */
  credits: number;
  /** Ids of tasks that were asked about, in order. */
  polled: string[];
  /** Headers of the files' requests. */
  downloads: IncomingMessage['headers'][];
  /** Next requests of the route meet these, in order; `undefined` = a fine answer. */
  meet(route: Route, ...faults: (SunoFault | undefined)[]): void;
  /** What becomes of tasks: polls under way, the status after them, seconds of each take. */
  task: { polls: number; status: string; takes: Take[] };
  /** Where takes are said to be; undefined = here. */
  filesAt: string | undefined;
  /** Called on every poll, before the answer. */
  onPoll: () => void;
  close(): Promise<void>;
}

const ripening = ['PENDING', 'TEXT_SUCCESS', 'FIRST_SUCCESS'];
/** Nine bytes of a PNG's head: no sound. */
const picture = Buffer.from('89504e470d0a1a0a00', 'hex');

export async function openSunoDouble(): Promise<SunoDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-suno-double-'));
  const faults: Record<Route, (SunoFault | undefined)[]> = {
    generate: [],
    'record-info': [],
    credit: [],
    file: [],
  };
  const polls = new Map<string, number>();
  const sounds = new Map<string, Promise<Buffer>>();

  const soundOf = ({ seconds, content }: Take): Promise<Buffer> => {
    const name = `${seconds}-${content ?? 'tone'}`;
    const file = join(folder, name);
    const level = content === 'silence' ? 0 : 0.3;
    const channels = [tone(seconds, 44_100, level), tone(seconds, 44_100, level, 660)];
    const kind = content === 'adpcm' ? 'adpcm' : 'mp3';
    const made =
      sounds.get(name) ??
      writeSound(file, kind, content === 'adpcm' ? channels.slice(1) : channels, 44_100).then(() =>
        readFile(file),
      );
    sounds.set(name, made);
    return made;
  };

  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const url = new URL(request.url!, double.url);
    const route: Route | undefined = url.pathname.startsWith('/files/')
      ? 'file'
      : url.pathname === '/api/v1/generate'
        ? 'generate'
        : url.pathname === '/api/v1/generate/record-info'
          ? 'record-info'
          : url.pathname === '/api/v1/generate/credit'
            ? 'credit'
            : undefined;
    if (route === undefined) return void response.writeHead(404).end();
    if (route === 'record-info') {
      double.polled.push(url.searchParams.get('taskId')!);
      double.onPoll();
    }
    if (route === 'file') double.downloads.push(request.headers);
    const fault = faults[route].shift();
    if (typeof fault === 'object') return say(response, fault.code, null);
    if (fault !== undefined)
      return answerWrongly(response, fault, (status) => ({ body: { code: status, msg: 'no' } }));
    if (route === 'file') return sendFile(response, Number.parseInt(url.pathname.split('/')[2]!, 10));
    if (request.headers.authorization !== `Bearer ${double.apiKey}`) return say(response, 401, null);
    if (route === 'generate') return take(response, JSON.parse(body));
    if (route === 'credit') return say(response, 200, double.credits);
    return record(response, url.searchParams.get('taskId')!);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  function take(response: ServerResponse, song: Record<string, unknown>): void {
    double.songs.push(song);
    const complete = ['model', 'style', 'title', 'callBackUrl'].every(
      (name) => typeof song[name] === 'string',
    );
    if (!complete || song.customMode !== true || song.instrumental !== true) {
      say(response, 400, null);
      return;
    }
    double.billed++;
    const taskId = `5c79be8e${double.billed}`;
    polls.set(taskId, 0);
    say(response, 200, { taskId });
  }

  function record(response: ServerResponse, taskId: string): void {
    const count = polls.get(taskId);
    if (count === undefined) {
      say(response, 404, null);
      return;
    }
    polls.set(taskId, count + 1);
    const { polls: needed, status, takes } = double.task;
    const isDone = count >= needed;
    const shown = isDone && ['SUCCESS', 'CALLBACK_EXCEPTION'].includes(status) ? takes : [];
    say(response, 200, {
      taskId,
      parentMusicId: '',
      param: JSON.stringify(double.songs.at(-1)),
      response: isDone
        ? {
            taskId,
            sunoData: shown.map(({ seconds }, index) => ({
              id: `8551662c-${index}`,
              audioUrl: `${double.filesAt ?? double.url}/files/${index}.mp3`,
              streamAudioUrl: `${double.url}/stream/${index}`,
              imageUrl: `${double.url}/cover.jpeg`,
              prompt: '',
              modelName: 'chirp-crow',
              title: 'Score',
              tags: 'instrumental',
              createTime: '2026-11-25 00:00:00',
              duration: seconds,
            })),
          }
        : null,
      status: isDone ? status : ripening[Math.min(count, ripening.length - 1)],
      type: 'GENERATE',
      errorCode: null,
      errorMessage: null,
    });
  }

  async function sendFile(response: ServerResponse, index: number): Promise<void> {
    const wanted = double.task.takes[index];
    if (wanted === undefined) return void response.writeHead(404).end();
    const bytes = wanted.content === 'picture' ? picture : await soundOf(wanted);
    response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(bytes);
  }

  const double: SunoDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'suno-test-key',
    songs: [],
    billed: 0,
    credits: 500,
    polled: [],
    downloads: [],
    meet: (route, ...next) => void faults[route].push(...next),
    task: { polls: 1, status: 'SUCCESS', takes: [{ seconds: 3 }, { seconds: 2 }] },
    filesAt: undefined,
    onPoll: () => {},
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return double;
}

function say(response: ServerResponse, code: number, data: unknown): void {
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ code, msg: code === 200 ? 'success' : 'no', data }));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
