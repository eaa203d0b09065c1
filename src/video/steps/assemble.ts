// Step: rendered scenes and the mix become one MP4.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { AssembleInput, MediaTools } from '../../ports/media-tools.ts';

type AssembleRequest = Omit<AssembleInput, 'scenes' | 'mix'> & { scenes: BlobRef[]; mix: BlobRef };

export function assembleStep(tools: MediaTools) {
  return defineStep({
    name: 'assemble',
    stage: 'render',
    version: tools.version,
    timeoutMs: 600_000,
    async run(input: AssembleRequest, context): Promise<{ video: BlobRef }> {
      const scenes = await Promise.all(input.scenes.map(context.open));
      const video = await tools.assemble({ ...input, scenes, mix: await context.open(input.mix) }, context);
      return { video: await context.keep(video) };
    },
  });
}
