// Step: the picture that stands for the video. It is chosen while the video is measured.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { MediaTools } from '../../ports/media-tools.ts';

export function makeThumbnailStep(tools: MediaTools) {
  return defineStep({
    name: 'make-thumbnail',
    stage: 'inspect',
    version: tools.version,
    timeoutMs: 120_000,
    async run(input: { video: BlobRef; atMs: number[]; titleMs: number | null }, context) {
      const video = await context.open(input.video);
      return { image: await context.keep(await tools.makeThumbnail({ ...input, video }, context)) };
    },
  });
}
