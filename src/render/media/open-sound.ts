// Opens a sound file with the one reader that its bytes call for and only decoders of a closed list, and gives its sound
// at 48 kHz in one or two channels, block by block. No playlist, no other file and no address is followed.
import { open } from 'node:fs/promises';
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_LOG_QUIET,
  AV_SAMPLE_FMT_FLTP,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  Codec,
  CodecContext,
  FormatContext,
  Frame,
  InputFormat,
  Log,
  Packet,
  SoftwareResampleContext,
  type Stream,
} from 'node-av';

import { AppError } from '../../domain/errors.ts';
import { audioRate, samplesOf } from '../encode-audio.ts';
import { check } from '../media-calls.ts';
import { type SoundFormat, sniffedSoundBytes, sniffSound } from './sniff-sound.ts';

const soundLimits = {
  bytes: 250_000_000,
  seconds: 1_200,
  channels: 8,
  lowestRate: 8_000,
  highestRate: 192_000,
};
/** Damaged packets cost their sound; with more of them than this share, and than a few, the file is no sound. */
const mostDamaged = { packets: 3, share: 0.05 };

export interface OpenSound {
  /** In order, once; samples of each channel, valid until the next block is asked for. Throws `media_unreadable`. */
  blocks(): Generator<Float32Array[]>;
  close(): void;
}

/** Throws `media_unreadable` for what is no sound, or too much of it. */
export async function openSound(source: string, channels: 1 | 2): Promise<OpenSound> {
  const format = sniffSound(await readHead(source));
  if (format === undefined) throw unreadable('is not of a kind that is read');
  // What goes wrong is thrown; a hostile file could fill the log.
  Log.setLevel(AV_LOG_QUIET);
  const input = openInput(source, format);
  try {
    const stream = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO);
    if (stream === undefined) throw unreadable('has no sound');
    const decoderName = format.decoders.get(stream.codecpar.codecId);
    if (decoderName === undefined) throw unreadable('is coded in a way that is not read');
    const promised = format.knowsLength ? promisedSeconds(stream) : 0;
    if (promised > soundLimits.seconds) throw tooLong();
    return {
      blocks: () => bounded(decode(input, stream, decoderName, channels), promised),
      close: () => input.closeInputSync(),
    };
  } catch (error) {
    input.closeInputSync();
    throw error;
  }
}

async function readHead(source: string): Promise<Uint8Array> {
  const file = await open(source, 'r');
  try {
    if ((await file.stat()).size > soundLimits.bytes) throw unreadable('is too large');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(sniffedSoundBytes), 0, sniffedSoundBytes, 0);
    if (bytesRead === 0) throw unreadable('is empty');
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function openInput(source: string, { reader, family }: SoundFormat): FormatContext {
  const format = InputFormat.findInputFormat(reader);
  if (format === null) throw new AppError('machine_unfit', `The ${reader} reader is missing.`);
  const input = new FormatContext();
  input.allocContext();
  check(input.setOption('protocol_whitelist', 'file'), 'restrict the protocol');
  check(input.setOption('format_whitelist', family), 'restrict the format');
  check(input.setOption('max_streams', '32'), 'restrict the streams');
  if (input.openInputSync(`file:${source}`, format) < 0) throw unreadable('cannot be opened');
  return input;
}

function promisedSeconds({ duration, timeBase }: Stream): number {
  return Math.max(0, (Number(duration) * timeBase.num) / timeBase.den);
}

/** No more than the limit, and not plainly less than the header promises. */
function* bounded(blocks: Generator<Float32Array[]>, promisedSeconds: number): Generator<Float32Array[]> {
  let frames = 0;
  for (const block of blocks) {
    frames += block[0]!.length;
    if (frames > soundLimits.seconds * audioRate) throw tooLong();
    yield block;
  }
  if (frames / audioRate < promisedSeconds * 0.98 - 0.2) throw unreadable('is cut short');
}

function* decode(
  input: FormatContext,
  stream: Stream,
  decoderName: string,
  channels: 1 | 2,
): Generator<Float32Array[]> {
  const codec = Codec.findDecoderByName(decoderName as never);
  if (codec === null) throw new AppError('machine_unfit', `The ${decoderName} decoder is missing.`);
  using decoder = new CodecContext();
  using packet = new Packet();
  using frame = new Frame();
  using converter = createConverter(channels);
  packet.alloc();
  frame.alloc();
  decoder.allocContext3(codec);
  check(stream.codecpar.toContext(decoder), 'set the decoder up');
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 1;
  if (decoder.open2Sync(codec) < 0) throw unreadable('cannot be decoded');

  let damaged = 0;
  let packets = 0;
  let heardAny = false;
  for (let ended = false; !ended; ) {
    ended = input.readFrameSync(packet) < 0;
    if (!ended && packet.streamIndex !== stream.index) {
      packet.unref();
      continue;
    }
    packets++;
    if (decoder.sendPacketSync(ended ? null : packet) < 0 && !ended) damaged++;
    packet.unref();
    for (;;) {
      const got = decoder.receiveFrameSync(frame);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) break;
      if (got < 0) {
        damaged++;
        break;
      }
      heardAny = true;
      const block = converter.convert(frame);
      frame.unref();
      if (block.length > 0) yield block;
    }
    if (damaged > mostDamaged.packets && damaged > mostDamaged.share * packets)
      throw unreadable('is damaged');
  }
  if (!heardAny) throw unreadable('has no sound');
  const rest = converter.convert(null);
  if (rest.length > 0) yield rest;
}

