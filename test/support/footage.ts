// Small moving pictures and sounds for tests of assemble, inspect and thumbnail, and a careless muxer that makes the
// files which those must catch.
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  Codec,
  CodecContext,
  FF_ENCODER_AAC,
  FormatContext,
  Frame,
  Packet,
  Rational,
} from 'node-av';

import type { FrameFormat } from '../../src/domain/timeline.ts';
import { createSceneEncoder, type FramePlanes } from '../../src/render/encoder.ts';
import { openMp4 } from '../../src/render/media-calls.ts';

export const smallFormat: FrameFormat = {
  width: 192,
  height: 108,
  fps: 30,
  aspect: '16:9',
  resolution: '720p',
};

/** Luma of a point at a frame. */
export type Paint = (x: number, y: number, frame: number) => number;

/** Hills of light that move by a pixel per frame. */
export const moving: Paint = (x, y, frame) => 110 + 60 * Math.sin((x + frame) / 17) * Math.cos(y / 13);

export async function encodeScene(
  path: string,
  format: FrameFormat,
  frames: number,
  paint: Paint,
): Promise<void> {
  const encoder = await createSceneEncoder(path, format);
  try {
    for (let frame = 0; frame < frames; frame++) {
      await encoder.write((target) => fill(target, format, (x, y) => paint(x, y, frame)));
    }
    await encoder.finish();
  } finally {
    await encoder.close();
  }
}

function fill(
  { planes, strides }: FramePlanes,
  { width, height }: FrameFormat,
  luma: (x: number, y: number) => number,
): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) planes[0][y * strides[0] + x] = luma(x, y);
  }
  planes[1].fill(128);
  planes[2].fill(128);
}

/** Syllables of uneven length and strength, like a voice that says something. */
export function speechLike(seconds: number, rate: number, seed: number): Float32Array {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const out = new Float32Array(Math.round(seconds * rate));
  for (let at = 0; at < out.length; ) {
    const length = Math.round((0.09 + 0.16 * random()) * rate);
    const level = 0.12 + 0.2 * random();
    const pitch = 110 + 40 * random();
    for (let i = 0; i < length && at + i < out.length; i++) {
      const shape = Math.sin((Math.PI * i) / length);
      let tone = 0;
      for (let k = 1; k < 22; k++)
        tone += Math.cos((2 * Math.PI * pitch * k * i) / rate + 0.7 * k * k) / (1 + (k / 5) ** 2);
      out[at + i] = level * shape * tone * 0.3;
    }
    at += length + Math.round((0.02 + 0.1 * random() ** 3) * rate);
  }
  return out;
}

export interface CarelessMux {
  /** An MP4 whose pictures are copied. */
  pictures: string;
  target: string;
  channels: Float32Array[];
  sampleRate: number;
  /** By how much the sound's times are wrong. */
  soundShiftSeconds?: number;
  /** Otherwise the index comes last, as FFmpeg has it unless told otherwise. */
  indexFirst?: boolean;
}

/** Muxes sound as it is: no look at its peaks, its length or the place of the index. */
export async function muxCarelessly(job: CarelessMux): Promise<void> {
  const { channels, sampleRate } = job;
  const layout = {
    nbChannels: channels.length,
    order: AV_CHANNEL_ORDER_NATIVE,
    mask: channels.length === 1 ? 4n : 3n,
  };
  const codec = Codec.findEncoderByName(FF_ENCODER_AAC)!;
  const input = openMp4(job.pictures);
  const output = new FormatContext();
  using encoder = new CodecContext();
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  encoder.allocContext3(codec);
  encoder.sampleFormat = AV_SAMPLE_FMT_FLTP;
  encoder.sampleRate = sampleRate;
  encoder.channelLayout = layout;
  encoder.bitRate = 192_000n;
  encoder.timeBase = new Rational(1, sampleRate);
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  encoder.setOption('aac_coder', 'fast');
  encoder.open2Sync(codec);
  output.allocOutputContext2(null, 'mp4', job.target);
  const from = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO)!;
  const picture = output.newStream();
  from.codecpar.copy(picture.codecpar);
  picture.codecpar.codecTag = 0;
  picture.timeBase = from.timeBase;
  const sound = output.newStream();
  sound.codecpar.fromContext(encoder);
  sound.timeBase = new Rational(1, sampleRate);
  if (job.indexFirst) output.setOption('movflags', '+faststart');
  await output.openOutput();
  output.writeHeaderSync();
  for (;;) {
    if (input.readFrameSync(packet) === AVERROR_EOF) break;
    if (packet.streamIndex !== from.index) {
      packet.unref();
      continue;
    }
    packet.streamIndex = 0;
    packet.rescaleTs(from.timeBase, picture.timeBase);
    output.interleavedWriteFrameSync(packet);
  }
  const shift = BigInt(Math.round((job.soundShiftSeconds ?? 0) * sampleRate));
  const send = (next: Frame | null) => {
    encoder.sendFrameSync(next);
    for (;;) {
      const got = encoder.receivePacketSync(packet);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      packet.streamIndex = 1;
      packet.pts += shift;
      packet.dts += shift;
      packet.rescaleTs({ num: 1, den: sampleRate }, sound.timeBase);
      output.interleavedWriteFrameSync(packet);
    }
  };
  frame.format = AV_SAMPLE_FMT_FLTP;
  frame.sampleRate = sampleRate;
  frame.channelLayout = layout;
  frame.nbSamples = 1024;
  frame.getBuffer(0);
  for (let at = 0; at < channels[0]!.length; at += 1024) {
    if (!frame.isWritable) frame.makeWritable();
    const count = Math.min(1024, channels[0]!.length - at);
    frame.nbSamples = count;
    frame.pts = BigInt(at);
    for (const [c, channel] of channels.entries()) {
      const plane = frame.data![c]!;
      new Float32Array(plane.buffer, plane.byteOffset, count).set(channel.subarray(at, at + count));
    }
    send(frame);
  }
  send(null);
  output.writeTrailerSync();
  await output.closeOutput();
  output.freeContext();
  input.closeInputSync();
}
