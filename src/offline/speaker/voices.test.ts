import { expect, test } from 'vitest';

import { offlineVoices } from './maker.ts';
import { catalogue, chooseVoice, neuralVoice } from './voices.ts';

test('every language that was promised has a default voice', () => {
  for (const language of ['en', 'fr', 'es', 'de', 'it', 'pt', 'nl', 'pl', 'ru', 'tr', 'ar', 'hi', 'zh']) {
    expect(chooseVoice(language, undefined).languages).toContain(language);
  }
  expect(chooseVoice('en', undefined).voice).toBe('en-slt');
  expect(chooseVoice('pt-BR', undefined).voice).toBe('pt-espeak');
});

test('ids are unique and every voice says who made it', () => {
  const voices = offlineVoices([]);
  expect(new Set(voices.map(({ voice }) => voice)).size).toBe(voices.length);
  expect(voices).toHaveLength(catalogue.length);
  for (const { licence, description, engine } of voices) {
    expect(licence).toMatch(engine === 'flite' ? /BSD/ : /GPL-3/);
    expect(description).toMatch(/male/);
  }
});

test('refuses what it cannot speak, and says what it can', () => {
  expect(() => chooseVoice('en', 'morgan')).toThrow(
    expect.objectContaining({
      code: 'request_invalid',
      hint: expect.stringContaining('en-slt, en-rms, en-awb'),
    }),
  );
  expect(() => chooseVoice('fr', 'en-slt')).toThrow(
    expect.objectContaining({
      code: 'request_invalid',
      publicMessage: 'The voice “en-slt” does not speak the language “fr”.',
      hint: 'Voices for fr: fr-espeak.',
    }),
  );
  expect(() => chooseVoice('ja', undefined)).toThrow(
    expect.objectContaining({ code: 'language_unsupported', hint: expect.stringContaining('fr, hi') }),
  );
});

test('a voice of the user’s is there when asked for, and never a default', () => {
  const added = neuralVoice({
    voice: 'neural-amy',
    name: 'Amy',
    language: 'en',
    licence: 'MIT',
    kind: 'vits',
    files: {},
    speaker: 0,
    sampleRate: 22_050,
    digest: 'd1',
  });
  expect(chooseVoice('en', undefined, [added]).voice).toBe('en-slt');
  expect(chooseVoice('en-GB', 'neural-amy', [added])).toBe(added);
  expect(() => chooseVoice('fr', 'neural-amy', [added])).toThrow(
    expect.objectContaining({ publicMessage: expect.stringContaining('does not speak the language “fr”') }),
  );
});
