// ElevenLabs as far as the adapter uses it, on loopback: answers of the documented shapes with real sound in them, a
// ledger of what it charged, and faults on demand.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import { type SoundKind, tone, writeSound } from './sound-files.ts';

export const elevenlabsKey = 'sk_double_0123456789';
const rate = 44_100;

/** Refusals in its words, and answers that went wrong on the way. */
const refusals = {
  quota: [401, 'quota_exceeded', 'This request exceeds your quota of 10000. You have 3 credits remaining.'],
  bad_key: [401, 'invalid_api_key', 'Invalid API key'],
  unusual: [401, 'detected_unusual_activity', 'Unusual activity detected. Free Tier usage disabled.'],
  crowded: [429, 'too_many_concurrent_requests', 'Too many concurrent requests. Your current plan allows 2.'],
  busy: [429, 'system_busy', 'We are experiencing heavy traffic. Please try again.'],
  refused: [422, 'content_against_policy', 'This text appears to violate our terms of service.'],
  no_voice: [404, 'voice_not_found', 'A voice for the given voice_id was not found.'],
} as const;
export type ElevenlabsFault =
  | keyof typeof refusals
  | 'fault_500'
  | 'gateway_502'
  | 'hang'
  | 'slow_body'
  | 'html_200'
  | 'truncated_json'
  | 'wrong_codec'
  | 'empty_audio'
  | 'silent_audio'
  | 'other_times'
  | 'no_times';

export interface AskedOfElevenlabs {
  path: string;
  query: Record<string, string>;
  body: Record<string, unknown>;
}

export interface ElevenlabsDouble {
  url: string;
  /** In order, whatever came of them. */
  asked: AskedOfElevenlabs[];
  /** What was charged: characters of speech, seconds of effects and of music. */
  charged: { requests: number; characters: number; effectSeconds: number; musicSeconds: number };
  /** The next requests go wrong in this way, one each; then all is well again. */
  faults: ElevenlabsFault[];
  /** Of the plan's 100,000. */
  usedCredits: number;
  /** Every request of a kind goes wrong in this way, until it is taken out. */
  failing: Partial<Record<'speech' | 'effects' | 'music', ElevenlabsFault>>;
  close(): Promise<void>;
}

export async function startElevenlabsDouble(): Promise<ElevenlabsDouble> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-elevenlabs-'));
  const asked: AskedOfElevenlabs[] = [];
  const charged = { requests: 0, characters: 0, effectSeconds: 0, musicSeconds: 0 };
  const faults: ElevenlabsFault[] = [];
  const double = { asked, charged, faults, usedCredits: 1_000, failing: {} as ElevenlabsDouble['failing'] };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.destroy(error));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://double');
    if (request.method === 'GET') return tellUser(request, response);
    const body = (await json(request)) as Record<string, unknown>;
    asked.push({ path: url.pathname, query: Object.fromEntries(url.searchParams), body });
    const fault = faults.shift() ?? double.failing[kindOf(url.pathname)];
    if (request.headers['xi-api-key'] !== elevenlabsKey) return refuse(response, 'bad_key');
    if (fault !== undefined && fault in refusals) return refuse(response, fault as keyof typeof refusals);
    if (fault === 'fault_500') return void response.writeHead(500).end('{"detail":"Internal server error"}');
    // From here on it is paid, whether the answer arrives or not.
    charged.requests++;
    if (kindOf(url.pathname) === 'speech') charged.characters += [...String(body.text)].length;
    if (url.pathname === '/v1/sound-generation') charged.effectSeconds += Number(body.duration_seconds);
    if (url.pathname === '/v1/music') charged.musicSeconds += Number(body.music_length_ms) / 1000;
    if (fault === 'hang') return;
    if (fault === 'gateway_502') return void response.writeHead(502).end('<html>Bad gateway</html>');
    if (fault === 'html_200') {
      response.writeHead(200, { 'content-type': 'text/html' });
      return void response.end('<html><body>We will be back soon.</body></html>');
    }
    const made = await make(url.pathname, body, fault);
    response.writeHead(200, { 'content-type': made.mediaType, 'request-id': randomUUID() });
    if (fault === 'truncated_json') return void response.end(made.bytes.subarray(0, made.bytes.length / 2));
    if (fault !== 'slow_body') return void response.end(made.bytes);
    response.write(made.bytes.subarray(0, 100));
  }

  async function tellUser(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers['xi-api-key'] !== elevenlabsKey) return refuse(response, 'bad_key');
    const subscription = { tier: 'creator', character_count: double.usedCredits, character_limit: 100_000 };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ user_id: 'u1', subscription }));
  }

  async function make(path: string, body: Record<string, unknown>, fault: ElevenlabsFault | undefined) {
    const kind: SoundKind = fault === 'wrong_codec' ? 'adpcm' : 'mp3';
    const encode = async (channels: Float32Array[]) => {
      if (fault === 'empty_audio') return Buffer.alloc(0);
      if (fault === 'silent_audio') for (const channel of channels) channel.fill(0);
      const file = join(folder, randomUUID());
      await writeSound(file, kind, kind === 'adpcm' ? channels.slice(0, 1) : channels, rate);
      return readFile(file);
    };
    if (path.endsWith('/with-timestamps')) {
      const { samples, alignment } = speakAloud(
        fault === 'other_times' ? 'Something else' : String(body.text),
      );
      const audio = await encode([samples]);
      const answer = {
        audio_base64: audio.toString('base64'),
        alignment: fault === 'no_times' ? null : alignment,
        normalized_alignment: fault === 'no_times' ? null : alignment,
      };
      return { mediaType: 'application/json', bytes: Buffer.from(JSON.stringify(answer)) };
    }
    const seconds =
      path === '/v1/music' ? Number(body.music_length_ms) / 1000 : Number(body.duration_seconds);
    // No two models keep exactly to the length that was asked.
    const bytes = await encode([tone(seconds + 0.4, rate, 0.3, 220), tone(seconds + 0.4, rate, 0.3, 277)]);
    return { mediaType: 'audio/mpeg', bytes };
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(double, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true });
    },
  });
}

