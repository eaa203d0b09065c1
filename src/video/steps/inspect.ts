// Step: the finished file is measured. A missed gate is a result here; refusing delivery is the recipe's part.
import type { Report } from '../../domain/report.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { InspectInput, MediaTools } from '../../ports/media-tools.ts';

type InspectRequest = Omit<InspectInput, 'video' | 'narration' | 'music'> & {
  video: BlobRef;
  narration: BlobRef;
  music: BlobRef | null;
};

export function inspectStep(tools: MediaTools) {
  return defineStep({
    name: 'inspect',
    stage: 'inspect',
    version: tools.version,
    timeoutMs: 300_000,
    async run(input: InspectRequest, context): Promise<Report> {
      const [video, narration] = await Promise.all([
        context.open(input.video),
        context.open(input.narration),
      ]);
      const music = input.music && (await context.open(input.music));
      return tools.inspect({ ...input, video, narration, music }, context);
    },
  });
}
