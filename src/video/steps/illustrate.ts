// Step: one scene's picture is painted, as layers.
import type { SceneArtInfo } from '../../domain/scene-art.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { Visuals, VisualsInput } from '../../ports/providers.ts';

export interface SceneArt {
  info: SceneArtInfo;
  layers: BlobRef[];
  /** When `info.clip` tells of one. */
  clip?: BlobRef;
}

export function illustrateStep(visuals: Visuals) {
  return defineStep({
    name: 'illustrate',
    stage: 'illustrate',
    version: `${visuals.id}@${visuals.version}`,
    timeoutMs: 180_000,
    async run(input: VisualsInput, context): Promise<SceneArt> {
      const { info, layers } = await visuals.illustrate(input, context);
      const kept: BlobRef[] = [];
      for (const layer of layers) kept.push(await context.keep(layer));
      return { info, layers: kept };
    },
  });
}
