// Sound effects that people gave to Freesound: one of the best found, by seed, cut to length, with its credit.
import path from 'node:path';

import { AppError } from '../../domain/errors.ts';
import type { MediaTools } from '../../ports/media-tools.ts';
import type { Send } from '../../ports/provider-client.ts';
import type { Credit, SoundEffects } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { shortNameOf } from './licences.ts';
import { createSearch, type FoundSound, longestHitMs, type SearchDeps } from './search.ts';

export interface FreesoundDeps extends SearchDeps {
  tools: Pick<MediaTools, 'prepareSound'>;
  /** Whether a file may be fetched from there. */
  /** How to fetch a file that lies there; undefined when it may not be fetched. */
  wayTo(url: URL): Promise<Send | undefined>;
}

/** Raised when what is searched for or the making of the file changes. */
const revision = 1;
/** Later ones fit less. */
const bestOnes = 8;
/** Of the chosen and those after it, so many are tried when files are of no use. */
const mostTries = 3;
const mostFileBytes = 16_000_000;
const usualFileDeadlineMs = 60_000;
const soundTypes = ['audio/mpeg', 'audio/mp3', 'audio/ogg', 'application/ogg', 'application/octet-stream'];

export function createFreesoundEffects(deps: FreesoundDeps): SoundEffects {
  const search = createSearch(deps);
  return {
    id: 'freesound/sound-effects',
    // Under other licences other sounds may be used.
    version: `apiv2+${revision}+${deps.licences.map(shortNameOf).sort().join('+')}`,
    async make({ kind, durationMs, seed }, context) {
      const found = (await search({ kind, durationMs }, context.signal)).slice(0, bestOnes);
      if (found.length === 0) throw nothingFound(deps.client.provider, kind);
      let fault: AppError | undefined;
      for (let tried = 0; tried < Math.min(mostTries, found.length); tried++) {
        const sound = found[((seed >>> 0) + tried) % found.length]!;
        try {
          const source = await download(deps, sound, context);
          const wanted = {
            source,
            channels: 2,
            durationMs,
            trim: true,
            repeat: durationMs > longestHitMs,
          } as const;
          const { audio } = await deps.tools.prepareSound(wanted, context);
          return { audio, credits: [creditOf(sound)] };
        } catch (error) {
          context.signal.throwIfAborted();
          if (!(error instanceof AppError)) throw error;
          fault = error.code === 'media_unreadable' ? unusable(deps.client.provider, error) : error;
        }
      }
      throw fault!;
    },
  };
}

async function download(
  { client, wayTo, deadlineMs = usualFileDeadlineMs }: FreesoundDeps,
  { id, previewUrl }: FoundSound,
  { scratch, signal }: WorkContext,
): Promise<string> {
  const url = URL.parse(previewUrl);
  const via = url === null ? undefined : await wayTo(url);
  if (url === null || via === undefined)
    throw new AppError(
      'provider_answer_invalid',
      'Freesound names a file at an address that is not public.',
      {
        provider: client.provider,
      },
    );
  return client.call({
    method: 'GET',
    url,
    via,
    paid: false,
    deadlineMs,
    mostBytes: mostFileBytes,
    signal,
    read: {
      as: 'file',
      path: path.join(scratch, `preview-${id}`),
      mediaTypes: soundTypes,
      take: (file) => file.path,
    },
  });
}

function creditOf({ id, title, author, licence }: FoundSound): Credit {
  return {
    title,
    author,
    licence: licence.title,
    licenceUrl: licence.url,
    url: `https://freesound.org/s/${id}/`,
  };
}

function nothingFound(provider: string, kind: string): AppError {
  return new AppError('provider_answer_invalid', `Freesound has no sound of this kind: ${kind}.`, {
    provider,
    hint: 'Ask the operator to allow more in AIPROD_FREESOUND_LICENCES, or to name another maker after it in AIPROD_EFFECTS.',
  });
}

function unusable(provider: string, cause: AppError): AppError {
  return new AppError('provider_answer_invalid', 'Freesound sent files that are no sound.', {
    provider,
    cause,
  });
}
