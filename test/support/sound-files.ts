// Sound files as providers and users send them, made by FFmpeg's own encoders.
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_SAMPLE_FMT_FLTP,
  AV_SAMPLE_FMT_S16,
  AV_SAMPLE_FMT_S16P,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  Codec,
  CodecContext,
  FormatContext,
  Frame,
  Packet,
  Rational,
} from 'node-av';

import { check } from '../../src/render/media-calls.ts';

const kinds = {
  mp3: { muxer: 'mp3', encoder: 'libmp3lame', format: AV_SAMPLE_FMT_FLTP },
  wav: { muxer: 'wav', encoder: 'pcm_s16le', format: AV_SAMPLE_FMT_S16 },
  flac: { muxer: 'flac', encoder: 'flac', format: AV_SAMPLE_FMT_S16 },
  vorbis: { muxer: 'ogg', encoder: 'libvorbis', format: AV_SAMPLE_FMT_FLTP },
  opus: { muxer: 'ogg', encoder: 'libopus', format: AV_SAMPLE_FMT_S16 },
  adts: { muxer: 'adts', encoder: 'aac', format: AV_SAMPLE_FMT_FLTP },
  m4a: { muxer: 'ipod', encoder: 'aac', format: AV_SAMPLE_FMT_FLTP },
  /** A WAV file whose codec nobody asked for. */
  adpcm: { muxer: 'wav', encoder: 'adpcm_ms', format: AV_SAMPLE_FMT_S16P },
} as const;
export type SoundKind = keyof typeof kinds;

/** A tone at a level, 0..1, `seconds` long. */
export function tone(seconds: number, rate: number, level = 0.3, hertz = 440): Float32Array {
  return Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, i) => level * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}

/** Writes the channels as a file of that kind. */
export async function writeSound(
  path: string,
  kind: SoundKind,
  channels: Float32Array[],
  rate: number,
): Promise<void> {
  const { muxer, encoder: name, format } = kinds[kind];
  const layout = {
    nbChannels: channels.length,
    order: AV_CHANNEL_ORDER_NATIVE,
    mask: channels.length === 1 ? 4n : 3n,
  };
  const codec = Codec.findEncoderByName(name as never)!;
  const output = new FormatContext();
  using encoder = new CodecContext();
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  encoder.allocContext3(codec);
  encoder.sampleFormat = format;
  encoder.sampleRate = rate;
  encoder.channelLayout = layout;
  encoder.bitRate = 128_000n;
  encoder.timeBase = new Rational(1, rate);
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  check(encoder.open2Sync(codec), `open ${name}`);
  output.allocOutputContext2(null, muxer, path);
  const stream = output.newStream();
  stream.codecpar.fromContext(encoder);
  stream.timeBase = new Rational(1, rate);
  await output.openOutput();
  check(output.writeHeaderSync(), 'write the header');

  const send = (next: Frame | null) => {
    check(encoder.sendFrameSync(next), 'encode');
    for (;;) {
      const got = encoder.receivePacketSync(packet);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      packet.streamIndex = 0;
      packet.rescaleTs({ num: 1, den: rate }, stream.timeBase);
      output.interleavedWriteFrameSync(packet);
    }
  };
  const step = encoder.frameSize || 1024;
  for (let at = 0; at < channels[0]!.length; at += step) {
    const count = Math.min(step, channels[0]!.length - at);
    frame.unref();
    frame.format = format;
    frame.sampleRate = rate;
    frame.channelLayout = layout;
    frame.nbSamples = count;
    frame.pts = BigInt(at);
    check(frame.getBuffer(0), 'allocate');
    fill(
      frame,
      format,
      channels.map((channel) => channel.subarray(at, at + count)),
    );
    send(frame);
  }
  send(null);
  output.writeTrailerSync();
  await output.closeOutput();
  output.freeContext();
}

function fill(frame: Frame, format: number, channels: Float32Array[]): void {
  for (const [c, samples] of channels.entries()) {
    const plane = frame.data![format === AV_SAMPLE_FMT_S16 ? 0 : c]!;
    if (format === AV_SAMPLE_FMT_FLTP) {
      new Float32Array(plane.buffer, plane.byteOffset, samples.length).set(samples);
      continue;
    }
    const step = format === AV_SAMPLE_FMT_S16 ? channels.length : 1;
    const whole = new Int16Array(plane.buffer, plane.byteOffset, samples.length * step);
    for (const [i, sample] of samples.entries())
      whole[i * step + (step > 1 ? c : 0)] = Math.round(Math.max(-1, Math.min(1, sample)) * 32_767);
  }
}
