// Veo as film-maker: a clip per scene. Filming takes minutes: the operation's name is the receipt's remote id, asked about until
// the clip is there, by this attempt or a later one.
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { AppError } from '../../domain/errors.ts';
import { costMicroUsd, type Prices } from '../../domain/prices.ts';
import { kindOf, mediaLimits, sniffedBytes, sniffMediaType } from '../../domain/user-media.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MadeFile } from '../../ports/made-file.ts';
import type { Answered, PaidAnswer } from '../../ports/paid-calls.ts';
import type { Visuals, VisualsInput } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { classifyRefusal, type GeminiAccess, invalid, pathIn, refused } from './api.ts';
import { pay } from './pay.ts';
import { closestRatio, picturePrompt } from './picture-prompt.ts';

export interface VeoClipsDeps extends GeminiAccess {
  model: string;
  prices: Pick<Prices, 'veo_per_second'>;
  clock: Clock;
  /** Of one request, and of one download. */
  deadlineMs?: number;
  pollEveryMs?: number;
  /** How long one attempt waits for the clip: less than a step may take, and twice less than a slice of work. */
  patienceMs?: number;
}

const revision = 1;
const clipSeconds = 8;
const ratios = ['16:9', '9:16'];
const mostAnswerBytes = 1_000_000;

const operationName = z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/);
const operationSchema = z.object({
  done: z.boolean().default(false),
  error: z.object({ code: z.number().default(13) }).optional(),
  response: z
    .object({
      generateVideoResponse: z
        .object({
          generatedSamples: z.array(z.object({ video: z.object({ uri: z.string() }) })).default([]),
          raiMediaFilteredCount: z.number().default(0),
          raiMediaFilteredReasons: z.array(z.string()).default([]),
        })
        .optional(),
    })
    .optional(),
});
type Operation = z.infer<typeof operationSchema>;

export function createVeoClips(deps: VeoClipsDeps): Visuals {
  return {
    id: 'veo/clips',
    version: `${deps.model}+${revision}`,
    expectedMicroUsd: ({ scenes }) => scenes * costMicroUsd(deps.prices.veo_per_second, clipSeconds),
    illustrate: async (input, context) => ({ picture: await film(input, context, deps) }),
  };
}

async function film(input: VisualsInput, context: WorkContext, deps: VeoClipsDeps): Promise<MadeFile> {
  const { client, baseUrl, apiKey, model, prices, deadlineMs = 60_000 } = deps;
  const { signal } = context;
  const priceMicroUsd = costMicroUsd(prices.veo_per_second, clipSeconds);
  const isSmall = Math.min(input.width, input.height) <= 720;
  const call = {
    name: 'clip',
    estimateMicroUsd: priceMicroUsd,
    send: () =>
      client.call({
        method: 'POST',
        url: pathIn(baseUrl, `models/${model}:predictLongRunning`),
        headers: { 'x-goog-api-key': apiKey },
        json: {
          instances: [{ prompt: `Film one shot without cuts: ${picturePrompt(input)}` }],
          parameters: {
            aspectRatio: closestRatio(input, ratios),
            resolution: isSmall ? '720p' : '1080p',
            durationSeconds: clipSeconds,
          },
        },
        paid: true,
        deadlineMs,
        mostBytes: mostAnswerBytes,
        signal,
        read: {
          as: 'json',
          parse: (body) => ({ remoteId: z.object({ name: operationName }).parse(body).name }),
        },
        classify: classifyRefusal,
      }),
    collect: (name: string) => collect(name, priceMicroUsd, context, deps),
  };
  return clipOf(await client.inTurn(context, () => pay(context, call)));
}

