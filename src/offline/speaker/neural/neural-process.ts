// A process of its own for one neural voice: the library ends its process when a model does not suit it, and nothing of
// ours may end with it. Speaks sentence after sentence as it is asked; ends with its parent.
import sherpa from 'sherpa-onnx-node';

import type { VoiceModel } from './voice-model.ts';

export type NeuralRequest = { load: VoiceModel } | { text: string; pace: number };
export type NeuralAnswer =
  | { sampleRate: number }
  | { samples: Float32Array; sampleRate: number }
  | { fault: string };

/** Noise makes the same sentence sound otherwise each time; without it the same input gives the same sound. */
const steady = { noiseScale: 0, noiseScaleW: 0, lengthScale: 1 };

let voice: InstanceType<typeof sherpa.OfflineTts> | undefined;
let speaker = 0;

function load({ kind, files, speaker: chosen }: VoiceModel): NeuralAnswer {
  const options = {
    vits: { ...files, ...steady },
    kokoro: { ...files, lengthScale: 1 },
    matcha: { ...files, noiseScale: 0, lengthScale: 1 },
  }[kind];
  voice = new sherpa.OfflineTts({
    model: { [kind]: options, numThreads: 2, provider: 'cpu', debug: false },
    maxNumSentences: 1,
    silenceScale: 1,
  });
  speaker = chosen;
  return { sampleRate: voice.sampleRate };
}

function speak(text: string, pace: number): NeuralAnswer {
  const { samples, sampleRate } = voice!.generate({
    text,
    sid: speaker,
    speed: pace,
    enableExternalBuffer: false,
  });
  return { samples, sampleRate };
}

process.on('message', (request: NeuralRequest) => {
  let answer: NeuralAnswer;
  try {
    answer = 'load' in request ? load(request.load) : speak(request.text, request.pace);
  } catch (error) {
    answer = { fault: (error as Error).message };
  }
  process.send!(answer);
});
process.on('disconnect', () => process.exit());
