// Everything that one Gemini account makes.
import type { Prices } from '../../domain/prices.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ProviderClient } from '../../ports/provider-client.ts';
import type { Language, Visuals } from '../../ports/providers.ts';
import type { GeminiAccess } from './api.ts';
import { createVeoClips } from './clips.ts';
import { createGeminiLanguage } from './language.ts';
import { createGeminiPictures } from './pictures.ts';

export interface GeminiParts extends GeminiAccess {
  /** Filming takes minutes: clips wait in a line of their own. */
  clipClient: ProviderClient;
  clock: Clock;
  prices: Prices;
  /** See GeminiLanguageDeps. */
  rules: Language;
}

export interface GeminiModels {
  text: string;
  image: string;
  /** Undefined = no clips. */
  video: string | undefined;
}

export function createGeminiMakers(
  { rules, clock, clipClient, ...access }: GeminiParts,
  { text, image, video }: GeminiModels,
): { language: Language; pictures: Visuals; clips: Visuals | undefined } {
  return {
    language: createGeminiLanguage({ ...access, model: text, rules }),
    pictures: createGeminiPictures({ ...access, model: image }),
    clips:
      video === undefined
        ? undefined
        : createVeoClips({ ...access, client: clipClient, clock, model: video }),
  };
}
