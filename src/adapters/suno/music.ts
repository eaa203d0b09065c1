// Music by Suno through a broker: paid for once, waited for by asking, and cut to the video. Callbacks are never listened
// to: what a task has come to is only ever believed when the broker says so on being asked.
import path from 'node:path';

import { AppError } from '../../domain/errors.ts';
import type { Prices } from '../../domain/prices.ts';
import type { Clock } from '../../ports/clock.ts';
import type { MediaTools } from '../../ports/media-tools.ts';
import type { Answered } from '../../ports/paid-calls.ts';
import type { Send } from '../../ports/provider-client.ts';
import type { Credit, Music } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { type Broker, findTask, requestSong, type Take } from './broker.ts';
import { describeSong } from './describe-song.ts';

export interface SunoDeps extends Broker {
  /** Such as `V5`. */
  model: string;
  /** Brokers demand one; nothing that comes there is believed. */
  callbackUrl: string;
  prices: Pick<Prices, 'suno_song'>;
  clock: Clock;
  tools: Pick<MediaTools, 'prepareSound'>;
  /** Whether a file may be fetched from there. */
  /** How to fetch a file that lies there; undefined when it may not be fetched. */
  wayTo(url: URL): Promise<Send | undefined>;
}

/** Raised when the words or the making of the file change. */
const revision = 1;
const pollMs = { first: 3_000, more: 1_000, most: 10_000 };
/** It is paid for: a broker that cannot be reached for a while is asked again. */
const mostFailedPolls = 12;
/** How long one attempt waits: less than the step may take, and twice less than a slice of work. */
const patienceMs = 150_000;
const mostFileBytes = 64_000_000;
const fileDeadlineMs = 120_000;
const soundTypes = [
  'audio/mpeg',
  'audio/mp3',
  'audio/x-mpeg',
  'audio/wav',
  'audio/x-wav',
  'audio/mp4',
  'audio/ogg',
  'application/octet-stream',
  'binary/octet-stream',
];
/** Kept where nothing that came could be made into sound: it is paid for all the same. */
const unusableType = 'application/octet-stream';

export function createSunoMusic(deps: SunoDeps): Music {
  const { client, model, callbackUrl, prices } = deps;
  return {
    id: 'suno/music',
    version: `${model}+${revision}`,
    expectedMicroUsd: () => prices.suno_song,
    planBeats: async () => [],
    async compose(input, context) {
      if (context.pay === undefined) throw new Error('Suno composes within jobs only');
      const words = describeSong(input);
      const { path: file, mediaType } = await context.pay({
        provider: client.provider,
        name: 'song',
        estimateMicroUsd: prices.suno_song,
        async send() {
          const song = {
            customMode: true,
            instrumental: true,
            model,
            ...words,
            callBackUrl: callbackUrl,
          } as const;
          return { remoteId: await requestSong(deps, song, context.signal) };
        },
        collect: (taskId) =>
          whileItLasts(deps, context, async (waiting) => {
            const outcome = await awaitTask(deps, taskId, waiting);
            if ('failed' in outcome) return outcome;
            if (outcome.takes.length === 0) throw invalid(client.provider, 'Suno is done and gives no take.');
            const answer = await fetchBest(deps, outcome.takes, input.durationMs, waiting);
            return { answer, costMicroUsd: prices.suno_song };
          }),
      });
      if (mediaType === unusableType)
        throw invalid(client.provider, 'No take that came back is a sound file.');
      return {
        audio: { path: file, mediaType },
        tempoBpm: null,
        key: null,
        credits: [creditOf(words.title, deps)],
      };
    },
  };
}

/** Throws `paid_call_under_way` when the song is not there yet, or cannot be had just now: it was ordered. */
async function whileItLasts<Outcome>(
  { client: { provider } }: SunoDeps,
  context: WorkContext,
  collect: (context: WorkContext) => Promise<Outcome>,
): Promise<Outcome> {
  const patience = AbortSignal.timeout(patienceMs);
  try {
    return await collect({ ...context, signal: AbortSignal.any([context.signal, patience]) });
  } catch (error) {
    context.signal.throwIfAborted();
    const passes =
      error instanceof AppError && ['provider_unavailable', 'provider_busy'].includes(error.code);
    if (!passes && !patience.aborted) throw error;
    throw new AppError('paid_call_under_way', 'Suno is still at work on a song that was ordered.', {
      provider,
      cause: error,
    });
  }
}

/** Asks until the task is done or has failed. Throws what asking throws again and again. */
async function awaitTask(
  deps: SunoDeps,
  taskId: string,
  { signal, onProgress }: WorkContext,
): Promise<{ takes: Take[] } | { failed: AppError }> {
  let failures = 0;
  for (let asked = 0; ; asked++) {
    const task = await findTask(deps, taskId, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      if (!(error instanceof AppError && error.kind === 'transient') || ++failures > mostFailedPolls)
        throw error;
    });
    if (task?.state === 'done') return task;
    if (task?.state === 'failed') return { failed: task.error };
    if (task !== undefined) failures = 0;
    onProgress?.(0.9 * (1 - 0.93 ** asked));
    await deps.clock.sleep(Math.min(pollMs.first + asked * pollMs.more, pollMs.most), signal);
    signal.throwIfAborted();
  }
}

/**
 * The take that fits best and can be used, as long as the video: the shortest that is long enough, else the longest. When
 * all came and none is sound, what came. Throws `provider_unavailable`, `provider_answer_invalid` when none came.
 */
async function fetchBest(
  deps: SunoDeps,
  takes: Take[],
  durationMs: number,
  context: WorkContext,
): Promise<Answered['answer']> {
  const fits = (take: Take) => take.durationMs >= durationMs;
  const inOrder = takes.toSorted((a, b) => {
    if (fits(a) !== fits(b)) return fits(a) ? -1 : 1;
    return fits(a) ? a.durationMs - b.durationMs : b.durationMs - a.durationMs;
  });
  let came: string | undefined;
  let fault: AppError | undefined;
  for (const [index, { audioUrl }] of inOrder.entries()) {
    try {
      const source = await download(
        deps,
        audioUrl,
        path.join(context.scratch, `take-${index}`),
        context.signal,
      );
      came ??= source;
      // One that is too short begins again.
      const wanted = { source, channels: 2, durationMs, trim: true, repeat: true } as const;
      return (await deps.tools.prepareSound(wanted, context)).audio;
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      if (error.code !== 'media_unreadable') fault = error;
    }
  }
  if (fault !== undefined) throw fault;
  return { path: came!, mediaType: unusableType };
}

async function download(deps: SunoDeps, address: string, to: string, signal: AbortSignal): Promise<string> {
  const { client, wayTo } = deps;
  const url = URL.parse(address);
  const via = url === null ? undefined : await wayTo(url);
  if (url === null || via === undefined)
    throw invalid(client.provider, 'The Suno broker names a file at an address that is not public.');
  return client.call({
    method: 'GET',
    url,
    via,
    paid: false,
    deadlineMs: deps.deadlineMs ?? fileDeadlineMs,
    mostBytes: mostFileBytes,
    signal,
    read: { as: 'file', path: to, mediaTypes: soundTypes, take: (file) => file.path },
  });
}

function creditOf(title: string, { model, baseUrl }: SunoDeps): Credit {
  return { title, author: `Suno ${model}`, licence: 'terms of the Suno account', url: baseUrl.origin };
}

function invalid(provider: string, detail: string): AppError {
  return new AppError('provider_answer_invalid', detail, { provider });
}
