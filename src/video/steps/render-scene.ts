// Step: one scene becomes H.264. Its input counts time from the scene's own start, so that a scene which only moved
// is not rendered again.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { MediaTools, RenderSceneInput } from '../../ports/media-tools.ts';
import type { SceneArt } from './illustrate.ts';

type RenderSceneRequest = Omit<RenderSceneInput, 'art' | 'previous'> & {
  art: SceneArt;
  previous: { scene: RenderSceneInput['scene']; art: SceneArt; seed: number } | null;
};

export function renderSceneStep(tools: MediaTools) {
  return defineStep({
    name: 'render-scene',
    stage: 'render',
    version: tools.version,
    timeoutMs: 900_000,
    async run(input: RenderSceneRequest, context): Promise<{ video: BlobRef }> {
      const open = async ({ info, layers, clip }: SceneArt) => ({
        info,
        layers: await Promise.all(layers.map(context.open)),
        ...(clip && { clip: await context.open(clip) }),
      });
      const previous = input.previous && { ...input.previous, art: await open(input.previous.art) };
      const video = await tools.renderScene({ ...input, art: await open(input.art), previous }, context);
      return { video: await context.keep(video) };
    },
  });
}
