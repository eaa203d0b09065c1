// Opens a user's clip with the one demuxer that its bytes call for, and only decoders of a closed list: whatever the
// file says, no playlist, no other file and no address is followed. Sizes are judged before anything is decoded.
import {
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_PRORES,
  AV_CODEC_ID_VP8,
  AV_CODEC_ID_VP9,
  AV_LOG_QUIET,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  Codec,
  CodecContext,
  FormatContext,
  Frame,
  InputFormat,
  Log,
  Packet,
  type Stream,
} from 'node-av';

import { AppError } from '../../domain/errors.ts';
import { mediaLimits, type UserMediaType } from '../../domain/user-media.ts';
import { check } from '../media-calls.ts';
import { unreadable } from './image-header.ts';

/** Smaller than any time: FFmpeg's way of saying that there is none. */
const noTime = -(2n ** 62n);

const codecNames = new Map<number, string>([
  [AV_CODEC_ID_H264, 'h264'],
  [AV_CODEC_ID_HEVC, 'hevc'],
  [AV_CODEC_ID_VP8, 'vp8'],
  [AV_CODEC_ID_VP9, 'vp9'],
  [AV_CODEC_ID_AV1, 'libdav1d'],
  [AV_CODEC_ID_PRORES, 'prores'],
]);

export interface Clip {
  /** As shown: with square pixels, turned as the file asks. Even numbers of pixels are not promised. */
  width: number;
  height: number;
  /** Clockwise, to be applied to decoded pictures. */
  rotation: 0 | 90 | 180 | 270;
  /** Pictures that the header promises; 0 = it does not say. */
  promisedFrames: number;
  /** Length that the header promises; 0 = it does not say. */
  promisedSeconds: number;
  /** When each packet ends, in the file's order, without decoding; a damaged file has fewer. */
  packets(): Generator<{ isPicture: boolean; endSeconds: number }>;
  /** Pictures in order of showing from the first one on; the frame is valid until the next is asked for. */
  pictures(): Generator<{ frame: Frame; atSeconds: number; endSeconds: number }>;
  close(): void;
}

