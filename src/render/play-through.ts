// Plays a finished MP4 from its first packet to its last: every picture and every sample is decoded and handed on.
// Counts what fails instead of stopping; judges nothing.
import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  Codec,
  CodecContext,
  Frame,
  Packet,
  type Stream,
} from 'node-av';

import { samplesOf } from './encode-audio.ts';
import { allocateFrame, check, openMp4 } from './media-calls.ts';

export interface Picture {
  luma: Uint8Array;
  /** Bytes from row to row. */
  stride: number;
  width: number;
  height: number;
  /** Drawn without regard to the pictures before. */
  isKey: boolean;
}

export interface Audience {
  /** In order of showing. Valid until the call returns. */
  see(picture: Picture): void;
  /** Channels at `sampleRate`; `startSample` on the file's clock. Valid until the call returns. */
  hear(channels: Float32Array[], frames: number, startSample: number, sampleRate: number): void;
}

export interface Played {
  durationSeconds: number;
  video: VideoTrack | undefined;
  audio: AudioTrack | undefined;
  /** Packets or pictures that could not be read or decoded. */
  faults: number;
}

export interface VideoTrack {
  codec: string;
  profile: number;
  width: number;
  height: number;
  fps: number;
  pixelFormat: number;
  color: { primaries: number; transfer: number; matrix: number; range: number };
  bitRate: number;
  packets: number;
  /** Decoded. */
  frames: number;
  /** True when every picture is shown for one frame and the first one at 0. */
  even: boolean;
}

export interface AudioTrack {
  codec: string;
  profile: number;
  sampleRate: number;
  channels: number;
  bitRate: number;
  /** On the file's clock. */
  startSample: number;
  endSample: number;
}

/** Two, for one decodes while the other's picture is looked at. */
const decoderThreads = 2;

/** Throws a plain Error when the file is not a readable MP4. */
export async function playThrough(
  path: string,
  audience: Audience,
  breathe: () => Promise<void>,
): Promise<Played> {
  const input = openMp4(path);
  const players: Player[] = [];
  using packet = new Packet();
  packet.alloc();
  try {
    check(input.findStreamInfoSync(), 'read about the streams');
    const { streams } = input;
    const first = (type: number) => streams.find(({ codecpar }) => codecpar.codecType === type);
    const picture = first(AVMEDIA_TYPE_VIDEO);
    const sound = first(AVMEDIA_TYPE_AUDIO);
    const watching = picture && watch(picture, audience);
    const listening = sound && listen(sound, audience);
    for (const player of [watching, listening]) if (player) players.push(player);

    let unreadable = 0;
    for (;;) {
      const got = input.readFrameSync(packet);
      if (got === AVERROR_EOF) break;
      if (got < 0) {
        unreadable++;
        break;
      }
      players.find(({ index }) => index === packet.streamIndex)?.play(packet);
      packet.unref();
      await breathe();
    }
    for (const player of players) player.play(null);
    return {
      durationSeconds: Number(input.duration) / 1_000_000,
      video: watching?.track(),
      audio: listening?.track(),
      faults: unreadable + players.reduce((sum, { faults }) => sum + faults(), 0),
    };
  } finally {
    for (const player of players) player.close();
    input.closeInputSync();
  }
}

interface Player {
  index: number;
  /** Null = no more will come. */
  play(packet: Packet | null): void;
  faults(): number;
  close(): void;
}

