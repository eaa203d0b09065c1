// Everything the recipe needs somebody to make, chosen once in compose.
import type { MediaTools } from './media-tools.ts';
import type { Language, Music, SoundEffects, Speech, Visuals } from './providers.ts';

/** In the order in which they are asked: a later one stands in for those before it. */
export type InOrder<M> = readonly [M, ...M[]];

export interface Makers {
  language: InOrder<Language>;
  speech: InOrder<Speech>;
  music: InOrder<Music>;
  soundEffects: InOrder<SoundEffects>;
  visuals: InOrder<Visuals>;
  tools: MediaTools;
}
