// The engine of neural voices: starts the process that holds the model, asks it for sentences, and finds the words in what
// it says by a voice whose times are known.
import { type ChildProcess, fork } from 'node:child_process';

import { AppError } from '../../../domain/errors.ts';
import { markOf, type Piece, type SpeechEngine, type Utterance } from '../engine.ts';
import { alignWords } from './align-words.ts';
import type { NeuralAnswer, NeuralRequest } from './neural-process.ts';
import type { VoiceModel } from './voice-model.ts';

const entry = new URL('./neural-process.ts', import.meta.url);
/** Models differ in loudness; speech is brought to about this before it is polished. */
const speechRms = 0.09;
const advice = 'Run `aiprod doctor`, take a model that was made for sherpa-onnx, or choose another voice.';

export interface NeuralEngine extends SpeechEngine {
  /** Ends its process. Call always. */
  close(): void;
}

/**
 * Loads `model`. `reference` speaks the same language as `referenceVoice` and knows its times. Throws `machine_unfit`
 * when the model does not load or does not speak, with the library's own words as the cause.
 */
export async function createNeural(
  model: VoiceModel,
  reference: { engine: SpeechEngine; voice: string },
  signal: AbortSignal,
): Promise<NeuralEngine> {
  const child = fork(entry, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000);
  });
  const kill = () => void child.kill('SIGKILL');
  signal.addEventListener('abort', kill, { once: true });
  let gain: number | undefined;

  async function ask(
    request: NeuralRequest,
    failure: string,
  ): Promise<Exclude<NeuralAnswer, { fault: string }>> {
    const answer = await answerOf(child, request);
    signal.throwIfAborted();
    if (answer !== undefined && !('fault' in answer)) return answer;
    throw new AppError('machine_unfit', failure, {
      hint: advice,
      cause: new Error(`the voice's process said "${answer === undefined ? said.trim() : answer.fault}"`),
    });
  }

  function close(): void {
    signal.removeEventListener('abort', kill);
    kill();
  }

  async function start(): Promise<void> {
    const loaded = await ask({ load: model }, `The model of the voice “${model.voice}” does not load.`);
    if (loaded.sampleRate === model.sampleRate) return;
    throw new AppError(
      'machine_unfit',
      `The model of the voice “${model.voice}” speaks at ${loaded.sampleRate} Hz and says ${model.sampleRate} Hz.`,
      { hint: advice },
    );
  }

  async function speak(pieces: Piece[], _voice: string, pace: number): Promise<Utterance> {
    const text = pieces
      .map((piece, i) => `${piece.text}${markOf(piece.rest, i === pieces.length - 1)}`)
      .join(' ');
    const answer = await ask({ text, pace }, `The voice “${model.voice}” could not say a sentence.`);
    if (!('samples' in answer) || !answer.samples.some((x) => Math.abs(x) > 0.001)) {
      throw new AppError('machine_unfit', `The voice “${model.voice}” had no sound for a sentence.`, {
        hint: 'Its model may not know these words or this language; choose another voice.',
        cause: new Error(`the voice's process said "${said.trim()}"`),
      });
    }
    const { samples, sampleRate } = answer;
    // One gain for the whole text, so that a soft sentence stays soft.
    gain ??= speechRms / rmsOfSounding(samples);
    for (let i = 0; i < samples.length; i++) samples[i]! *= gain;
    const known = await reference.engine.speak(pieces, reference.voice, pace);
    return { samples, sampleRate, spans: alignWords(samples, sampleRate, known) };
  }

  try {
    await start();
  } catch (error) {
    close();
    throw error;
  }
  return { speak, close };
}

/** Undefined when the process ended instead. */
function answerOf(child: ChildProcess, request: NeuralRequest): Promise<NeuralAnswer | undefined> {
  return new Promise((resolve) => {
    const finish = (answer: NeuralAnswer | undefined) => {
      child.off('message', onMessage);
      child.off('close', onEnd);
      child.off('error', onEnd);
      resolve(answer);
    };
    const onMessage = (answer: unknown) => finish(answer as NeuralAnswer);
    const onEnd = () => finish(undefined);
    if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined);
    child.on('message', onMessage);
    // `close` comes when its last words are read.
    child.on('close', onEnd);
    child.on('error', onEnd);
    child.send(request, () => {});
  });
}

/** Of the louder half of the moments: pauses do not count. */
function rmsOfSounding(samples: Float32Array): number {
  const size = 512;
  const powers = Array.from({ length: Math.ceil(samples.length / size) }, (_, i) => {
    const part = samples.subarray(i * size, (i + 1) * size);
    return part.reduce((sum, x) => sum + x * x, 0) / part.length;
  }).sort((a, b) => b - a);
  const louder = powers.slice(0, Math.max(1, powers.length >> 1));
  return Math.max(1e-4, Math.sqrt(louder.reduce((sum, power) => sum + power, 0) / louder.length));
}