function kindOf(path: string): keyof ElevenlabsDouble['failing'] {
  if (path.startsWith('/v1/text-to-speech/')) return 'speech';
  return path === '/v1/music' ? 'music' : 'effects';
}

function refuse(response: ServerResponse, fault: keyof typeof refusals): void {
  const [status, word, message] = refusals[fault];
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ detail: { status: word, message } }));
}

/** Before the first sound, as its voices begin. */
const leadSeconds = 0.12;

/** A fifth of a second of a voice, at several pitches. */
const voices = Array.from({ length: 12 }, (_, pitch) =>
  Float32Array.from({ length: rate / 5 }, (_, i) => {
    let value = 0;
    for (let k = 1; k < 12; k++)
      value += Math.cos((2 * Math.PI * (140 + 8 * pitch) * k * i) / rate + k * k) / k;
    return 0.12 * value;
  }),
);

/** A tone for each character, a rest for spaces and marks; the times are those of the sound. */
function speakAloud(text: string) {
  const characters = [...text];
  const starts: number[] = [];
  const ends: number[] = [];
  // Nobody listens to a whole long text.
  const pace = characters.length > 1_000 ? 0.2 : 1;
  let at = leadSeconds;
  for (const character of characters) {
    starts.push(at);
    at += pace * secondsOf(character);
    ends.push(at);
  }
  const samples = new Float32Array(Math.round((at + 0.3) * rate));
  for (const [index, character] of characters.entries()) {
    if (!/[\p{L}\p{N}]/u.test(character)) continue;
    const voice = voices[character.codePointAt(0)! % voices.length]!;
    const first = Math.round(starts[index]! * rate);
    const length = Math.round((ends[index]! - starts[index]!) * rate);
    for (let i = 0; i < length; i++)
      samples[first + i] = voice[i]! * Math.min(1, i / 300, (length - i) / 300);
  }
  const rounded = (seconds: number[]) => seconds.map((each) => Math.round(each * 1000) / 1000);
  return {
    samples,
    alignment: {
      characters,
      character_start_times_seconds: rounded(starts),
      character_end_times_seconds: rounded(ends),
    },
  };
}

function secondsOf(character: string): number {
  if (/[\p{L}\p{N}]/u.test(character))
    return /\p{Script=Han}|\p{Script=Hiragana}/u.test(character) ? 0.16 : 0.07;
  return /[.!?。]/u.test(character) ? 0.3 : 0.06;
}