/** Frames at our rate and in our channels; `convert(null)` gives what it still holds. */
function createConverter(channels: 1 | 2) {
  const resampler = new SoftwareResampleContext();
  const resampled = new Frame();
  resampler.alloc();
  resampled.alloc();
  // Several channels in one are no louder than each was.
  check(resampler.setOption('rematrix_maxval', '1'), 'set the mixing');
  /** One channel stays one until the end, for the resampler would weaken it. */
  let mono: boolean | undefined;
  return {
    convert(heard: Frame | null): Float32Array[] {
      if (heard !== null) {
        checkFormat(heard);
        mono ??= heard.channelLayout.nbChannels === 1;
      }
      resampled.unref();
      resampled.format = AV_SAMPLE_FMT_FLTP;
      resampled.sampleRate = audioRate;
      resampled.channelLayout = layoutOf(mono ? 1 : channels);
      if (resampler.convertFrame(resampled, heard) < 0) throw unreadable('changes its format on the way');
      const samples = resampled.nbSamples > 0 ? samplesOf(resampled) : [];
      return mono && channels === 2 ? samples.concat(samples.map((each) => each.slice())) : samples;
    },
    [Symbol.dispose]() {
      resampled.free();
      resampler.free();
    },
  };
}

/** A frame's rate and channels are as allowed; where the file does not say which its one or two channels are, it is said here. */
function checkFormat(heard: Frame): void {
  const { lowestRate, highestRate } = soundLimits;
  if (heard.sampleRate < lowestRate || heard.sampleRate > highestRate)
    throw unreadable('has a sample rate out of range');
  const { nbChannels, order } = heard.channelLayout;
  if (nbChannels < 1 || nbChannels > soundLimits.channels) throw unreadable('has too many channels');
  if (order === AV_CHANNEL_ORDER_NATIVE) return;
  if (nbChannels > 2) throw unreadable('does not say where its channels belong');
  heard.channelLayout = layoutOf(nbChannels);
}

const layoutOf = (channels: number) => ({
  nbChannels: channels,
  order: AV_CHANNEL_ORDER_NATIVE,
  mask: channels === 1 ? 4n : 3n,
});

export function unreadable(fault: string): AppError {
  return new AppError('media_unreadable', `The sound file ${fault}.`, {
    hint: 'MP3, WAV, FLAC, Ogg (Vorbis, Opus) and AAC are read.',
  });
}

const tooLong = () => unreadable(`is longer than ${soundLimits.seconds} s`);
