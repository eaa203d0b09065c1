// Sounds one behind the other with rests between them. Memory is that of a block.
import path from 'node:path';

import type { MediaTools } from '../ports/media-tools.ts';
import { createBreather } from './breather.ts';
import { openWavReader, openWavWriter } from './wav.ts';

const sampleRate = 48_000;
const blockFrames = 48_000;

/** Contract: see MediaTools. */
export const joinSounds: MediaTools['joinSounds'] = async ({ sounds, restMs }, context) => {
  const breathe = createBreather(context.signal);
  const file = path.join(context.scratch, 'joined.wav');
  const writer = openWavWriter(file, 1, sampleRate);
  const block = new Float32Array(blockFrames);
  const rest = new Float32Array(Math.round((restMs * sampleRate) / 1000));
  const startsMs: number[] = [];
  let written = 0;
  try {
    for (const [index, sound] of sounds.entries()) {
      if (index > 0) {
        writer.write([rest]);
        written += rest.length;
      }
      startsMs.push((written * 1000) / sampleRate);
      const reader = openWavReader(sound);
      try {
        for (let from = 0; from < reader.frameCount; from += blockFrames) {
          const frames = Math.min(blockFrames, reader.frameCount - from);
          reader.read([block], from, frames);
          writer.write([block], frames);
          written += frames;
          await breathe();
        }
      } finally {
        reader.close();
      }
    }
  } finally {
    writer.close();
  }
  return {
    audio: { path: file, mediaType: 'audio/wav' },
    startsMs,
    durationMs: (written * 1000) / sampleRate,
  };
};
