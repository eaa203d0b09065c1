// A double of Freesound on loopback: searches its few sounds by licence and length, hands out previews, and misbehaves on
// demand. It knows nothing of our code.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { tone, writeSound } from './sound-files.ts';
import { answerWrongly, type VendorFault } from './vendor-faults.ts';

type Route = 'search' | 'preview';

/** `day` = today's requests are used up there. */
export type FreesoundFault = VendorFault | 'day';

export interface DoubleSound {
  id: number;
  name: string;
  username: string;
  licence: keyof typeof licences;
  seconds: number;
  /** Instead of a tone. */
  content?: 'picture' | 'silence';
}

export interface FreesoundDouble {
  url: string;
  apiKey: string;
  sounds: DoubleSound[];
  /** True = the licence in the filter is not heeded. */
  ignoresFilter: boolean;
  /** Where previews are said to be; undefined = here. */
  previewsAt: string | undefined;
  /** Searches that were asked for, in order. */
  searches: { query: string; filter: string; fields: string }[];
  /** Ids of sounds whose preview was fetched, and whether a key came along. */
  previews: { id: number; authorization: string | undefined }[];
  /** Next requests of the route meet these, in order; `undefined` = a fine answer. */
  meet(route: Route, ...faults: (FreesoundFault | undefined)[]): void;
  close(): Promise<void>;
}

const licences = {
  'Creative Commons 0': 'http://creativecommons.org/publicdomain/zero/1.0/',
  Attribution: 'https://creativecommons.org/licenses/by/4.0/',
  'Attribution NonCommercial': 'http://creativecommons.org/licenses/by-nc/3.0/',
  'Sampling+': 'http://creativecommons.org/licenses/sampling+/1.0/',
} as const;

const refusals: Record<number, string> = {
  401: 'Invalid token.',
  429: 'Request was throttled because of exceeding a request limit rate (60/minute)',
  500: 'Internal error',
};
/** Nine bytes of a PNG's head: no sound. */
const picture = Buffer.from('89504e470d0a1a0a00', 'hex');

export async function openFreesoundDouble(): Promise<FreesoundDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-freesound-double-'));
  const faults: Record<Route, (FreesoundFault | undefined)[]> = { search: [], preview: [] };
  const files = new Map<string, Promise<Buffer>>();

  const soundOf = ({ id, seconds, content }: DoubleSound): Promise<Buffer> => {
    const file = join(folder, `${id}.mp3`);
    const samples =
      content === 'silence' ? new Float32Array(seconds * 44_100) : tone(seconds, 44_100, 0.3, 200 + id);
    const made = files.get(file) ?? writeSound(file, 'mp3', [samples], 44_100).then(() => readFile(file));
    files.set(file, made);
    return made;
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url!, double.url);
    const preview = /^\/data\/previews\/(\d+)-hq\.mp3$/.exec(url.pathname);
    const route: Route | undefined = preview
      ? 'preview'
      : url.pathname === '/apiv2/search/'
        ? 'search'
        : undefined;
    if (route === undefined) return void response.writeHead(404).end();
    const { authorization } = request.headers;
    if (preview) double.previews.push({ id: Number(preview[1]), authorization });
    const fault = faults[route].shift();
    if (fault === 'day')
      return refuse(
        response,
        429,
        'Request was throttled because of exceeding a request limit rate (2000/day)',
      );
    if (fault !== undefined)
      return answerWrongly(response, fault, (status) => ({
        body: { detail: refusals[status] },
        headers: status === 429 ? { 'retry-after': '38' } : {},
      }));
    if (preview) return void sendPreview(response, Number(preview[1]));
    if (authorization !== `Token ${double.apiKey}`) return refuse(response, 401, refusals[401]!);
    return search(response, url.searchParams);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  function search(response: ServerResponse, parameters: URLSearchParams): void {
    const [query, filter, fields] = ['query', 'filter', 'fields'].map((name) => parameters.get(name) ?? '');
    double.searches.push({ query: query!, filter: filter!, fields: fields! });
    const [, from, to] = /duration:\[(\S+) TO (\S+)\]/.exec(filter!) ?? [];
    const found = double.sounds.filter(
      ({ licence, seconds }) =>
        (double.ignoresFilter || filter!.includes(`"${licence}"`)) &&
        seconds >= Number(from ?? 0) &&
        seconds <= Number(to ?? 1e9),
    );
    const results = found.map(({ id, name, username, licence, seconds }) => ({
      id,
      name,
      username,
      license: licences[licence],
      duration: seconds,
      previews: {
        'preview-hq-mp3': `${double.previewsAt ?? double.url}/data/previews/${id}-hq.mp3`,
        'preview-lq-mp3': `${double.url}/data/previews/${id}-lq.mp3`,
      },
    }));
    const body = { count: results.length, next: null, previous: null, results };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async function sendPreview(response: ServerResponse, id: number): Promise<void> {
    const sound = double.sounds.find((each) => each.id === id);
    if (sound === undefined) return void response.writeHead(404).end();
    const bytes = sound.content === 'picture' ? picture : await soundOf(sound);
    response.writeHead(200, { 'content-type': 'audio/mpeg' }).end(bytes);
  }

  const double: FreesoundDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    apiKey: 'freesound-test-key',
    sounds: [
      { id: 11, name: 'Thunder, close', username: 'anna', licence: 'Creative Commons 0', seconds: 3 },
      { id: 12, name: 'Distant thunder', username: 'bert', licence: 'Attribution', seconds: 5 },
      { id: 13, name: 'Thunder roll', username: 'cleo', licence: 'Attribution NonCommercial', seconds: 4 },
      { id: 14, name: 'Old thunder', username: 'dora', licence: 'Sampling+', seconds: 4 },
      { id: 15, name: 'Long rain', username: 'emil', licence: 'Creative Commons 0', seconds: 15 },
    ],
    ignoresFilter: false,
    previewsAt: undefined,
    searches: [],
    previews: [],
    meet: (route, ...next) => void faults[route].push(...next),
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true, force: true });
    },
  };
  return double;
}

function refuse(response: ServerResponse, status: number, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ detail }));
}
