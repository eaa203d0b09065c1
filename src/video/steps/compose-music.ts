// Step: the score, as long as the video.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { Credit, Music, MusicInput } from '../../ports/providers.ts';

interface Score {
  audio: BlobRef;
  /** Null when they are not known. */
  tempoBpm: number | null;
  key: string | null;
  credits: Credit[];
}

export function composeMusicStep(music: Music) {
  return defineStep({
    name: 'compose-music',
    stage: 'compose_music',
    version: `${music.id}@${music.version}`,
    timeoutMs: 300_000,
    async run(input: MusicInput, context): Promise<Score> {
      const { audio, tempoBpm, key, credits = [] } = await music.compose(input, context);
      return { audio: await context.keep(audio), tempoBpm, key, credits };
    },
  });
}
