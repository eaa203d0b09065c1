// Step: one scene's picture is painted, as layers, or found: an image or a clip that is yet to be prepared.
import type { SceneArtInfo } from '../../domain/scene-art.ts';
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { Credit, Visuals, VisualsInput } from '../../ports/providers.ts';

export interface SceneArt {
  info: SceneArtInfo;
  layers: BlobRef[];
  /** When `info.clip` tells of one. */
  clip?: BlobRef;
}

/** What somebody else painted or filmed for the scene. */
export interface FoundMedia {
  file: BlobRef;
  credits: Credit[];
}

export function illustrateStep(visuals: Visuals) {
  return defineStep({
    name: 'illustrate',
    stage: 'illustrate',
    version: `${visuals.id}@${visuals.version}`,
    timeoutMs: 180_000,
    async run(input: VisualsInput, context): Promise<{ art: SceneArt } | { found: FoundMedia }> {
      const made = await visuals.illustrate(input, context);
      if ('picture' in made) {
        return { found: { file: await context.keep(made.picture), credits: made.credits ?? [] } };
      }
      const { info, layers } = made;
      const kept: BlobRef[] = [];
      for (const layer of layers) kept.push(await context.keep(layer));
      return { art: { info, layers: kept } };
    },
  });
}