/** Throws `media_unreadable`, `media_refused`. */
export function openClip(source: string, mediaType: UserMediaType): Clip {
  // What goes wrong is thrown; a hostile file could fill the log.
  Log.setLevel(AV_LOG_QUIET);
  const input = openInput(source, mediaType);
  try {
    const stream = input.streams.find(
      ({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO && codecpar.width > 0,
    );
    if (stream === undefined) throw refused('The clip has no picture.', 'Send a video, not only sound.');
    const decoderName = codecNames.get(stream.codecpar.codecId);
    if (decoderName === undefined) {
      throw refused(
        'The clip is in a format that is not accepted.',
        'Send H.264, HEVC, VP8, VP9, AV1 or ProRes.',
      );
    }
    const { width: codedWidth, height: codedHeight } = stream.codecpar;
    refuseTooLarge(codedWidth, codedHeight);
    const rotation = rotationOf(stream);
    const { num, den } = stream.codecpar.sampleAspectRatio;
    const aspect = num > 0 && den > 0 ? Math.min(4, Math.max(0.25, num / den)) : 1;
    const shown = { width: Math.round(codedWidth * aspect), height: codedHeight };
    const sideways = rotation === 90 || rotation === 270;
    return {
      width: sideways ? shown.height : shown.width,
      height: sideways ? shown.width : shown.height,
      rotation,
      promisedFrames: Number(stream.nbFrames),
      promisedSeconds: Math.max(0, Number(input.duration) / 1_000_000),
      packets: () => readPackets(input, stream),
      pictures: () => decodePictures(input, stream, decoderName),
      close: () => input.closeInputSync(),
    };
  } catch (error) {
    input.closeInputSync();
    throw error;
  }
}

function openInput(source: string, mediaType: UserMediaType): FormatContext {
  const [name, family] =
    mediaType === 'video/webm' ? ['matroska', 'matroska,webm'] : ['mov', 'mov,mp4,m4a,3gp,3g2,mj2'];
  const format = InputFormat.findInputFormat(name);
  if (format === null) throw new AppError('machine_unfit', `The ${name} reader is missing.`);
  const input = new FormatContext();
  input.allocContext();
  check(input.setOption('protocol_whitelist', 'file'), 'restrict the protocol');
  check(input.setOption('format_whitelist', family), 'restrict the format');
  check(input.setOption('max_streams', '32'), 'restrict the streams');
  const opened = input.openInputSync(`file:${source}`, format);
  if (opened < 0) throw unreadable(new Error(`cannot open as ${name}: ${opened}`));
  return input;
}

function* readPackets(input: FormatContext, picture: Stream): ReturnType<Clip['packets']> {
  using packet = new Packet();
  packet.alloc();
  const { streams } = input;
  while (input.readFrameSync(packet) >= 0) {
    const stream = streams.find(({ index }) => index === packet.streamIndex);
    const ticks = packet.pts > noTime ? packet.pts : packet.dts;
    if (stream !== undefined && ticks > noTime) {
      const endSeconds = secondsOf(ticks + packet.duration, stream) - startOf(stream);
      yield { isPicture: stream.index === picture.index, endSeconds };
    }
    packet.unref();
  }
}

function* decodePictures(
  input: FormatContext,
  stream: Stream,
  decoderName: string,
): ReturnType<Clip['pictures']> {
  // An encoder opened meanwhile has set its own level.
  Log.setLevel(AV_LOG_QUIET);
  const codec = Codec.findDecoderByName(decoderName as never);
  if (codec === null) throw new AppError('machine_unfit', `The ${decoderName} decoder is missing.`);
  using decoder = new CodecContext();
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  decoder.allocContext3(codec);
  check(stream.codecpar.toContext(decoder), 'set the decoder up');
  decoder.pktTimebase = stream.timeBase;
  decoder.threadCount = 2;
  // Pictures inside the stream may be larger than its header says.
  check(
    decoder.setOption('max_pixels', String(mediaLimits.clipLongSide * (mediaLimits.clipShortSide + 64))),
    'limit the pixels',
  );
  if (decoder.open2Sync(codec) < 0) throw unreadable();
  const first = startOf(stream);
  let before = 0;
  for (let ended = false; !ended; ) {
    const got = input.readFrameSync(packet);
    ended = got < 0;
    if (!ended && packet.streamIndex !== stream.index) {
      packet.unref();
      continue;
    }
    // A damaged packet costs its picture, not the clip.
    decoder.sendPacketSync(ended ? null : packet);
    packet.unref();
    for (let failures = 0; failures < 4; ) {
      const received = decoder.receiveFrameSync(frame);
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF) break;
      if (received < 0) {
        failures++;
        continue;
      }
      const atSeconds = secondsOf(frame.bestEffortTimestamp, stream) - first;
      // WebM need not say how long a picture is shown: as long as the one before.
      const lengthSeconds = frame.duration > 0n ? secondsOf(frame.duration, stream) : atSeconds - before;
      before = atSeconds;
      yield { frame, atSeconds, endSeconds: atSeconds + lengthSeconds };
      frame.unref();
    }
  }
}

function startOf(stream: Stream): number {
  return stream.startTime > noTime ? secondsOf(stream.startTime, stream) : 0;
}

function secondsOf(ticks: bigint, { timeBase }: Stream): number {
  return (Number(ticks) * timeBase.num) / timeBase.den;
}

/** Phones store upright pictures lying down, with a matrix that turns them. */
function rotationOf({ codecpar }: Stream): Clip['rotation'] {
  const matrix = codecpar.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (matrix === null || matrix.length < 36) return 0;
  const degrees = (Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI;
  return ((Math.round(degrees / 90) * 90 + 360) % 360) as Clip['rotation'];
}

function refuseTooLarge(width: number, height: number): void {
  const { clipLongSide, clipShortSide } = mediaLimits;
  if (Math.max(width, height) <= clipLongSide && Math.min(width, height) <= clipShortSide) return;
  throw refused(
    `The clip has ${width} × ${height} pixels; at most ${clipLongSide} × ${clipShortSide} are accepted.`,
    'Make it smaller: the size of the video is enough.',
  );
}

export function refused(message: string, hint: string): AppError {
  return new AppError('media_refused', message, { hint });
}
