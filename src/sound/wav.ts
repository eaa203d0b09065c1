// WAV files in and out: 16-bit PCM written, 16-bit PCM and 32-bit float read, whole or in blocks.
// It neither resamples nor remixes.
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

import { AppError } from '../domain/errors.ts';

export interface Sound {
  sampleRate: number;
  /** One array per channel, all of one length, full scale = ±1. */
  channels: Float32Array[];
}

export interface WavReader {
  readonly sampleRate: number;
  readonly channelCount: number;
  readonly frameCount: number;
  /**
   * Fills `into[channel][0..frames)` with the frames from `startFrame` on. What lies outside of the file is silence.
   * Throws `internal` when the bytes cannot be read.
   */
  read(into: Float32Array[], startFrame: number, frames: number): void;
  close(): void;
}

export interface WavWriter {
  /** Appends the first `frames` (default: all) of each channel. Throws `internal` | `storage_full`. */
  write(channels: Float32Array[], frames?: number): void;
  /** Completes the header. Without it the file is not valid. */
  close(): void;
}

const headerBytes = 44;
const blockFrames = 32_768;

/** Writes a 16-bit WAV file. Same samples, same bytes. Throws `internal` | `storage_full`. */
export async function writeWav(path: string, channels: Float32Array[], sampleRate: number): Promise<void> {
  const writer = openWavWriter(path, channels.length, sampleRate);
  try {
    writer.write(channels);
  } finally {
    writer.close();
  }
}

/** Reads a whole WAV file. Throws `internal` when it is not one that `openWavReader` understands. */
export async function readWav(path: string): Promise<Sound> {
  const reader = openWavReader(path);
  try {
    const { sampleRate, channelCount, frameCount } = reader;
    const channels = Array.from({ length: channelCount }, () => new Float32Array(frameCount));
    reader.read(channels, 0, frameCount);
    return { sampleRate, channels };
  } finally {
    reader.close();
  }
}

