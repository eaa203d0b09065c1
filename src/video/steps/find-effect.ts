// Step: the sound of one effect cue.
import type { EffectKind } from '../../domain/storyboard.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { SoundEffects } from '../../ports/providers.ts';

export function findEffectStep(soundEffects: SoundEffects) {
  return defineStep({
    name: 'find-effect',
    stage: 'find_effects',
    version: `${soundEffects.id}@${soundEffects.version}`,
    timeoutMs: 120_000,
    async run(input: { kind: EffectKind; durationMs: number; seed: number }, context) {
      const { audio, credits = [] } = await soundEffects.make(input, context);
      return { audio: await context.keep(audio), credits };
    },
  });
}
