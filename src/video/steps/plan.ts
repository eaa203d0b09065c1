// Step: the script becomes a storyboard.
import { defineStep } from '../../engine/define-step.ts';
import type { Language, PlanInput } from '../../ports/providers.ts';

export function planStep(language: Language) {
  return defineStep({
    name: 'plan',
    stage: 'plan',
    version: `${language.id}@${language.version}`,
    timeoutMs: 120_000,
    run: (input: PlanInput, context) => language.plan(input, context),
  });
}
