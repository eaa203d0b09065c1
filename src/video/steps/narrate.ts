// Step: one scene's words are spoken; the sound and the time of each word are the result.
import { defineStep } from '../../engine/define-step.ts';
import type { BlobRef } from '../../ports/blob-store.ts';
import type { Speech, SpeechInput, SpokenWord } from '../../ports/providers.ts';

export interface Narration {
  audio: BlobRef;
  durationMs: number;
  words: SpokenWord[];
  voice: string;
  unspoken: string[];
}

/** `asked` is the voice of the request: one that a user added is known by its bytes. */
export function narrateStep(speech: Speech, asked: string | undefined) {
  const digest = speech.voices().find((each) => each.voice === asked)?.digest;
  return defineStep({
    name: 'narrate',
    stage: 'narrate',
    version: [`${speech.id}@${speech.version}`, digest].filter(Boolean).join('+'),
    timeoutMs: 300_000,
    async run(input: SpeechInput, context): Promise<Narration> {
      const { audio, durationMs, words, voice, unspoken } = await speech.speak(input, context);
      return { audio: await context.keep(audio), durationMs, words, voice, unspoken };
    },
  });
}
