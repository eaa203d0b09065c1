// Step: the asset that a scene names, and its bytes, named by this result from here on.
import { AppError } from '../../domain/errors.ts';
import type { Asset, MediaFacts } from '../../domain/user-media.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';

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
