// The voices of an account that can be asked for, and the choice among them.
import { createHash } from 'node:crypto';

import { AppError } from '../../domain/errors.ts';
import type { Voice } from '../../ports/providers.ts';

/** As the operator names it; no languages = all that the model speaks. */
export interface ConfiguredVoice {
  id: string;
  name: string;
  languages: readonly string[];
}

/** As GET /v1/voices shows them. */
export function voicesOf(configured: readonly ConfiguredVoice[], spoken: readonly string[]): Voice[] {
  return configured.map(({ id, name, languages }) => ({
    voice: voiceName(id),
    name: `${name} (ElevenLabs)`,
    languages: [...(languages.length > 0 ? languages.filter((each) => spoken.includes(each)) : spoken)],
    engine: 'elevenlabs',
    licence: 'Terms of ElevenLabs; commercial use with its paid plans',
    description: 'neural, paid for by the character',
  }));
}

const prefix = 'elevenlabs-';
const voiceName = (id: string) => `${prefix}${id}`;

/** Names which voice speaks a language when none is asked for; others may come and go. */
export function digestOfDefaults(voices: readonly Voice[], spoken: readonly string[]): string {
  const defaults = spoken.map(
    (language) => voices.find(({ languages }) => languages.includes(language))?.voice ?? null,
  );
  return createHash('sha256').update(JSON.stringify(defaults)).digest('hex').slice(0, 8);
}

/** The provider's own id of the asked voice, or of the first that speaks the language. Throws as Speech.speak. */
export function chooseVoice(
  voices: readonly Voice[],
  language: string,
  asked: string | undefined,
): { voice: string; id: string } {
  const fitting = voices.filter(({ languages }) => languages.includes(language));
  if (fitting.length === 0)
    throw new AppError('language_unsupported', `No voice at ElevenLabs speaks "${language}".`);
  const chosen = asked === undefined ? fitting[0] : fitting.find(({ voice }) => voice === asked);
  if (chosen === undefined)
    throw new AppError('request_invalid', `There is no voice ${asked} for "${language}" at ElevenLabs.`, {
      hint: `Voices for it: ${fitting.map(({ voice }) => voice).join(', ')}.`,
    });
  return { voice: chosen.voice, id: chosen.voice.slice(prefix.length) };
}
