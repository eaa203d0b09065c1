// The three makers against the double of their vendor: what they ask, what becomes of the answers, and of every fault.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import {
  type ElevenlabsDouble,
  type ElevenlabsFault,
  elevenlabsKey,
  startElevenlabsDouble,
} from '../../../test/support/elevenlabs-double.ts';
import { createPurse } from '../../../test/support/purse.ts';
import { toAppError } from '../../domain/errors.ts';
import { listPrices } from '../../domain/prices.ts';
import { tokenise } from '../../domain/tokens.ts';
import type { SpeechInput, SpokenWord } from '../../ports/providers.ts';
import { prepareSound } from '../../render/media/prepare-sound.ts';
import { joinSounds } from '../../sound/join-sounds.ts';
import { readWav } from '../../sound/wav.ts';
import { createProviderClient } from '../http-provider/provider-client.ts';
import { systemClock } from '../system/clock.ts';
import type { AccountDeps } from './account.ts';
import { createElevenlabsMakers, type ElevenlabsOptions } from './makers.ts';

let double: ElevenlabsDouble;
let folder: string;
beforeAll(async () => {
  double = await startElevenlabsDouble();
  folder = await mkdtemp(join(tmpdir(), 'aiprod-eleven-'));
});
afterAll(async () => {
  await double.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  double.asked.length = 0;
  double.faults.length = 0;
  Object.assign(double.charged, { requests: 0, characters: 0, effectSeconds: 0, musicSeconds: 0 });
});

const models = { speech: 'eleven_multilingual_v2', sound: 'eleven_text_to_sound_v2', music: 'music_v1' };
const voices = [
  { id: 'JBFq', name: 'George', languages: [] },
  { id: 'Lieb', name: 'Liesel', languages: ['de'] },
];

function makers(deps: Partial<AccountDeps> = {}, options: Partial<ElevenlabsOptions> = {}) {
  const client = createProviderClient({
    provider: 'elevenlabs',
    clock: { ...systemClock, sleep: async () => {} },
    concurrency: 2,
    breaker: { failures: 100, restMs: 1 },
  });
  return createElevenlabsMakers(
    {
      client,
      baseUrl: new URL(double.url),
      apiKey: elevenlabsKey,
      prices: listPrices,
      tools: { prepareSound, joinSounds },
      ...deps,
    },
    { models, voices, ...options },
  );
}

let calls = 0;
async function context() {
  const scratch = join(folder, `call-${++calls}`);
  await mkdir(scratch);
  const purse = createPurse();
  return { purse, context: { scratch, signal: new AbortController().signal, pay: purse.pay } };
}

const fog: SpeechInput = { text: 'Fog came in at night.', language: 'en' };

function expectInOrder(words: SpokenWord[], durationMs: number): void {
  let reached = 0;
  for (const { startMs, endMs } of words) {
    expect(startMs).toBeGreaterThanOrEqual(reached);
    expect(endMs).toBeGreaterThanOrEqual(startMs);
    reached = endMs;
  }
  expect(reached).toBeLessThanOrEqual(durationMs);
}

