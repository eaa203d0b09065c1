// Who speaks when nobody else is asked: part of the key of every narration, and the voices to choose from. Light.
import type { Maker, Voice } from '../../ports/providers.ts';
import { catalogue } from './voices.ts';

/** A new version = narrations are spoken again. */
export const speechMaker: Maker = { id: 'offline/speaker', version: '2' };

export const voices: Voice[] = catalogue.map(
  ({ voice, name, languages, engine, licence, description }): Voice => ({
    voice,
    name,
    languages,
    engine,
    licence,
    description,
  }),
);
