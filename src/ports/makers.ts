// Everything the recipe needs somebody to make, chosen once in compose.
import type { MediaTools } from './media-tools.ts';
import type { Language, Music, SoundEffects, Speech, Visuals } from './providers.ts';

export interface Makers {
  language: Language;
  speech: Speech;
  music: Music;
  soundEffects: SoundEffects;
  visuals: Visuals;
  tools: MediaTools;
}