describe('speech', () => {
  test('by another default voice is another version, so that no video mixes them; one more voice changes nothing', () => {
    const [george, liesel] = voices as [(typeof voices)[0], (typeof voices)[0]];
    const sarah = { id: 'EXAV', name: 'Sarah', languages: [] };
    const versionWith = (...configured: typeof voices) => makers({}, { voices: configured }).speech.version;
    const usual = versionWith(george, liesel);
    expect(versionWith(george, liesel, sarah)).toBe(usual);
    expect(versionWith(sarah, george, liesel)).not.toBe(usual);
    expect(versionWith(liesel, george), 'for German alone').not.toBe(usual);
  });

  test('asks once, says what it costs, and times the words by what is heard', async () => {
    const { context: work, purse } = await context();
    const delivery = { mood: 'dramatic', energy: 0.9, emphasis: [] } as const;
    const spoken = await makers().speech.speak({ ...fog, delivery: { ...delivery, emphasis: [] } }, work);
    expect(double.asked).toEqual([
      {
        path: '/v1/text-to-speech/JBFq/with-timestamps',
        query: { output_format: 'mp3_44100_128' },
        body: {
          text: fog.text,
          model_id: 'eleven_multilingual_v2',
          seed: expect.any(Number),
          voice_settings: { stability: 0.32, similarity_boost: 0.75, style: 0.43 },
        },
      },
    ]);
    expect(purse.paid).toEqual([{ name: 'speech', estimateMicroUsd: 2_100, costMicroUsd: 2_100 }]);
    expect(double.charged).toMatchObject({ requests: 1, characters: 21 });

    expect(spoken).toMatchObject({ voice: 'elevenlabs-JBFq', unspoken: [] });
    expect(spoken.words.map(({ text }) => text)).toEqual(tokenise(fog.text, 'en'));
    expectInOrder(spoken.words, spoken.durationMs);
    const { sampleRate, channels } = await readWav(spoken.audio.path);
    expect([sampleRate, channels.length]).toEqual([48_000, 1]);
    expect(channels[0]!.length / 48).toBeCloseTo(spoken.durationMs, 3);
    // Each word sounds where it is said to, and the rest between two words does not.
    const level = (fromMs: number, toMs: number) => {
      const part = channels[0]!.subarray(fromMs * 48, toMs * 48);
      return Math.sqrt(part.reduce((sum, each) => sum + each * each, 0) / part.length);
    };
    for (const [index, { startMs, endMs }] of spoken.words.entries()) {
      expect(level(startMs, endMs)).toBeGreaterThan(0.05);
      const next = spoken.words[index + 1];
      if (next) expect(level(endMs + 20, next.startMs - 20)).toBeLessThan(0.02);
    }
  });

  test.each([
    ['de', 'Die „schöne“ Straße – 20 Meter!'],
    ['ja', '夜に嵐が来た。雷が海を渡った。'],
    ['ar', 'هبت العاصفة ليلاً، ثم هدأت.'],
    ['en', 'Waves 🌊 rolled in 🚢🌊 all night'],
  ])('gives the tokens of %s whole, in order, within the sound', async (language, text) => {
    const { context: work } = await context();
    const { words, durationMs } = await makers().speech.speak({ text, language }, work);
    expect(words.map((word) => word.text)).toEqual(tokenise(text, language));
    expectInOrder(words, durationMs);
  });

  test('what models would take for orders is not sent to them, and the words are whole', async () => {
    const text = 'Wait <break time="10s"/> now [laughs] {x} \\u0041 end.';
    const { context: work } = await context();
    const { words, durationMs } = await makers().speech.speak({ text, language: 'en' }, work);
    expect(double.asked[0]!.body).toMatchObject({
      text: 'Wait  break time="10s"/  now  laughs   x   u0041 end.',
    });
    expect(words.map((word) => word.text)).toEqual(tokenise(text, 'en'));
    expectInOrder(words, durationMs);
  });

  test('a long text is spoken in parts that know of each other, and is one sound', async () => {
    const { context: work, purse } = await context();
    const sentence = 'Fog came in from the sea and stayed for the whole of the night. ';
    const text = sentence.repeat(160);
    const { speech } = makers();
    const { words, durationMs, audio } = await speech.speak({ text, language: 'en' }, work);
    expect(double.asked.map(({ body }) => [...String(body.text)].length)).toEqual([9_983, 255]);
    expect(double.asked[0]!.body.next_text).toBe(double.asked[1]!.body.text);
    expect(sentence.repeat(160)).toContain(String(double.asked[1]!.body.previous_text));
    expect(purse.paid.map(({ name }) => name)).toEqual(['speech-1-of-2', 'speech-2-of-2']);
    expect(words.map((word) => word.text)).toEqual(tokenise(text, 'en'));
    expectInOrder(words, durationMs);
    expect((await readWav(audio.path)).channels[0]!.length / 48).toBeCloseTo(durationMs, 3);
    // Asked again, as after a crash: nothing more is sent.
    await speech.speak({ text, language: 'en' }, { ...work, scratch: await fresh() });
    expect(double.charged.requests).toBe(2);
  }, 30_000);

  async function fresh(): Promise<string> {
    return (await context()).context.scratch;
  }

  test('models are told the language, and spared the style, where they take it so', async () => {
    const { context: work, purse } = await context();
    const small = makers({}, { models: { ...models, speech: 'eleven_flash_v2_5' } });
    await small.speech.speak({ text: 'Guten Tag.', language: 'de', voice: 'elevenlabs-Lieb' }, work);
    expect(double.asked[0]!.path).toContain('/Lieb/');
    expect(double.asked[0]!.body).toMatchObject({ language_code: 'de' });
    expect(double.asked[0]!.body.voice_settings).toEqual({ stability: 0.55, similarity_boost: 0.75 });
    expect(purse.paid[0]!.costMicroUsd).toBe(500);
    expect(small.speech.version).not.toBe(makers().speech.version);
    const { context: other } = await context();
    await makers({}, { models: { ...models, speech: 'eleven_v3' } }).speech.speak(fog, other);
    expect([0, 0.5, 1]).toContain((double.asked[1]!.body.voice_settings as { stability: number }).stability);
  });

  test('a language or a voice that it does not have is said before anything is sent', async () => {
    const { context: work } = await context();
    const { speech } = makers();
    await expect(speech.speak({ text: 'שלום', language: 'he' }, work)).rejects.toMatchObject({
      code: 'language_unsupported',
    });
    await expect(speech.speak({ ...fog, voice: 'elevenlabs-Lieb' }, work)).rejects.toMatchObject({
      code: 'request_invalid',
    });
    expect(double.asked).toEqual([]);
    expect(speech.voices().map(({ voice, languages }) => [voice, languages.includes('en')])).toEqual([
      ['elevenlabs-JBFq', true],
      ['elevenlabs-Lieb', false],
    ]);
  });
});

