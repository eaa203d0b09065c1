// A clip that was prepared for a scene, as pictures in the picture memory. Decodes forward from frame to frame and goes
// back to a key frame only when it must; past its end the clip starts again.
import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  Codec,
  CodecContext,
  Frame,
  Packet,
} from 'node-av';

import type { ClipInfo } from '../domain/scene-art.ts';
import { check, openMp4 } from './media-calls.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';

export interface ClipPicture {
  /** Copies rows `firstRow`..`endRow - 1` (even) of frame `index` into `target`, a picture of the clip's size. */
  draw(target: Planes, index: number, firstRow: number, endRow: number): void;
  /** Gives back all native memory. */
  close(): void;
}

export function openClipPicture(
  pictures: PictureMemory,
  file: string,
  { width, frames }: ClipInfo,
): ClipPicture {
  const input = openMp4(file);
  const decoder = new CodecContext();
  const packet = new Packet();
  const frame = new Frame();
  const close = () => {
    frame.free();
    packet.free();
    decoder.freeContext();
    input.closeInputSync();
  };
  try {
    check(input.findStreamInfoSync(), 'read about the clip');
    const stream = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO)!;
    const codec = Codec.findDecoder(stream.codecpar.codecId)!;
    packet.alloc();
    frame.alloc();
    decoder.allocContext3(codec);
    check(stream.codecpar.toContext(decoder), 'set the decoder up');
    decoder.threadCount = 1;
    check(decoder.open2Sync(codec), 'open the decoder');
    const { avgFrameRate, timeBase } = stream;
    const ticksPerFrame = (timeBase.den * avgFrameRate.den) / (timeBase.num * avgFrameRate.num);

    /** Index of what `frame` holds. */
    let held = -1;
    const next = () => {
      frame.unref();
      for (;;) {
        const received = decoder.receiveFrameSync(frame);
        if (received >= 0) {
          held = Math.round(Number(frame.pts) / ticksPerFrame);
          return;
        }
        if (received === AVERROR_EOF) throw new Error(`the clip ends after frame ${held} of ${frames}`);
        if (received !== AVERROR_EAGAIN) check(received, 'decode a picture');
        const got = input.readFrameSync(packet);
        if (got !== AVERROR_EOF) check(got, 'read a picture');
        check(decoder.sendPacketSync(got === AVERROR_EOF ? null : packet), 'decode a picture');
        packet.unref();
      }
    };
    const goTo = (index: number) => {
      // A transition and the picture after it both ask for what is held.
      if (index === held) return;
      if (index < held || index > held + avgFrameRate.num / avgFrameRate.den) {
        const target = BigInt(Math.round(index * ticksPerFrame));
        check(input.seekFrameSync(stream.index, target, AVSEEK_FLAG_BACKWARD), 'go to a picture');
        decoder.flushBuffers();
      }
      do next();
      while (held < index);
    };

    return {
      draw(target, index, firstRow, endRow) {
        goTo(index % frames);
        const bytes = pictures.bytes();
        for (const [plane, start] of [target.y, target.u, target.v].entries()) {
          const size = plane === 0 ? 1 : 2;
          const from = frame.data![plane]!;
          const fromStride = frame.linesize[plane]!;
          const stride = target.stride / size;
          for (let row = firstRow / size; row < endRow / size; row++) {
            bytes.set(from.subarray(row * fromStride, row * fromStride + width / size), start + row * stride);
          }
        }
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}
