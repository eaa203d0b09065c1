// Steps: a scene's own media is at hand: an uploaded asset, or what a URL gave this job once.
import { AppError } from '../../domain/errors.ts';
import type { Asset, MediaFacts } from '../../domain/user-media.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { MediaFetcher } from '../../ports/media-fetcher.ts';
import type { MediaTools } from '../../ports/media-tools.ts';

export interface TakenMedia {
  file: BlobRef;
  facts: MediaFacts;
}

/** From here on the bytes are named by a step result: deleting the asset does not take them from the job. */
export function takeAssetStep(findAsset: (assetId: string) => Promise<Asset | undefined>) {
  return defineStep({
    name: 'take-asset',
    stage: 'illustrate',
    version: '1',
    timeoutMs: 30_000,
    async run({ assetId }: { assetId: string }): Promise<TakenMedia> {
      const asset = await findAsset(assetId);
      if (asset === undefined) {
        throw new AppError('media_refused', 'The asset was deleted.', { hint: 'Upload it again.' });
      }
      const { digest, bytes, kind, mediaType, width, height, durationSeconds } = asset;
      return {
        file: { digest, bytes, media_type: mediaType },
        facts: { kind, mediaType, width, height, durationSeconds },
      };
    },
  });
}

/** `jobId` is part of the key: another job asks the URL again, a retry of this one does not. */
export function fetchMediaStep(fetcher: MediaFetcher, tools: MediaTools) {
  return defineStep({
    name: 'fetch-media',
    stage: 'illustrate',
    version: '1',
    timeoutMs: 240_000,
    async run({ url }: { url: string; jobId: string }, context): Promise<TakenMedia> {
      const { path } = await fetcher.fetch(url, context);
      const facts = await tools.probeMedia({ source: path }, context);
      return { file: await context.keep({ path, mediaType: facts.mediaType }), facts };
    },
  });
}