describe('effects and music', () => {
  const lengthOf = async (file: string) => {
    const { sampleRate, channels } = await readWav(file);
    return { rate: sampleRate, channels: channels.length, ms: channels[0]!.length / 48 };
  };

  test.each([
    [320, 0.5, false],
    [4_250.5, 4.3, false],
    [41_000, 30, true],
  ])('an effect of %d ms is asked as %d s and made exactly as long', async (durationMs, asked, loop) => {
    const { context: work, purse } = await context();
    const { audio } = await makers().soundEffects.make({ kind: 'waves', durationMs, seed: 1 }, work);
    expect(double.asked[0]).toMatchObject({
      path: '/v1/sound-generation',
      body: { duration_seconds: asked, model_id: 'eleven_text_to_sound_v2', loop },
    });
    expect(double.asked[0]!.body.text).toContain('Sea waves');
    expect(purse.paid).toEqual([
      { name: 'effect', estimateMicroUsd: asked * 2_000, costMicroUsd: asked * 2_000 },
    ]);
    expect(await lengthOf(audio.path)).toEqual({ rate: 48_000, channels: 2, ms: durationMs });
  });

  const scenes = [
    { startMs: 0, energy: 0.2 },
    { startMs: 4_000, energy: 0.25 },
    { startMs: 8_000, energy: 0.9 },
  ];
  const score = { mood: 'tense', style: 'noir', durationMs: 12_345, sections: scenes, seed: 7 } as const;

  test('music is instrumental, follows the scenes, and is exactly as long', async () => {
    const { context: work, purse } = await context();
    const { music } = makers();
    const made = await music.compose({ ...score, sections: scenes }, work);
    expect(double.asked[0]).toMatchObject({
      path: '/v1/music',
      body: { music_length_ms: 12_345, force_instrumental: true, model_id: 'music_v1', seed: 7 },
    });
    const prompt = String(double.asked[0]!.body.prompt);
    for (const part of ['jazz', 'tense', 'from second 0 sparse', 'from second 8 at full strength'])
      expect(prompt).toContain(part);
    expect(prompt).not.toContain('second 4');
    expect(purse.paid).toEqual([{ name: 'music', estimateMicroUsd: 123_450, costMicroUsd: 123_450 }]);
    expect(made).toMatchObject({ tempoBpm: null, key: null });
    expect(await lengthOf(made.audio.path)).toEqual({ rate: 48_000, channels: 2, ms: 12_345 });
    expect(await music.planBeats({ ...score, sections: scenes }, work)).toEqual([]);
  });

  test('music of less than three seconds is cut from three, more than ten minutes are refused', async () => {
    const { context: work } = await context();
    const short = await makers().music.compose({ ...score, sections: scenes, durationMs: 1_000 }, work);
    expect(double.asked[0]!.body.music_length_ms).toBe(3_000);
    expect((await lengthOf(short.audio.path)).ms).toBe(1_000);
    await expect(
      makers().music.compose({ ...score, sections: scenes, durationMs: 600_001 }, (await context()).context),
    ).rejects.toMatchObject({ code: 'provider_refused' });
  });
});

