// One H.264 video track into an MP4 file, in process (FFmpeg through node-av). Every scene of a job is encoded with the
// same settings, so that scenes join without encoding again. It knows nothing of pictures' contents.
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_LOG_ERROR,
  AV_PIX_FMT_YUV420P,
  AVCHROMA_LOC_LEFT,
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  Codec,
  CodecContext,
  FF_ENCODER_LIBX264,
  FormatContext,
  type Frame,
  Log,
  Packet,
  Rational,
} from 'node-av';

import { AppError } from '../domain/errors.ts';
import { type FrameFormat, keyFrameSeconds } from '../domain/timeline.ts';
import { allocateFrame, check } from './media-calls.ts';

/** The track's clock: ticks per frame, so that every frame starts at a whole tick. */
const ticksPerFrame = 512;

/** A picture's planes in the encoder's own memory; rows are `strides` bytes apart. */
export interface FramePlanes {
  planes: [y: Buffer, u: Buffer, v: Buffer];
  strides: [y: number, u: number, v: number];
}

export interface SceneEncoder {
  /**
   * Encodes the next frame. `fill` paints it at once; the promise settles when the frame before it is encoded, so
   * painting and encoding overlap. Throws `storage_full`.
   */
  write(fill: (frame: FramePlanes) => void): Promise<void>;
  /** Encodes what is left and completes the file. */
  finish(): Promise<void>;
  /** Gives back all native memory; the file is complete only after `finish`. */
  close(): Promise<void>;
}

type TrackFormat = Pick<FrameFormat, 'width' | 'height' | 'fps'>;

/** x264 veryfast, one thread (the same bytes every time), closed groups of 2 s, BT.709 limited; a lower `crf` is better. */
export async function createSceneEncoder(
  path: string,
  format: TrackFormat,
  { crf }: { crf: number } = { crf: 20 },
): Promise<SceneEncoder> {
  const { width, height, fps } = format;
  Log.setLevel(AV_LOG_ERROR);
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBX264);
  if (codec === null) throw new AppError('machine_unfit', 'The video encoder is missing.');
  const encoder = openEncoder(codec, format, crf);
  const output = new FormatContext();
  check(output.allocOutputContext2(null, 'mp4', path), 'open the output');
  const stream = output.newStream(codec);
  check(stream.codecpar.fromContext(encoder), 'describe the track');
  stream.timeBase = new Rational(1, fps * ticksPerFrame);
  stream.avgFrameRate = new Rational(fps, 1);
  check(await output.openOutput(), 'open the file');
  check(output.setOption('video_track_timescale', String(fps * ticksPerFrame)), 'set the time scale');
  check(await output.writeHeader(), 'write the header');

  // Two frames: one is painted while the other is encoded.
  const pixels = { width, height, format: AV_PIX_FMT_YUV420P };
  const frames = [allocateFrame(pixels), allocateFrame(pixels)].map((frame) => ({
    frame,
    // Looked up once: each look makes three buffers that the garbage collector takes for megabytes.
    planes: planesOf(frame),
  }));
  const packet = new Packet();
  packet.alloc();
  let written = 0;
  let inFlight: Promise<void> | undefined;
  let closed = false;

  const drain = async () => {
    for (;;) {
      const got = encoder.receivePacketSync(packet);
      if (got === AVERROR_EAGAIN || got === AVERROR_EOF) return;
      check(got, 'encode');
      packet.streamIndex = 0;
      packet.duration = 1n;
      packet.rescaleTs({ num: 1, den: fps }, stream.timeBase);
      check(output.interleavedWriteFrameSync(packet), 'write a packet');
    }
  };
  const encode = async (frame: Frame | null) => {
    check(await encoder.sendFrame(frame), 'encode');
    await drain();
  };

  return {
    async write(fill) {
      const next = frames[written % 2]!;
      const { frame } = next;
      if (!frame.isWritable) {
        check(frame.makeWritable(), 'own the frame');
        next.planes = planesOf(frame);
      }
      fill(next.planes);
      frame.pts = BigInt(written);
      written++;
      await inFlight;
      inFlight = encode(frame);
      // Its failure is met by the next call that awaits it.
      inFlight.catch(() => {});
    },
    async finish() {
      await inFlight;
      await encode(null);
      check(await output.writeTrailer(), 'complete the file');
    },
    async close() {
      if (closed) return;
      closed = true;
      await inFlight?.catch(() => {});
      await output.closeOutput();
      output.freeContext();
      encoder.freeContext();
      packet.free();
      for (const { frame } of frames) frame.free();
    },
  };
}

/** Options go through `setOption`: a Dictionary given to `open2` is freed twice and takes the process down. */
function openEncoder(codec: Codec, { width, height, fps }: TrackFormat, crf: number): CodecContext {
  const encoder = new CodecContext();
  encoder.allocContext3(codec);
  encoder.width = width;
  encoder.height = height;
  encoder.pixelFormat = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, fps);
  encoder.framerate = new Rational(fps, 1);
  encoder.sampleAspectRatio = new Rational(1, 1);
  encoder.colorRange = AVCOL_RANGE_MPEG;
  encoder.colorPrimaries = AVCOL_PRI_BT709;
  encoder.colorTrc = AVCOL_TRC_BT709;
  encoder.colorSpace = AVCOL_SPC_BT709;
  encoder.chromaLocation = AVCHROMA_LOC_LEFT;
  encoder.gopSize = fps * keyFrameSeconds;
  encoder.threadCount = 1;
  encoder.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  const options = {
    preset: 'veryfast',
    crf: String(crf),
    profile: 'main',
    // With B-frames x264's macroblock tree (AVX2) reads memory that it has not set when a row is not a whole number of
    // pieces: upright videos then differ from run to run. Without, painted scenes are as small and encoded faster.
    bf: '0',
    // Painted scenes drift slowly: smaller blocks, finer vectors and a longer look ahead find little more, at twice the
    // time (docs/performance.md has the figures).
    'x264-params':
      'open-gop=0:scenecut=0:aq-mode=1:partitions=none:8x8dct=0:subme=1:me=dia:rc-lookahead=5:merange=4',
  };
  for (const [name, value] of Object.entries(options)) check(encoder.setOption(name, value), `set ${name}`);
  check(encoder.open2Sync(codec), 'open the encoder');
  return encoder;
}

function planesOf(frame: Frame): FramePlanes {
  return {
    planes: frame.data as FramePlanes['planes'],
    strides: frame.linesize as FramePlanes['strides'],
  };
}
