// Everything that one Gemini account makes.
import type { Prices } from '../../domain/prices.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Language, Visuals } from '../../ports/providers.ts';
import type { GeminiAccess } from './api.ts';
import { createVeoClips } from './clips.ts';
import { createGeminiLanguage } from './language.ts';
import { createGeminiPictures } from './pictures.ts';
import { createTurns } from './turns.ts';

export interface GeminiParts extends GeminiAccess {
  clock: Clock;
  prices: Prices;
  /** See GeminiLanguageDeps. */
  rules: Language;
}

export interface GeminiSettings {
  models: { text: string; image: string; video: string | undefined };
  /** Paid calls at once; as many clips are filmed besides. */
  concurrency: number;
}

export function createGeminiMakers(
  { rules, clock, ...access }: GeminiParts,
  { models, concurrency }: GeminiSettings,
): { language: Language; pictures: Visuals; clips: Visuals | undefined } {
  const takeTurn = createTurns(concurrency);
  return {
    language: createGeminiLanguage({ ...access, model: models.text, rules, takeTurn }),
    pictures: createGeminiPictures({ ...access, model: models.image, takeTurn }),
    clips:
      models.video === undefined
        ? undefined
        : createVeoClips({ ...access, clock, model: models.video, takeTurn: createTurns(concurrency) }),
  };
}