describe('faults', () => {
  const says = async (fault: ElevenlabsFault[], deps: Partial<AccountDeps> = {}) => {
    double.faults.push(...fault);
    const { context: work, purse } = await context();
    const error = await makers({ deadlineMs: 400, ...deps })
      .speech.speak(fog, work)
      .then(() => undefined, toAppError);
    return { error, purse };
  };

  test.each<[ElevenlabsFault, string]>([
    ['quota', 'provider_quota'],
    ['bad_key', 'provider_credentials'],
    ['unusual', 'provider_credentials'],
    ['refused', 'provider_refused'],
    ['no_voice', 'provider_refused'],
  ])('%s is %s, and costs nothing', async (fault, code) => {
    const { error, purse } = await says([fault]);
    expect(error).toMatchObject({ code, provider: 'elevenlabs', hint: expect.any(String) });
    expect(purse.failed).toEqual([code]);
    expect([double.asked.length, double.charged.requests]).toEqual([1, 0]);
  });

  test.each<ElevenlabsFault>([
    'crowded',
    'busy',
    'fault_500',
  ])('%s is asked again, and paid once', async (fault) => {
    const { error, purse } = await says([fault]);
    expect(error).toBeUndefined();
    expect(purse.paid).toHaveLength(1);
    expect([double.asked.length, double.charged.requests]).toEqual([2, 1]);
  });

  test.each<[ElevenlabsFault, string]>([
    ['crowded', 'provider_busy'],
    ['busy', 'provider_busy'],
    ['fault_500', 'provider_unavailable'],
  ])('%s again and again is %s', async (fault, code) => {
    const { error } = await says([fault, fault, fault]);
    expect(error).toMatchObject({ code });
    expect(double.charged.requests).toBe(0);
  });

  test.each<ElevenlabsFault>([
    'hang',
    'slow_body',
    'html_200',
    'truncated_json',
    'gateway_502',
  ])('%s: nobody knows what became of it, and it is not sent again', async (fault) => {
    const { error } = await says([fault]);
    expect(error).toMatchObject({ code: 'payment_ambiguous' });
    expect([double.asked.length, double.charged.requests]).toEqual([1, 1]);
  });

  test.each<ElevenlabsFault>([
    'wrong_codec',
    'empty_audio',
    'silent_audio',
    'other_times',
    'no_times',
  ])('%s is paid, and of no use', async (fault) => {
    const { error, purse } = await says([fault], { deadlineMs: 5_000 });
    expect(error).toMatchObject({ code: 'provider_answer_invalid', provider: 'elevenlabs' });
    expect(purse.paid).toHaveLength(1);
    expect(double.charged.requests).toBe(1);
  });

  test.each<[ElevenlabsFault, string]>([
    ['html_200', 'payment_ambiguous'],
    ['empty_audio', 'payment_ambiguous'],
    ['wrong_codec', 'provider_answer_invalid'],
    ['quota', 'provider_quota'],
  ])('music and effects: %s is %s', async (fault, code) => {
    double.faults.push(fault, fault);
    const { music, soundEffects } = makers();
    const score = { mood: 'calm', style: 'nature', durationMs: 3_000, sections: [], seed: 1 } as const;
    await expect(music.compose({ ...score, sections: [] }, (await context()).context)).rejects.toMatchObject({
      code,
    });
    await expect(
      soundEffects.make({ kind: 'rain', durationMs: 900, seed: 1 }, (await context()).context),
    ).rejects.toMatchObject({ code });
    expect(double.asked).toHaveLength(2);
  });

  test('nobody there costs nothing', async () => {
    const gone = await startElevenlabsDouble();
    await gone.close();
    const { error } = await says([], { baseUrl: new URL(gone.url) });
    expect(error).toMatchObject({ code: 'provider_unavailable' });
  });

  test('the key is in no error', async () => {
    for (const fault of ['bad_key', 'quota', 'hang', 'html_200', 'wrong_codec', 'fault_500'] as const) {
      double.faults.length = 0;
      const { error } = await says([fault, fault, fault]);
      expect(error).toBeDefined();
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(elevenlabsKey);
    }
  });

  test('outside of a job nothing is bought', async () => {
    const { pay: _, ...work } = (await context()).context;
    await expect(makers().speech.speak(fog, work)).rejects.toThrow('within a job');
    expect(double.asked).toEqual([]);
  });
});
