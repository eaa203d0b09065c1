// The makers of one account at ElevenLabs, which share its key and its limit of requests at once.
import type { Music, SoundEffects, Speech } from '../../ports/providers.ts';
import { type AccountDeps, createAccount } from './account.ts';
import { createElevenlabsMusic } from './music.ts';
import { createElevenlabsSoundEffects } from './sound-effects.ts';
import { createElevenlabsSpeech } from './speech.ts';
import type { ConfiguredVoice } from './voices.ts';

export interface ElevenlabsOptions {
  models: { speech: string; sound: string; music: string };
  voices: readonly ConfiguredVoice[];
}

export function createElevenlabsMakers(
  deps: AccountDeps,
  { models, voices }: ElevenlabsOptions,
): { speech: Speech; music: Music; soundEffects: SoundEffects } {
  const account = createAccount(deps);
  return {
    speech: createElevenlabsSpeech(account, { model: models.speech, voices }),
    music: createElevenlabsMusic(account, { model: models.music }),
    soundEffects: createElevenlabsSoundEffects(account, { model: models.sound }),
  };
}
