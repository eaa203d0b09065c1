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
  textModel: string;
  imageModel: string;
  videoModel: string;
  /** Paid calls at once; as many clips are filmed besides. */
  concurrency: number;
}

export function createGeminiMakers(
  { rules, clock, ...access }: GeminiParts,
  { textModel, imageModel, videoModel, concurrency }: GeminiSettings,
): { language: Language; pictures: Visuals; clips: Visuals } {
  const takeTurn = createTurns(concurrency);
  return {
    language: createGeminiLanguage({ ...access, model: textModel, rules, takeTurn }),
    pictures: createGeminiPictures({ ...access, model: imageModel, takeTurn }),
    clips: createVeoClips({ ...access, clock, model: videoModel, takeTurn: createTurns(concurrency) }),
  };
}