function watch(stream: Stream, audience: Audience): Player & { track(): VideoTrack } {
  const { codecpar, avgFrameRate, timeBase } = stream;
  const fps = avgFrameRate.num / Math.max(1, avgFrameRate.den);
  const ticksPerFrame = timeBase.den / (timeBase.num * fps);
  let even = true;
  let frames = 0;
  let packets = 0;
  let canvas: Canvas | undefined;
  const player = decode(stream, (frame) => {
    if (Number(frame.pts) !== Math.round(frames * ticksPerFrame)) even = false;
    frames++;
    if (canvas === undefined || !canvas.fits(frame)) {
      canvas?.close();
      canvas = createCanvas(frame);
    }
    audience.see({ ...canvas.copy(frame), isKey: frame.keyFrame === 1 });
  });
  return {
    ...player,
    close() {
      player.close();
      canvas?.close();
    },
    play(packet) {
      if (packet) packets++;
      player.play(packet);
    },
    track: () => ({
      codec: player.codec,
      profile: codecpar.profile,
      width: codecpar.width,
      height: codecpar.height,
      fps,
      pixelFormat: codecpar.format,
      color: {
        primaries: codecpar.colorPrimaries,
        transfer: codecpar.colorTrc,
        matrix: codecpar.colorSpace,
        range: codecpar.colorRange,
      },
      bitRate: Number(codecpar.bitRate),
      packets,
      frames,
      even,
    }),
  };
}

/** One frame's memory into which pictures are copied. */
interface Canvas {
  fits(frame: Frame): boolean;
  copy(frame: Frame): Omit<Picture, 'isKey'>;
  close(): void;
}

/**
 * Each look at a frame's memory makes buffers that the garbage collector takes for megabytes, and collects for: one look
 * at one frame, and a copy of each picture, take a third of the time.
 */
function createCanvas({ width, height, format }: Frame): Canvas {
  const own = allocateFrame({ width, height, format });
  const plane = own.data![0]!;
  // A plain view: reading through a Buffer is several times slower.
  const luma = new Uint8Array(plane.buffer, plane.byteOffset, plane.length);
  const stride = own.linesize[0]!;
  return {
    fits: (frame) => frame.width === width && frame.height === height && frame.format === format,
    copy(frame) {
      check(own.copy(frame), 'copy a picture');
      return { luma, stride, width, height };
    },
    close: () => own.free(),
  };
}

function listen(stream: Stream, audience: Audience): Player & { track(): AudioTrack } {
  const { codecpar, timeBase } = stream;
  const { sampleRate } = codecpar;
  let startSample: number | undefined;
  let endSample = 0;
  const player = decode(stream, (frame) => {
    const at = Math.round((Number(frame.pts) * timeBase.num * sampleRate) / timeBase.den);
    startSample ??= at;
    endSample = at + frame.nbSamples;
    audience.hear(samplesOf(frame), frame.nbSamples, at, sampleRate);
  });
  return {
    ...player,
    track: () => ({
      codec: player.codec,
      profile: codecpar.profile,
      sampleRate,
      channels: codecpar.channels,
      bitRate: Number(codecpar.bitRate),
      startSample: startSample ?? 0,
      endSample,
    }),
  };
}

function decode(stream: Stream, take: (frame: Frame) => void): Player & { codec: string } {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) throw new Error(`no decoder for codec ${stream.codecpar.codecId}`);
  const decoder = new CodecContext();
  const frame = new Frame();
  let faults = 0;
  const close = () => {
    decoder.freeContext();
    frame.free();
  };
  const drain = () => {
    // Each thread may have a failure to tell; a decoder that tells nothing else will not recover.
    for (let failed = 0; failed <= decoderThreads; ) {
      const got = decoder.receiveFrameSync(frame);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      if (got < 0) {
        faults++;
        failed++;
      } else {
        failed = 0;
        take(frame);
      }
      frame.unref();
    }
  };
  try {
    frame.alloc();
    decoder.allocContext3(codec);
    check(stream.codecpar.toContext(decoder), 'set the decoder up');
    decoder.pktTimebase = stream.timeBase;
    decoder.threadCount = decoderThreads;
    // A damaged packet is an error, not something to paint over.
    check(decoder.setOption('err_detect', 'explode'), 'make the decoder strict');
    check(decoder.open2Sync(codec), 'open the decoder');
  } catch (error) {
    close();
    throw error;
  }
  return {
    index: stream.index,
    codec: codec.name ?? 'unknown',
    play(packet) {
      const sent = decoder.sendPacketSync(packet);
      if (sent < 0) faults++;
      drain();
    },
    faults: () => faults,
    close,
  };
}
