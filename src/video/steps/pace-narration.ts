// Step: what a voice spoke at its own pace, at the video's pace.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { MediaTools } from '../../ports/media-tools.ts';

export function paceNarrationStep(tools: MediaTools) {
  return defineStep({
    name: 'pace-narration',
    stage: 'narrate',
    version: tools.version,
    timeoutMs: 300_000,
    async run({ audio, pace }: { audio: BlobRef; pace: number }, context): Promise<{ audio: BlobRef }> {
      const paced = await tools.paceSpeech({ audio: await context.open(audio), pace }, context);
      return { audio: await context.keep(paced) };
    },
  });
}
