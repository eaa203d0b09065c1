// Step: the picture that stands for the video, chosen of its scenes while these are joined.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { MediaTools, Still } from '../../ports/media-tools.ts';

export function makeThumbnailStep(tools: MediaTools) {
  return defineStep({
    name: 'make-thumbnail',
    stage: 'render',
    version: tools.version,
    timeoutMs: 120_000,
    async run(input: { stills: Still<BlobRef>[] }, context) {
      const stills: Still<string>[] = [];
      for (const still of input.stills) stills.push({ ...still, video: await context.open(still.video) });
      return { image: await context.keep(await tools.makeThumbnail({ stills }, context)) };
    },
  });
}
