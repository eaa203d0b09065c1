// The first take on disk: samples as they are, written once from the front, then read in blocks. Knows no WAV.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const sampleBytes = Float32Array.BYTES_PER_ELEMENT;

export interface TakeFile {
  /** How many samples it holds. */
  frames(): number;
  append(samples: Float32Array): void;
  /** Fills `into` from sample `from` on; what lies behind the end is silence. */
  read(into: Float32Array, from: number): void;
  /** Call always. */
  close(): void;
}

/** Creates `file`, or empties it. */
export function createTakeFile(file: string): TakeFile {
  const fd = openSync(file, 'w+');
  let frames = 0;
  const bytesOf = (samples: Float32Array) =>
    new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);

  return {
    frames: () => frames,
    append(samples) {
      const bytes = bytesOf(samples);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(fd, bytes, done, bytes.length - done, frames * sampleBytes + done);
      }
      frames += samples.length;
    },
    read(into, from) {
      const bytes = bytesOf(into);
      let done = 0;
      for (let count = 1; count > 0 && done < bytes.length; done += count) {
        count = readSync(fd, bytes, done, bytes.length - done, from * sampleBytes + done);
      }
      bytes.fill(0, done);
    },
    close: () => closeSync(fd),
  };
}
