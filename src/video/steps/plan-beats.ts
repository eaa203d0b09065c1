// Step: when the beats of the score will fall, before it is composed, so that pictures need not wait for it.
import { defineStep } from '../../engine/define-step.ts';
import type { Music, MusicInput } from '../../ports/providers.ts';

export function planBeatsStep(music: Music) {
  return defineStep({
    name: 'plan-beats',
    stage: 'compose_music',
    version: `${music.id}@${music.version}`,
    timeoutMs: 60_000,
    async run(input: MusicInput, context): Promise<{ beatsMs: number[] }> {
      return { beatsMs: await music.planBeats(input, context) };
    },
  });
}
