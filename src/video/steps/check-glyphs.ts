// Step: can the bundled fonts draw every character of the script? Asked before anything is rendered.
import { defineStep } from '../../engine/define-step.ts';
import type { MediaTools } from '../../ports/media-tools.ts';

export function checkGlyphsStep(tools: MediaTools) {
  return defineStep({
    name: 'check-glyphs',
    stage: 'plan',
    version: tools.version,
    timeoutMs: 60_000,
    run: (input: { text: string; language: string }, context) => tools.checkGlyphs(input, context),
  });
}
