// Step: the storyboard that the user edited is the plan.
import type { Storyboard } from '../../domain/storyboard.ts';
import { defineStep } from '../../engine/define-step.ts';

export const takeStoryboardStep = defineStep({
  name: 'take-storyboard',
  stage: 'plan',
  version: '1',
  timeoutMs: 10_000,
  run: async (storyboard: Storyboard): Promise<Storyboard> => storyboard,
});
