// Step: which software and fonts are at work, for the manifest.
import { defineStep } from '../../engine/define-step.ts';
import type { DescribeInput, MediaTools } from '../../ports/media-tools.ts';

export function describeToolsStep(tools: MediaTools) {
  return defineStep({
    name: 'describe-tools',
    stage: 'publish',
    // An update of these changes what is to be told, though no bytes of the video.
    version: `${tools.version} node/${process.versions.node}`,
    timeoutMs: 60_000,
    run: (input: DescribeInput, context) => tools.describe(input, context),
  });
}
