// A double of the Gemini API on loopback: plans, pictures and clips like the real ones', faults on demand, and a till that
// counts what the real one would bill. It knows nothing of our code.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeScene, moving, smallFormat } from './footage.ts';
import {
  type ClipOutcome,
  type GeminiBody,
  generation,
  operationOf,
  type PlannedByDouble,
  pictureOf,
  planOf,
  refusals,
  usage,
} from './gemini-double-answers.ts';

type Refusal = keyof typeof refusals | 'gateway' | 'blocked';

/** What a request that would be paid meets instead of its answer. Refusals are not billed. */
export type GeminiFault =
  | Refusal
  | 'hang'
  | 'slow'
  | 'html'
  | 'cut'
  | 'empty'
  | 'safety'
  | 'max_tokens'
  | 'prose'
  | 'other_words'
  | 'other_motif'
  | 'not_an_image'
  | 'jpeg_called_png'
  | 'no_image';

export interface GeminiDouble {
  url: string;
  apiKey: string;
  /** Every request, in order. */
  asked: { method: string; path: string; key: unknown; body: GeminiBody }[];
  /** Resolves with the next request whose path holds this. */
  nextAsked(part: string): Promise<void>;
  /** What the real one would bill. */
  billed: { inputTokens: number; outputTokens: number; pictures: number; clips: number };
  /** The next requests that would be paid meet these, in order; `undefined` = a fine answer. */
  meet(...faults: (GeminiFault | undefined)[]): void;
  /** Whose scenes are answered; may be set. */
  plan(body: GeminiBody): PlannedByDouble[];
  /** CSS colour of its pictures. */
  colour: string;
  /** Pictures whose prompt holds this are stopped by the safety filter. */
  refusesPicturesOf: string | undefined;
  clip: { outcome: ClipOutcome; pollsUntilDone: number };
  /** Models that it does not offer when asked about them. */
  retired: string[];
  close(): Promise<void>;
}

interface Reply {
  status?: number;
  headers?: Record<string, string>;
  /** Objects are sent as JSON. */
  body?: object | string;
  manner?: 'hang' | 'slow';
}

