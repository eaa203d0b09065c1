// Paid requests with one account at ElevenLabs: where they go, the key, deadlines and caps. It knows no words or notes.
import { join } from 'node:path';

import { AppError } from '../../domain/errors.ts';
import type { Prices } from '../../domain/prices.ts';
import type { MadeFile } from '../../ports/made-file.ts';
import type { MediaTools } from '../../ports/media-tools.ts';
import type { PaidAnswer, PaidCall } from '../../ports/paid-calls.ts';
import type { ProviderClient, Read } from '../../ports/provider-client.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { classify } from './refusals.ts';

export interface AccountDeps {
  client: ProviderClient;
  /** With no path, such as https://api.elevenlabs.io. */
  baseUrl: URL;
  apiKey: string;
  prices: Prices;
  tools: Pick<MediaTools, 'prepareSound' | 'joinSounds'>;
  /** Longest time of one request; undefined = what each kind usually needs. */
  deadlineMs?: number;
}

interface PaidRequest<Answer> {
  /** Tells apart the requests of one step. */
  name: string;
  path: string;
  json: unknown;
  costMicroUsd: number;
  deadlineMs: number;
  mostBytes: number;
  read: Read<Answer>;
  /** The answer as the file that is kept. */
  toFile(answer: Answer): Promise<MadeFile>;
}

export interface Account extends Pick<AccountDeps, 'prices' | 'tools'> {
  /** Makes the request once, or finds its kept answer. */
  pay<Answer>(request: PaidRequest<Answer>, context: WorkContext): Promise<PaidAnswer>;
}

/** MP3 is what every plan may have. */
const outputFormat = 'mp3_44100_128';
const soundTypes = ['audio/mpeg', 'audio/mp3', 'audio/wav', 'audio/x-wav', 'audio/ogg', 'audio/flac'];

export function createAccount({ client, baseUrl, apiKey, prices, tools, deadlineMs }: AccountDeps): Account {
  return {
    prices,
    tools,
    async pay(request, context) {
      const { pay } = context;
      if (pay === undefined) throw new Error('ElevenLabs can only be asked within a job');
      const url = new URL(request.path, baseUrl);
      url.searchParams.set('output_format', outputFormat);
      const call: PaidCall = {
        provider: client.provider,
        name: request.name,
        estimateMicroUsd: request.costMicroUsd,
        async send() {
          const answer = await client.call({
            method: 'POST',
            url,
            headers: { 'xi-api-key': apiKey },
            json: request.json,
            paid: true,
            deadlineMs: deadlineMs ?? request.deadlineMs,
            mostBytes: request.mostBytes,
            signal: context.signal,
            read: request.read,
            classify,
          });
          return { answer: await request.toFile(answer), costMicroUsd: request.costMicroUsd };
        },
      };
      return client.inTurn(context, () => pay(call));
    },
  };
}

/** For an answer that is a sound file. */
export function asSoundFile(scratch: string) {
  return {
    read: {
      as: 'file',
      path: join(scratch, 'answer.sound'),
      mediaTypes: soundTypes,
      take: (file: MadeFile) => file,
    },
    toFile: async (file: MadeFile) => file,
  } as const;
}

/** What was paid for cannot be used: that is the provider's fault, not the user's. */
export async function usable<Made>(prepared: Promise<Made>): Promise<Made> {
  try {
    return await prepared;
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'media_unreadable')) throw error;
    throw invalidAnswer(error.publicMessage, error);
  }
}

export function invalidAnswer(fault: string, cause?: unknown): AppError {
  return new AppError('provider_answer_invalid', `ElevenLabs gave an answer that cannot be used. ${fault}`, {
    provider: 'elevenlabs',
    cause,
  });
}