/** Opens a 16-bit PCM or 32-bit float WAV file for reading in blocks. Throws `internal`. */
export function openWavReader(path: string): WavReader {
  const fd = attempt(path, () => openSync(path, 'r'));
  try {
    const format = attempt(path, () => parseHeader(fd));
    return createReader(path, fd, format);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

interface WavFormat {
  sampleRate: number;
  channelCount: number;
  float: boolean;
  dataStart: number;
  frameCount: number;
}

function parseHeader(fd: number): WavFormat {
  const size = fstatSync(fd).size;
  const chunk = Buffer.alloc(40);
  readSync(fd, chunk, 0, 12, 0);
  if (chunk.toString('latin1', 0, 4) !== 'RIFF' || chunk.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error('not a RIFF WAVE file');
  }
  let format: { tag: number; channelCount: number; sampleRate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= size; ) {
    chunk.fill(0);
    readSync(fd, chunk, 0, 40, at);
    const id = chunk.toString('latin1', 0, 4);
    const length = chunk.readUInt32LE(4);
    if (id === 'fmt ') {
      const tag = chunk.readUInt16LE(8);
      const extensible = 0xfffe;
      format = {
        tag: tag === extensible ? chunk.readUInt16LE(32) : tag,
        channelCount: chunk.readUInt16LE(10),
        sampleRate: chunk.readUInt32LE(12),
        bits: chunk.readUInt16LE(22),
      };
    }
    if (id === 'data') {
      if (!format) throw new Error('data before format');
      const { tag, bits, channelCount, sampleRate } = format;
      const float = tag === 3 && bits === 32;
      if (!float && !(tag === 1 && bits === 16)) throw new Error(`format ${tag} with ${bits} bits`);
      if (channelCount < 1 || sampleRate < 1) throw new Error('no channels or no sample rate');
      const dataStart = at + 8;
      const dataBytes = Math.min(length, size - dataStart);
      const frameCount = Math.floor(dataBytes / (channelCount * (bits / 8)));
      return { sampleRate, channelCount, float, dataStart, frameCount };
    }
    at += 8 + length + (length & 1);
  }
  throw new Error('no data chunk');
}

function createReader(path: string, fd: number, format: WavFormat): WavReader {
  const { sampleRate, channelCount, frameCount, float, dataStart } = format;
  const frameBytes = channelCount * (float ? 4 : 2);
  const bytes = Buffer.alloc(blockFrames * frameBytes);
  const samples = float
    ? new Float32Array(bytes.buffer, bytes.byteOffset, blockFrames * channelCount)
    : new Int16Array(bytes.buffer, bytes.byteOffset, blockFrames * channelCount);
  const scale = float ? 1 : 1 / 32_768;

  return {
    sampleRate,
    channelCount,
    frameCount,
    read(into, startFrame, frames) {
      for (const channel of into) channel.fill(0, 0, frames);
      const end = Math.min(frameCount, startFrame + frames);
      for (let from = Math.max(0, startFrame); from < end; from += blockFrames) {
        const count = Math.min(blockFrames, end - from);
        const wanted = count * frameBytes;
        const got = attempt(path, () => readSync(fd, bytes, 0, wanted, dataStart + from * frameBytes));
        if (got !== wanted) throw unreadable(path, new Error('the file is shorter than its header says'));
        for (let c = 0; c < channelCount; c++) {
          const channel = into[c];
          if (!channel) continue;
          const at = from - startFrame;
          for (let i = 0, j = c; i < count; i++, j += channelCount) channel[at + i] = samples[j]! * scale;
        }
      }
    },
    close: () => closeSync(fd),
  };
}

/** Opens a 16-bit WAV file for writing in blocks; triangular dither, the same for every file. */
export function openWavWriter(path: string, channelCount: number, sampleRate: number): WavWriter {
  const fd = attempt(path, () => openSync(path, 'w'));
  const block = new Int16Array(blockFrames * channelCount);
  let frameCount = 0;
  let noise = 0x9e3779b9;

  function writeBytes(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length; ) {
      done += attempt(path, () => writeSync(fd, bytes, done, bytes.length - done, position + done));
    }
  }

  function header(): Buffer {
    const dataBytes = frameCount * channelCount * 2;
    const head = Buffer.alloc(headerBytes);
    head.write('RIFF', 0, 'latin1');
    head.writeUInt32LE(36 + dataBytes, 4);
    head.write('WAVEfmt ', 8, 'latin1');
    head.writeUInt32LE(16, 16);
    head.writeUInt16LE(1, 20);
    head.writeUInt16LE(channelCount, 22);
    head.writeUInt32LE(sampleRate, 24);
    head.writeUInt32LE(sampleRate * channelCount * 2, 28);
    head.writeUInt16LE(channelCount * 2, 32);
    head.writeUInt16LE(16, 34);
    head.write('data', 36, 'latin1');
    head.writeUInt32LE(dataBytes, 40);
    return head;
  }

  return {
    write(channels, frames = channels[0]?.length ?? 0) {
      for (let from = 0; from < frames; from += blockFrames) {
        const count = Math.min(blockFrames, frames - from);
        for (let c = 0; c < channelCount; c++) {
          const channel = channels[c]!;
          for (let i = 0, j = c; i < count; i++, j += channelCount) {
            const sample = channel[from + i]! * 32_768;
            noise ^= noise << 13;
            noise ^= noise >>> 17;
            noise ^= noise << 5;
            // Two uniform halves make a triangle of ±1 step. Silence stays silence.
            const dither = sample === 0 ? 0 : ((noise & 0xffff) - (noise >>> 16)) / 65_536;
            // Rounds halves up, as Math.round does, and much faster.
            const rounded = ((sample + dither + 32_768.5) | 0) - 32_768;
            block[j] = rounded > 32_767 ? 32_767 : rounded < -32_768 ? -32_768 : rounded;
          }
        }
        const bytes = new Uint8Array(block.buffer, 0, count * channelCount * 2);
        writeBytes(bytes, headerBytes + frameCount * channelCount * 2);
        frameCount += count;
      }
    },
    close() {
      try {
        writeBytes(header(), 0);
      } finally {
        closeSync(fd);
      }
    },
  };
}

function attempt<Result>(path: string, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  if ((cause as NodeJS.ErrnoException).code === 'ENOSPC') {
    return new AppError('storage_full', 'There is no space left for audio files.', { cause });
  }
  return new AppError('internal', 'An audio file could not be read or written.', {
    cause: new Error(`WAV file ${path}: ${String(cause)}`, { cause }),
  });
}
