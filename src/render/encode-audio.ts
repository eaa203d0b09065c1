// The mix as AAC: encoded, decoded again and measured, until the decoded sound is as loud as the mix and its true peak
// within the limit. Knows no container.
import {
  AV_CHANNEL_ORDER_NATIVE,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_SAMPLE_FMT_FLTP,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  Codec,
  CodecContext,
  CodecParameters,
  FF_ENCODER_AAC,
  Frame,
  Log,
  Packet,
  Rational,
} from 'node-av';

import { AppError } from '../domain/errors.ts';
import { dbToGain, gainToDb } from '../sound/decibels.ts';
import { createLimiter, limiterStride } from '../sound/limiter.ts';
import { createLoudnessMeter, silenceLufs } from '../sound/loudness.ts';
import { createTruePeakMeter } from '../sound/true-peak.ts';
import type { WavReader } from '../sound/wav.ts';
import { check } from './media-calls.ts';

export const audioRate = 48_000;
const bitRate = 192_000n;
/** Samples of one AAC frame. */
const aacFrame = 1024;
const blockFrames = 16 * aacFrame;
const stereo = { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 3n };

/** Of the decoded sound. The finished file is held to −1. */
const highestPeakDbtp = -1.1;
/** The finished file is held to ±0.5, the mix to ±0.1. */
const toleranceLu = 0.2;
/** Where peaks were no problem, a gain may raise them to this. */
const roomyCeilingDb = -2;
const mostPasses = 4;

export interface EncodedAudio {
  parameters: CodecParameters;
  /** In order, times in samples; the first ones lie before 0 and are the encoder's run-in. */
  packets: Packet[];
  free(): void;
}

interface Settings {
  gainDb: number;
  /** Null = peaks are left as they are. */
  ceilingDb: number | null;
}

/**
 * Encodes `frames` samples of 48 kHz stereo sound as AAC-LC; what the file lacks is silence. AAC changes peaks and, a
 * little, loudness: where that matters, it is encoded again at another gain and under a limiter.
 */
export async function encodeAudio(
  wav: WavReader,
  frames: number,
  breathe: () => Promise<void>,
): Promise<EncodedAudio> {
  Log.setLevel(AV_LOG_ERROR);
  if (wav.sampleRate !== audioRate || wav.channelCount !== 2) {
    throw new AppError('internal', 'The mix has the wrong format.', {
      cause: new Error(`${wav.channelCount} channels at ${wav.sampleRate} Hz`),
    });
  }
  let settings: Settings = { gainDb: 0, ceilingDb: null };
  let best: { encoded: Encoding; badness: number } | undefined;
  for (let pass = 1; pass <= mostPasses; pass++) {
    const encoded = await encodeOnce(wav, frames, settings, breathe);
    const { before, after } = encoded;
    const lostLu = after.lufs > silenceLufs ? before.lufs - after.lufs : 0;
    const overDb = Math.max(0, after.peakDb - highestPeakDbtp);
    // Once peaks are within the limit, a further pass must be worth its time.
    const badness =
      10 * overDb + Math.max(0, Math.abs(lostLu) - (pass === 1 ? toleranceLu : 2 * toleranceLu));
    if (best === undefined || badness < best.badness) {
      best?.encoded.free();
      best = { encoded, badness };
    } else encoded.free();
    if (badness === 0) break;
    const ceilingDb = settings.ceilingDb ?? before.peakDb;
    const untouched = settings.ceilingDb === null && overDb === 0;
    settings = {
      gainDb: settings.gainDb + lostLu,
      ceilingDb: untouched ? Math.max(ceilingDb, roomyCeilingDb) : ceilingDb - overDb,
    };
  }
  return best!.encoded;
}

interface Measured {
  lufs: number;
  peakDb: number;
}

interface Encoding extends EncodedAudio {
  /** `lufs` of the mix itself, `peakDb` the largest sample that went into the encoder. */
  before: Measured;
  /** Decoded again. */
  after: Measured;
}

