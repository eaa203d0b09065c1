// Step: the script becomes a storyboard. Scenes that the caller split keep the media that the caller gave them.
import type { Storyboard } from '../../domain/storyboard.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { Language, PlanInput } from '../../ports/providers.ts';

export function planStep(language: Language) {
  return defineStep({
    name: 'plan',
    stage: 'plan',
    version: `${language.id}@${language.version}`,
    timeoutMs: 120_000,
    async run(input: PlanInput, context): Promise<Storyboard> {
      const storyboard = await language.plan(input, context);
      const { scenes: given = [] } = input;
      const scenes = storyboard.scenes.map((scene, index) => {
        const media = given[index]?.media;
        return media === undefined ? scene : { ...scene, media };
      });
      return { ...storyboard, scenes };
    },
  });
}