export async function openGeminiDouble(): Promise<GeminiDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-gemini-double-'));
  const faults: (GeminiFault | undefined)[] = [];
  const polls = new Map<string, number>();
  const watchers: { part: string; tell: () => void }[] = [];
  let clip: Promise<Buffer> | undefined;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const text = Buffer.concat(chunks).toString();
      const body = (text === '' ? {} : JSON.parse(text)) as GeminiBody;
      const key = request.headers['x-goog-api-key'];
      const path = request.url!;
      double.asked.push({ method: request.method!, path, key, body });
      for (const { part, tell } of watchers) if (path.includes(part)) tell();
      deliver(response, key === double.apiKey ? await answer(path, body) : refusal('key'));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;

  const double: GeminiDouble = {
    url: `http://127.0.0.1:${port}`,
    apiKey: 'AIza-double',
    asked: [],
    nextAsked: (part) => new Promise((tell) => void watchers.push({ part, tell })),
    billed: { inputTokens: 0, outputTokens: 0, pictures: 0, clips: 0 },
    meet: (...next) => void faults.push(...next),
    plan: planOf,
    colour: 'rgb(200, 40, 40)',
    refusesPicturesOf: undefined,
    clip: { outcome: 'ready', pollsUntilDone: 2 },
    retired: [],
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await rm(folder, { recursive: true });
    },
  };
  return double;

  async function answer(path: string, body: GeminiBody): Promise<Reply> {
    if (path.endsWith(':generateContent')) return generate(body, faults.shift());
    if (path.endsWith(':predictLongRunning')) return startClip(path, faults.shift());
    if (path.includes('/operations/')) return { body: operation(path.replace('/v1beta/', '')) };
    if (/^\/(download\/)?v1beta\/files\//.test(path)) return download(path);
    const model = /^\/v1beta\/models\/([\w.-]+)$/.exec(path)?.[1];
    if (model !== undefined && !double.retired.includes(model)) return { body: { name: `models/${model}` } };
    return refusal('unknown_model');
  }

  function generate(body: GeminiBody, fault: GeminiFault | undefined): Reply {
    if (isRefusal(fault)) return refusal(fault);
    const { responseModalities, imageConfig } = body.generationConfig;
    if (!responseModalities?.includes('IMAGE')) {
      bill();
      return spoilt(generation([{ text: planText(body, fault) }]), fault);
    }
    const prompt = body.contents[0]!.parts[0]!.text;
    if (double.refusesPicturesOf !== undefined && prompt.includes(double.refusesPicturesOf))
      return { body: generation([], 'IMAGE_SAFETY') };
    bill();
    if (fault === 'no_image') return { body: generation([{ text: 'I can only describe it.' }]) };
    double.billed.pictures++;
    const type = fault === 'jpeg_called_png' ? 'jpeg' : 'png';
    const picture = pictureOf(imageConfig!.aspectRatio, double.colour, type);
    const bytes =
      fault === 'not_an_image' ? Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') : picture;
    const inlineData = { mimeType: 'image/png', data: bytes.toString('base64') };
    return spoilt(generation([{ text: 'Here is your picture.' }, { inlineData }]), fault);
  }

  function bill(): void {
    double.billed.inputTokens += usage.promptTokenCount;
    double.billed.outputTokens += usage.candidatesTokenCount + usage.thoughtsTokenCount;
  }

  function planText(body: GeminiBody, fault: GeminiFault | undefined): string {
    if (fault === 'prose') return 'Of course! Here is your storyboard.';
    const [first, ...rest] = double.plan(body);
    const changed = {
      ...first,
      ...(fault === 'other_words' && { text: `${first!.text} Subscribe now!` }),
      ...(fault === 'other_motif' && { motif: 'dragons' }),
    };
    return JSON.stringify({ scenes: [changed, ...rest] });
  }

  function startClip(path: string, fault: GeminiFault | undefined): Reply {
    if (isRefusal(fault)) return refusal(fault);
    double.billed.clips++;
    const model = /models\/([^:]+)/.exec(path)![1];
    return spoilt({ name: `models/${model}/operations/op${double.billed.clips}` }, fault);
  }

  function operation(name: string): object {
    const { outcome, pollsUntilDone } = double.clip;
    const times = (polls.get(name) ?? 0) + 1;
    polls.set(name, times);
    const isDone = outcome !== 'never' && times >= pollsUntilDone;
    return isDone ? operationOf(name, outcome, double.url) : { name };
  }

  async function download(path: string): Promise<Reply> {
    const { outcome } = double.clip;
    const headers = { 'content-type': 'video/mp4' };
    if (outcome === 'not_a_clip') return { headers, body: 'no clip' };
    if (outcome === 'moved_elsewhere')
      return { status: 302, headers: { location: 'http://127.0.0.1:9/steal' } };
    if (outcome === 'moved' && !path.startsWith('/download'))
      return { status: 302, headers: { location: `/download${path}` } };
    clip ??= filmClip(join(folder, 'clip.mp4'));
    return { headers, body: await clip };
  }
}

async function filmClip(path: string): Promise<Buffer> {
  await encodeScene(path, { ...smallFormat, fps: 24 }, 24, moving);
  return readFile(path);
}

/** A fine answer, or what the fault makes of it; billed all the same. */
function spoilt(whole: object, fault: GeminiFault | undefined): Reply {
  const text = JSON.stringify(whole);
  if (fault === 'hang' || fault === 'slow') return { manner: fault, body: text };
  if (fault === 'html') return { headers: { 'content-type': 'text/html' }, body: '<html>Sorry</html>' };
  if (fault === 'cut') return { body: text.slice(0, text.length / 2) };
  if (fault === 'empty') return { body: { candidates: [], usageMetadata: usage } };
  if (fault === 'safety') return { body: generation([], 'SAFETY') };
  if (fault === 'max_tokens') return { body: generation([{ text: '{"scenes":[{"te' }], 'MAX_TOKENS') };
  return { body: text };
}

function isRefusal(fault: GeminiFault | undefined): fault is Refusal {
  return fault === 'gateway' || fault === 'blocked' || Object.hasOwn(refusals, fault ?? '');
}

function refusal(fault: Refusal): Reply {
  if (fault === 'gateway') return { status: 502, body: '<html>Bad Gateway</html>' };
  if (fault === 'blocked')
    return {
      body: {
        promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
        usageMetadata: { promptTokenCount: 900 },
      },
    };
  return { status: refusals[fault].code, body: { error: refusals[fault] } };
}

function deliver(response: ServerResponse, { status = 200, headers, body = '', manner }: Reply): void {
  if (manner === 'hang') return;
  const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers });
  if (manner === undefined) {
    response.end(bytes);
    return;
  }
  const drip = setInterval(() => response.write(' '), 20);
  response.on('close', () => clearInterval(drip));
}
