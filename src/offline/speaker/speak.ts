// The offline speaker: reads the script, lets the voice's engine speak sentence by sentence, sets the rests, and
// writes polished sound with the time of every token. Memory is that of a sentence, however long the script.
import path from 'node:path';
import { between, createRandom, mixSeed } from '../../domain/random.ts';
import type { SpeechInput, SpeechResult, SpokenWord } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { createBreather } from '../../sound/breather.ts';
import { dbToGain } from '../../sound/decibels.ts';
import type { SpeechEngine, TimeSpan, Utterance } from './engine.ts';
import { createEspeak } from './espeak.ts';
import { createFlite } from './flite.ts';
import { createNeural, type NeuralEngine } from './neural/neural-engine.ts';
import type { VoiceModel } from './neural/voice-model.ts';
import { cutIntoPhrases } from './phrases.ts';
import { intone, type Melody } from './prosody/intonation.ts';
import { mannerOf } from './prosody/manner.ts';
import { takeBreaths } from './prosody/phrasing.ts';
import { readScript, type ScriptPiece } from './read-script.ts';
import { createRecorder, masterTake, outputRate } from './recorder.ts';
import { createTakeFile } from './take-file.ts';
import { chooseVoice, neuralVoice, type OfflineVoice, referenceVoice } from './voices.ts';

const speechLufs = -20;

/** An engine for this text alone: what it says must not depend on what was said before. */
async function engineOf({ engine }: OfflineVoice): Promise<SpeechEngine> {
  return engine === 'flite' ? createFlite() : createEspeak();
}

/** What the media process is asked: with the model when the voice is one of the user's. */
export interface OfflineSpeechInput extends SpeechInput {
  model?: VoiceModel;
}

/** Contract: see Speech.speak. */
export async function speak(input: OfflineSpeechInput, context: WorkContext): Promise<SpeechResult> {
  const breathe = createBreather(context.signal);
  await breathe();
  const { model } = input;
  const voice = chooseVoice(input.language, input.voice, model ? [neuralVoice(model)] : []);
  const { tokens, sentences, unspoken } = readScript(input.text, voice.languages[0]!);
  const cast = createCast(voice, model, context.signal);

  const takeFile = createTakeFile(path.join(context.scratch, 'take.f32'));
  try {
    const recorder = createRecorder(takeFile, {
      levelDb: voice.levelDb,
      narrow: voice.engine === 'flite',
      tone: voice.tone,
    });
    const manner = mannerOf(input.delivery);
    const emphasis = new Set(input.delivery?.emphasis);
    for (const [index, sentence] of sentences.entries()) {
      const language = sentence[0]!.foreign ?? voice.languages[0]!;
      takeBreaths(sentence, language);
      // Nobody says two sentences the same way, and everybody the same one.
      const random = createRandom(mixSeed(index, sentence.map(({ text }) => text).join(' ')));
      const { utterance, melody } = await cast.speak(sentence, manner.tempo * between(random, 0.98, 1.02));
      const place = { index, count: sentences.length, language, emphasis };
      const intoned = melody ? intone(utterance, sentence, place, melody, manner, random) : utterance;
      const rests = manner.rests * between(random, 0.95, 1.05);
      recorder.record(cutIntoPhrases(intoned, sentence, rests), intoned.sampleRate);
      context.onProgress?.((0.9 * (index + 1)) / sentences.length);
      await breathe();
    }
    const { spans, loudnessLufs } = recorder.finish();

    const file = path.join(context.scratch, 'narration.wav');
    const frames = await masterTake(takeFile, file, speechLufs - loudnessLufs, breathe);
    context.onProgress?.(1);
    return {
      audio: { path: file, mediaType: 'audio/wav' },
      durationMs: (frames * 1000) / outputRate,
      words: timeTokens(tokens, spans),
      voice: voice.voice,
      unspoken,
    };
  } finally {
    takeFile.close();
    cast.close();
  }
}

/** The voice of the text, and those of languages of which it has only words; each engine starts when it is needed. */
function createCast(main: OfflineVoice, model: VoiceModel | undefined, signal: AbortSignal) {
  const engines = new Map<OfflineVoice, SpeechEngine>();
  let neural: NeuralEngine | undefined;

  async function hire(voice: OfflineVoice): Promise<SpeechEngine> {
    if (voice.engine !== 'neural') return engineOf(voice);
    const known = referenceVoice(voice.languages[0]!)!;
    const reference = { engine: await engineOf(known), voice: known.engineVoice };
    neural = await createNeural(model!, reference, signal);
    return neural;
  }

  return {
    async speak(
      sentence: ScriptPiece[],
      tempo: number,
    ): Promise<{ utterance: Utterance; melody: Melody | undefined }> {
      const foreign = sentence[0]!.foreign;
      const voice = foreign === undefined ? main : chooseVoice(foreign, undefined);
      const engine = engines.get(voice) ?? (await hire(voice));
      engines.set(voice, engine);
      const utterance = await engine.speak(sentence, voice.engineVoice, voice.tempo * tempo);
      const gain = dbToGain(voice.levelDb - main.levelDb);
      if (gain !== 1) for (let i = 0; i < utterance.samples.length; i++) utterance.samples[i]! *= gain;
      return { utterance, melody: voice.melody };
    },
    close(): void {
      neural?.close();
    },
  };
}

/** Whole milliseconds, in order; a silent token is a moment at the end of the word before it. */
function timeTokens(tokens: string[], spans: ReadonlyMap<number, TimeSpan>): SpokenWord[] {
  let reachedMs = 0;
  return tokens.map((text, index) => {
    const span = spans.get(index);
    const startMs = Math.max(reachedMs, Math.round(span?.startMs ?? reachedMs));
    const endMs = Math.max(startMs, Math.round(span?.endMs ?? startMs));
    reachedMs = endMs;
    return { text, startMs, endMs };
  });
}
