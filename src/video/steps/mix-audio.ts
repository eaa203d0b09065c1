// Step: narration, music and effects become one sound at the asked loudness, and the stems as they stand in it.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { MediaTools } from '../../ports/media-tools.ts';

interface KeptClip {
  audio: BlobRef;
  startMs: number;
}

interface MixRequest {
  durationMs: number;
  narration: KeptClip[];
  speech: { startMs: number; endMs: number }[];
  music: BlobRef | null;
  effects: (KeptClip & { intensity: number; role: 'bed' | 'hit' })[];
  loudnessLufs: number;
}

interface Mix {
  mix: BlobRef;
  narration: BlobRef;
  music: BlobRef | null;
  effects: BlobRef | null;
}

export function mixAudioStep(tools: MediaTools) {
  return defineStep({
    name: 'mix-audio',
    stage: 'mix',
    version: tools.version,
    timeoutMs: 300_000,
    async run(input: MixRequest, context): Promise<Mix> {
      const open = async ({ audio, startMs }: KeptClip) => ({ path: await context.open(audio), startMs });
      const mixed = await tools.mixAudio(
        {
          durationMs: input.durationMs,
          narration: await Promise.all(input.narration.map(open)),
          speech: input.speech,
          music: input.music && (await context.open(input.music)),
          effects: await Promise.all(
            input.effects.map(async (clip) => ({
              ...(await open(clip)),
              intensity: clip.intensity,
              role: clip.role,
            })),
          ),
          loudnessLufs: input.loudnessLufs,
        },
        context,
      );
      return {
        mix: await context.keep(mixed.mix),
        narration: await context.keep(mixed.narration),
        music: mixed.music && (await context.keep(mixed.music)),
        effects: mixed.effects && (await context.keep(mixed.effects)),
      };
    },
  });
}
