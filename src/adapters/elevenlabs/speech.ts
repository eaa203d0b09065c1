// ElevenLabs as the speaker: a text, its sound, and when each word is heard. Long texts are spoken in parts.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { costMicroUsd } from '../../domain/prices.ts';
import type { Speech, SpeechInput, SpeechResult, SpokenWord } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { type Account, usable } from './account.ts';
import { type SpeechModel, speechModel } from './models.ts';
import { countCharacters, splitText, type TextPart } from './split-text.ts';
import { voiceSettings } from './voice-settings.ts';
import { type ConfiguredVoice, chooseVoice, digestOfDefaults, voicesOf } from './voices.ts';
import { timeWords } from './word-times.ts';

/** Raise it with every change of what is asked or of what becomes of the answer. */
const revision = 2;
/** Between parts of a long text, as between two sentences. */
const restMs = 350;
/** Of every scene: voices come louder and quieter. */
const loudnessLufs = -20;
/** As much of what is said before and after as is told. */
const contextCharacters = 600;
const mostBytes = 96_000_000;
/** The same text is said the same way, as far as the provider can. */
const seed = 20_251;

const numbers = z.array(z.number().min(0).max(100_000));
const answerSchema = z.object({
  audio_base64: z.base64(),
  alignment: z
    .object({
      characters: z.array(z.string()),
      character_start_times_seconds: numbers,
      character_end_times_seconds: numbers,
    })
    .nullish(),
});
/** What is kept of an answer; `request_id` is how ElevenLabs finds it again. */
const keptSchema = answerSchema.extend({ request_id: z.string().nullable() });

export function createElevenlabsSpeech(
  account: Account,
  { model: modelName, voices: configured }: { model: string; voices: readonly ConfiguredVoice[] },
): Speech {
  const model = speechModel(modelName);
  const voices = voicesOf(configured, model.languages);

  return {
    id: 'elevenlabs/speech',
    // Scenes that were spoken before the default changed must not stand beside others.
    version: `${modelName}+${revision}+${digestOfDefaults(voices, model.languages)}`,
    voices: () => voices,
    expectedMicroUsd: ({ characters }) => costMicroUsd(account.prices[model.price], characters / 1000),
    async speak(input, context): Promise<SpeechResult> {
      const { voice, id } = chooseVoice(voices, input.language, input.voice);
      const parts = splitText(input.text, input.language, model.mostCharacters);
      const spoken: SpokenPart[] = [];
      for (const index of parts.keys()) {
        spoken.push(await speakPart({ parts, index, id, input, model, modelName }, account, context));
        context.onProgress?.((index + 1) / parts.length);
      }
      return { ...(await joined(spoken, account, context)), voice, unspoken: [] };
    },
  };
}

interface PartRequest {
  parts: TextPart[];
  index: number;
  /** The provider's voice. */
  id: string;
  input: SpeechInput;
  model: SpeechModel;
  modelName: string;
}

type SpokenPart = Pick<SpeechResult, 'audio' | 'durationMs' | 'words'>;

async function speakPart(request: PartRequest, account: Account, context: WorkContext): Promise<SpokenPart> {
  const { parts, index, id, input, model, modelName } = request;
  const { text, tokens } = parts[index]!;
  const before = parts[index - 1]?.text;
  const after = parts[index + 1]?.text;
  const scratch = join(context.scratch, `part-${index + 1}`);
  await mkdir(scratch);
  const answer = await account.pay(
    {
      name: parts.length === 1 ? 'speech' : `speech-${index + 1}-of-${parts.length}`,
      path: `/v1/text-to-speech/${encodeURIComponent(id)}/with-timestamps`,
      json: {
        text: withoutMarkup(text),
        model_id: modelName,
        seed,
        voice_settings: voiceSettings(input.delivery, model),
        ...(model.takesLanguage && { language_code: input.language }),
        ...(model.takesContext && before !== undefined && { previous_text: lastOf(withoutMarkup(before)) }),
        ...(model.takesContext && after !== undefined && { next_text: firstOf(withoutMarkup(after)) }),
      },
      costMicroUsd: costMicroUsd(account.prices[model.price], countCharacters(text) / 1000),
      deadlineMs: 60_000 + countCharacters(text) * 20,
      mostBytes,
      read: {
        as: 'json',
        parse: (body, headers) => ({ ...answerSchema.parse(body), request_id: headers.get('request-id') }),
      },
      async toFile(kept) {
        const path = join(scratch, 'answer.json');
        await writeFile(path, JSON.stringify(kept));
        return { path, mediaType: 'application/json' };
      },
    },
    context,
  );
  const { audio_base64, alignment } = keptSchema.parse(JSON.parse(await readFile(answer.path, 'utf8')));
  const source = join(scratch, 'voice.sound');
  await writeFile(source, Buffer.from(audio_base64, 'base64'));
  const { audio, durationMs, cutMs } = await usable(
    account.tools.prepareSound({ source, channels: 1, trim: true, loudnessLufs }, { ...context, scratch }),
  );
  const times = {
    characters: alignment?.characters ?? [],
    startSeconds: alignment?.character_start_times_seconds ?? [],
    endSeconds: alignment?.character_end_times_seconds ?? [],
  };
  return { audio, durationMs, words: timeWords(tokens, times, { cutMs, durationMs }) };
}

async function joined(parts: SpokenPart[], { tools }: Account, context: WorkContext): Promise<SpokenPart> {
  const [only, ...more] = parts;
  if (more.length === 0) return only!;
  const sounds = parts.map(({ audio }) => audio.path);
  const { audio, startsMs, durationMs } = await tools.joinSounds({ sounds, restMs }, context);
  const words = parts.flatMap((part, index) =>
    part.words.map((word) => later(word, Math.round(startsMs[index]!))),
  );
  return { audio, durationMs, words };
}

const later = ({ text, startMs, endMs }: SpokenWord, byMs: number): SpokenWord => ({
  text,
  startMs: startMs + byMs,
  endMs: endMs + byMs,
});

/** Some models take tags such as `<break time="10s"/>` and `[laughs]` for orders. As long as it was, so that times fit. */
const withoutMarkup = (text: string) => text.replaceAll(/[<>[\]{}\\]/g, ' ');

const lastOf = (text: string) => [...text].slice(-contextCharacters).join('');
const firstOf = (text: string) => [...text].slice(0, contextCharacters).join('');