async function encodeOnce(
  wav: WavReader,
  frames: number,
  settings: Settings,
  breathe: () => Promise<void>,
): Promise<Encoding> {
  const encoder = openEncoder();
  const decoder = openDecoder(encoder);
  const packets: Packet[] = [];
  const free = () => {
    for (const each of packets) each.free();
  };
  using packet = new Packet();
  using frame = new Frame();
  using heard = new Frame();
  const original = createLoudnessMeter(audioRate, 2);
  const decoded = createLoudnessMeter(audioRate, 2);
  const peaks = createTruePeakMeter(2, 2 * aacFrame);
  let peakBefore = 0;

  const hear = (sent: Packet | null) => {
    check(decoder.sendPacketSync(sent), 'decode sound');
    for (;;) {
      const got = decoder.receiveFrameSync(heard);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      check(got, 'decode sound');
      const channels = samplesOf(heard);
      decoded.push(channels, heard.nbSamples);
      peaks.push(channels, heard.nbSamples);
      heard.unref();
    }
  };
  const drain = () => {
    for (;;) {
      const got = encoder.receivePacketSync(packet);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      check(got, 'encode sound');
      const kept = packet.clone();
      if (kept === null) throw new Error('cannot keep a packet');
      packets.push(kept);
      hear(kept);
    }
  };

  try {
    packet.alloc();
    heard.alloc();
    frame.alloc();
    frame.format = AV_SAMPLE_FMT_FLTP;
    frame.sampleRate = audioRate;
    frame.channelLayout = stereo;
    frame.nbSamples = aacFrame;
    check(frame.getBuffer(0), 'allocate a frame');

    for await (const block of shape(wav, frames, settings, original)) {
      for (let from = 0; from < block.frames; from += aacFrame) {
        const count = Math.min(aacFrame, block.frames - from);
        if (!frame.isWritable) check(frame.makeWritable(), 'own the frame');
        frame.nbSamples = count;
        frame.pts = BigInt(block.start + from);
        for (const [c, samples] of samplesOf(frame).entries()) {
          samples.set(block.channels[c]!.subarray(from, from + count));
        }
        check(encoder.sendFrameSync(frame), 'encode sound');
        drain();
      }
      for (const channel of block.channels) {
        for (let i = 0; i < block.frames; i++) peakBefore = Math.max(peakBefore, Math.abs(channel[i]!));
      }
      await breathe();
    }
    check(encoder.sendFrameSync(null), 'encode sound');
    drain();
    hear(null);

    const parameters = new CodecParameters();
    parameters.alloc();
    check(parameters.fromContext(encoder), 'describe the track');
    return {
      parameters,
      packets,
      before: { lufs: original.read().integratedLufs, peakDb: gainToDb(peakBefore) },
      after: { lufs: decoded.read().integratedLufs, peakDb: gainToDb(peaks.peak()) },
      free() {
        free();
        parameters.free();
      },
    };
  } catch (error) {
    free();
    throw error;
  } finally {
    encoder.freeContext();
    decoder.freeContext();
  }
}

/** The sound in blocks, at the settings' gain and under their limiter. `original` hears it as the file has it. */
function* shape(
  wav: WavReader,
  frames: number,
  { gainDb, ceilingDb }: Settings,
  original: { push(channels: Float32Array[], frames: number): void },
): Generator<{ start: number; frames: number; channels: Float32Array[] }> {
  const gain = dbToGain(gainDb);
  const limiter =
    ceilingDb === null
      ? undefined
      : createLimiter({
          channelCount: 2,
          sampleRate: audioRate,
          ceiling: dbToGain(ceilingDb),
          lookAheadMs: 4,
          releaseMs: 80,
          maxFrames: blockFrames,
        });
  const late = limiter?.delayFrames ?? 0;
  const channels = [new Float32Array(blockFrames), new Float32Array(blockFrames)];
  let readTo = 0;

  /** Puts the next `count` samples of the file, shaped, into `channels`: they come `late` after they were read. */
  const advance = (count: number) => {
    wav.read(channels, readTo, count);
    original.push(channels, Math.max(0, Math.min(count, frames - readTo)));
    readTo += count;
    for (const channel of channels) for (let i = 0; i < count; i++) channel[i]! *= gain;
    limiter?.process(channels, Math.ceil(count / limiterStride) * limiterStride);
  };
  if (late > 0) advance(late);
  for (let start = 0; start < frames; start += blockFrames) {
    advance(blockFrames);
    yield { start, frames: Math.min(blockFrames, frames - start), channels };
  }
}

function openEncoder(): CodecContext {
  const codec = Codec.findEncoderByName(FF_ENCODER_AAC);
  if (codec === null) throw new AppError('machine_unfit', 'The audio encoder is missing.');
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.sampleFormat = AV_SAMPLE_FMT_FLTP;
  encoder.sampleRate = audioRate;
  encoder.channelLayout = stereo;
  encoder.bitRate = bitRate;
  encoder.timeBase = new Rational(1, audioRate);
  encoder.setFlags(AV_CODEC_FLAG_BITEXACT, AV_CODEC_FLAG_GLOBAL_HEADER);
  // Three times as fast as `twoloop`, and at this bit rate as close to the original in every band.
  check(encoder.setOption('aac_coder', 'fast'), 'choose the coder');
  check(encoder.open2Sync(codec), 'open the audio encoder');
  return encoder;
}

function openDecoder(encoder: CodecContext): CodecContext {
  const codec = Codec.findDecoder(encoder.codecId);
  if (codec === null) throw new AppError('machine_unfit', 'The audio decoder is missing.');
  const decoder = new CodecContext();
  decoder.allocContext3(codec);
  decoder.extraData = encoder.extraData;
  decoder.sampleRate = audioRate;
  decoder.channelLayout = stereo;
  check(decoder.open2Sync(codec), 'open the audio decoder');
  return decoder;
}

/** The frame's samples, channel by channel, in its own memory. */
export function samplesOf(frame: Frame): Float32Array[] {
  return (frame.data ?? []).map((plane) => new Float32Array(plane.buffer, plane.byteOffset, frame.nbSamples));
}
