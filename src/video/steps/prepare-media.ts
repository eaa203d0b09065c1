// Step: the user's image or clip becomes a scene's art.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { MediaTools, PrepareMediaInput } from '../../ports/media-tools.ts';
import type { SceneArt } from './illustrate.ts';

type PrepareMediaRequest = Omit<PrepareMediaInput, 'source'> & { file: BlobRef };

export function prepareMediaStep(tools: MediaTools) {
  return defineStep({
    name: 'prepare-media',
    stage: 'illustrate',
    version: tools.version,
    timeoutMs: 600_000,
    async run({ file, ...input }: PrepareMediaRequest, context): Promise<SceneArt> {
      const source = await context.open(file);
      const { info, layers, clip } = await tools.prepareMedia({ ...input, source }, context);
      const kept: BlobRef[] = [];
      for (const layer of layers) kept.push(await context.keep(layer));
      return { info, layers: kept, ...(clip && { clip: await context.keep(clip) }) };
    },
  });
}