/** Waits for the clip and fetches it. Throws `paid_call_under_way` when it is not there yet: it was paid for, so it is waited for. */
async function collect(
  name: string,
  priceMicroUsd: number,
  context: WorkContext,
  deps: VeoClipsDeps,
): Promise<Answered | { failed: AppError }> {
  const { clock, pollEveryMs = 8_000, patienceMs = 150_000 } = deps;
  const patience = AbortSignal.timeout(patienceMs);
  const signal = AbortSignal.any([context.signal, patience]);
  try {
    for (;;) {
      const operation = await ask(name, signal, deps);
      if (operation.done) return await outcomeOf(operation, priceMicroUsd, { ...context, signal }, deps);
      await clock.sleep(pollEveryMs, signal);
      signal.throwIfAborted();
    }
  } catch (error) {
    context.signal.throwIfAborted();
    const isPassing =
      error instanceof AppError && ['provider_unavailable', 'provider_busy'].includes(error.code);
    if (!isPassing && !patience.aborted) throw error;
    // What was paid for is not given up because it cannot be had just now.
    throw new AppError('paid_call_under_way', 'Veo is still at work on a clip that was ordered.', {
      provider: 'gemini',
      cause: error,
    });
  }
}

function ask(
  name: string,
  signal: AbortSignal,
  { client, baseUrl, apiKey, deadlineMs = 60_000 }: VeoClipsDeps,
): Promise<Operation> {
  return client.call({
    method: 'GET',
    url: pathIn(baseUrl, operationName.parse(name)),
    headers: { 'x-goog-api-key': apiKey },
    paid: false,
    deadlineMs,
    mostBytes: mostAnswerBytes,
    signal,
    read: { as: 'json', parse: (body) => operationSchema.parse(body) },
    classify: classifyRefusal,
  });
}

async function outcomeOf(
  { error, response }: Operation,
  priceMicroUsd: number,
  context: WorkContext,
  deps: VeoClipsDeps,
): Promise<Answered | { failed: AppError }> {
  if (error !== undefined) return { failed: failureOf(error.code) };
  const {
    generatedSamples = [],
    raiMediaFilteredCount: filtered = 0,
    raiMediaFilteredReasons: reasons = [],
  } = response?.generateVideoResponse ?? {};
  const uri = generatedSamples[0]?.video.uri;
  if (uri === undefined) {
    return {
      failed:
        filtered > 0 || reasons.length > 0
          ? refused(`Veo held the clip back at its own filter. ${oneLine(reasons[0] ?? '')}`.trim())
          : invalid('Veo finished without a clip.'),
    };
  }
  const answer = await download(uri, context, deps);
  return { answer, costMicroUsd: priceMicroUsd };
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').slice(0, 200);
}

/** The code is google.rpc's. Clips that failed are not billed. */
function failureOf(code: number): AppError {
  if (code === 3 || code === 9) return refused('Veo refused to film this scene.');
  if (code === 8) return new AppError('provider_busy', 'Veo takes no more requests at the moment.');
  return new AppError('provider_unavailable', 'Veo failed to film this scene.', { provider: 'gemini' });
}

/** The clip, or a note that what was paid for cannot be used. The key goes to the API's own host only. */
async function download(
  uri: string,
  { signal, scratch }: WorkContext,
  deps: VeoClipsDeps,
): Promise<MadeFile> {
  const { client, baseUrl, apiKey, deadlineMs = 60_000 } = deps;
  const url = URL.parse(uri);
  if (url === null || url.origin !== baseUrl.origin) {
    const path = join(scratch, 'clip.txt');
    await writeFile(path, 'The clip lies on another host.');
    return { path, mediaType: 'text/plain' };
  }
  const path = join(scratch, 'clip');
  return client.call({
    method: 'GET',
    url,
    headers: { 'x-goog-api-key': apiKey },
    redirects: true,
    paid: false,
    deadlineMs,
    mostBytes: mediaLimits.clipBytes,
    signal,
    read: {
      as: 'file',
      path,
      mediaTypes: ['video/mp4', 'video/webm', 'video/quicktime', 'application/octet-stream'],
      take: (file) => file,
    },
    classify: classifyRefusal,
  });
}

/** Throws `provider_answer_invalid` for what is no clip. */
async function clipOf({ path }: PaidAnswer): Promise<MadeFile> {
  const mediaType = sniffMediaType(await firstBytes(path));
  if (mediaType === undefined || kindOf(mediaType) !== 'clip')
    throw invalid('Veo sent something that is no clip, or from where it may not be fetched.');
  return { path, mediaType };
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
