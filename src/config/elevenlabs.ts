// The settings of ElevenLabs: key, address, models, voices. Read by config-providers.ts only.
import { z } from 'zod';

import type { ConfiguredVoice } from '../adapters/elevenlabs/voices.ts';
import { address, apiKey, atOnce, modelName } from './fields.ts';

/** Published voices that every account has. */
const publishedVoices = [
  'JBFqnCBsd6RMkjVDRZzb:George',
  'EXAVITQu4vr4xnSDxMaL:Sarah',
  'nPczCjzI2devNBz1zQrb:Brian',
  'XB0fDUnXU5powFXDhCwa:Charlotte',
  'onwK4e9ZLuTAKqWW03F9:Daniel',
  'pFZP5JQG7iQjIQuC4Bku:Lily',
].join(',');

const voiceForm = /^([A-Za-z0-9]{1,64}):([^:,]{1,60})(?::([a-z]{2,3}(?:\+[a-z]{2,3})*))?$/;

const voices = z
  .string()
  .default(publishedVoices)
  .transform((text, context): readonly ConfiguredVoice[] =>
    text.split(',').flatMap((entry) => {
      const [, id, name, languages] = voiceForm.exec(entry.trim()) ?? [];
      if (id === undefined || name === undefined) {
        context.addIssue(`"${entry.trim()}" must be id:name or id:name:language+language`);
        return [];
      }
      return [{ id, name: name.trim(), languages: languages?.split('+') ?? [] }];
    }),
  );

const model = (fallback: string) => modelName().default(fallback);

export const elevenlabsSchema = {
  ELEVENLABS_API_KEY: apiKey(),
  AIPROD_ELEVENLABS_URL: address('https://api.elevenlabs.io'),
  AIPROD_ELEVENLABS_CONCURRENCY: atOnce(2),
  AIPROD_ELEVENLABS_SPEECH_MODEL: model('eleven_multilingual_v2'),
  AIPROD_ELEVENLABS_SOUND_MODEL: model('eleven_text_to_sound_v2'),
  AIPROD_ELEVENLABS_MUSIC_MODEL: model('music_v1'),
  AIPROD_ELEVENLABS_VOICES: voices,
};

export interface ElevenlabsConfig {
  /** Undefined = not to be asked. */
  apiKey: string | undefined;
  baseUrl: URL;
  /** Requests at once. */
  concurrency: number;
  models: { speech: string; sound: string; music: string };
  voices: readonly ConfiguredVoice[];
}

export function elevenlabsConfig(env: z.infer<z.ZodObject<typeof elevenlabsSchema>>): ElevenlabsConfig {
  return {
    apiKey: env.ELEVENLABS_API_KEY,
    baseUrl: env.AIPROD_ELEVENLABS_URL,
    concurrency: env.AIPROD_ELEVENLABS_CONCURRENCY,
    models: {
      speech: env.AIPROD_ELEVENLABS_SPEECH_MODEL,
      sound: env.AIPROD_ELEVENLABS_SOUND_MODEL,
      music: env.AIPROD_ELEVENLABS_MUSIC_MODEL,
    },
    voices: env.AIPROD_ELEVENLABS_VOICES,
  };
}
