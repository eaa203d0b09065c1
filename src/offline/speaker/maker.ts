// Who speaks when nobody else is asked: part of the key of every narration, and the voices to choose from. Light.
import type { Maker, Voice } from '../../ports/providers.ts';
import type { VoiceModel } from './neural/voice-model.ts';
import { catalogue, neuralVoice } from './voices.ts';

/** A new version = narrations are spoken again. */
export const speechMaker: Maker = { id: 'offline/speaker', version: '4' };

/** Those that come with the project, then those of `models`. */
export function offlineVoices(models: readonly VoiceModel[]): Voice[] {
  return [...catalogue, ...models.map(neuralVoice)].map(
    ({ voice, name, languages, engine, licence, description, digest }): Voice => ({
      voice,
      name,
      languages,
      engine,
      licence,
      description,
      ...(digest !== undefined && { digest }),
    }),
  );
}
