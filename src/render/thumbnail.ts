// Chooses a picture that stands for the video: of the asked moments the sharpest and fullest that is neither dark nor
// blown out, as JPEG; with the title where it can be. Paints nothing into it.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import {
  AV_PIX_FMT_YUV420P,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  Codec,
  CodecContext,
  type FormatContext,
  Frame,
  Packet,
  type Stream,
} from 'node-av';
import type { MadeFile } from '../ports/made-file.ts';
import type { MediaTools, Still } from '../ports/media-tools.ts';
import type { WorkContext } from '../ports/work-context.ts';
import { createBreather } from '../sound/breather.ts';
import { check, openMp4 } from './media-calls.ts';

const widest = 1280;
const jpegQuality = 85;
const scoredWidth = 480;
/** A title says what a video is about; no other picture does. */
const titleWorth = 1.7;

interface Picture {
  width: number;
  height: number;
  /** Y, U, V without gaps between rows. */
  planes: [Uint8Array, Uint8Array, Uint8Array];
}

/** Contract: see MediaTools. Throws a plain Error when nothing can be decoded. */
export async function makeThumbnail(
  { stills }: Parameters<MediaTools['makeThumbnail']>[0],
  context: WorkContext,
): Promise<MadeFile> {
  const breathe = createBreather(context.signal);
  let best: { picture: Picture; score: number } | undefined;
  // The very first picture only serves where nothing else could be had.
  const last = stills[0] && { ...stills[0], atMs: 0, isTitle: false };
  for (const [i, still] of [...stills, ...(last ? [last] : [])].entries()) {
    if (i === stills.length && best !== undefined) break;
    const picture = await lookAt(still, breathe);
    const score = picture ? rate(picture) * (still.isTitle ? titleWorth : 1) : 0;
    if (picture && (best === undefined || score > best.score)) best = { picture, score };
    context.onProgress?.((i + 1) / (stills.length + 1));
  }
  if (best === undefined) throw new Error('no picture could be decoded');
  const file = path.join(context.scratch, 'thumbnail.jpg');
  await writeFile(file, await encodeJpeg(best.picture));
  return { path: file, mediaType: 'image/jpeg' };
}

async function lookAt(
  { video, atMs }: Still<string>,
  breathe: () => Promise<void>,
): Promise<Picture | undefined> {
  const input = openMp4(video);
  try {
    check(input.findStreamInfoSync(), 'read about the streams');
    const stream = input.streams.find(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_VIDEO);
    if (stream === undefined) throw new Error('no pictures');
    return await readPicture(input, stream, atMs, breathe);
  } finally {
    input.closeInputSync();
  }
}

/** The picture on screen at `ms`, or the last one. */
async function readPicture(
  input: FormatContext,
  stream: Stream,
  ms: number,
  breathe: () => Promise<void>,
): Promise<Picture | undefined> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null) throw new Error(`no decoder for codec ${stream.codecpar.codecId}`);
  const { num, den } = stream.timeBase;
  const last = stream.duration > 0n ? stream.duration - 1n : 0n;
  const asked = BigInt(Math.floor((ms * den) / (1000 * num)));
  const target = asked > last ? last : asked;
  using decoder = new CodecContext();
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  decoder.allocContext3(codec);
  check(stream.codecpar.toContext(decoder), 'set the decoder up');
  decoder.threadCount = 1;
  check(decoder.open2Sync(codec), 'open the decoder');
  check(input.seekFrameSync(stream.index, target, AVSEEK_FLAG_BACKWARD), 'go to a picture');

  let shown: Picture | undefined;
  for (;;) {
    const got = input.readFrameSync(packet);
    if (got !== AVERROR_EOF) check(got, 'read a picture');
    if (got === AVERROR_EOF || packet.streamIndex === stream.index) {
      check(decoder.sendPacketSync(got === AVERROR_EOF ? null : packet), 'decode a picture');
      for (;;) {
        const received = decoder.receiveFrameSync(frame);
        if (received === AVERROR_EAGAIN || received === AVERROR_EOF) break;
        check(received, 'decode a picture');
        const ends = frame.pts + frame.duration;
        if (ends > target) return copyPicture(frame);
        // Of the pictures before the asked one, only the last could be needed.
        if (ends >= last) shown = copyPicture(frame);
        frame.unref();
      }
    }
    if (got === AVERROR_EOF) return shown;
    packet.unref();
    await breathe();
  }
}

function copyPicture(frame: Frame): Picture {
  const { width, height, data, linesize } = frame;
  if (frame.format !== AV_PIX_FMT_YUV420P || data === null) throw new Error(`pixel format ${frame.format}`);
  const copy = (index: number, columns: number, rows: number) => {
    const out = new Uint8Array(columns * rows);
    const plane = data[index]!;
    const stride = linesize[index]!;
    for (let row = 0; row < rows; row++) {
      out.set(plane.subarray(row * stride, row * stride + columns), row * columns);
    }
    return out;
  };
  const [halfWidth, halfHeight] = [(width + 1) >> 1, (height + 1) >> 1];
  return {
    width,
    height,
    planes: [copy(0, width, height), copy(1, halfWidth, halfHeight), copy(2, halfWidth, halfHeight)],
  };
}

/**
 * Spread of the Laplacian of the reduced picture, more where light, shade and colours are many, less for what is dark or
 * blown out.
 */
function rate({ width, height, planes }: Picture): number {
  const step = Math.max(1, Math.round(width / scoredWidth));
  const columns = Math.floor(width / step);
  const rows = Math.floor(height / step);
  const small = new Float32Array(columns * rows);
  const luma = planes[0];
  let dark = 0;
  let blown = 0;
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at++) {
      let sum = 0;
      for (let y = 0; y < step; y++) {
        const from = (row * step + y) * width + column * step;
        for (let x = 0; x < step; x++) sum += luma[from + x]!;
      }
      const mean = sum / (step * step);
      small[at] = mean;
      if (mean < 32) dark++;
      else if (mean > 225) blown++;
    }
  }
  let sum = 0;
  let squares = 0;
  let count = 0;
  for (let row = 1; row < rows - 1; row++) {
    for (let column = 1; column < columns - 1; column++, count++) {
      const at = row * columns + column;
      const value =
        4 * small[at]! - small[at - 1]! - small[at + 1]! - small[at - columns]! - small[at + columns]!;
      sum += value;
      squares += value * value;
    }
  }
  const sharpness = Math.sqrt(squares / count - (sum / count) ** 2);
  const range = Math.min(1, spread(small) / 50);
  const colour = Math.min(1, (spread(planes[1]) + spread(planes[2])) / 30);
  const lost = Math.min(1, (dark + blown) / small.length);
  return sharpness * (0.4 + 0.6 * range) * (0.7 + 0.3 * colour) * (1 - lost) ** 2;
}

/** Standard deviation of every seventh value. */
function spread(values: ArrayLike<number>): number {
  let [sum, squares, count] = [0, 0, 0];
  for (let i = 0; i < values.length; i += 7, count++) {
    sum += values[i]!;
    squares += values[i]! ** 2;
  }
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}

/** BT.709 limited range to sRGB. Each 2×2 block has one colour, as JPEG will keep it. */
export function toRgba({ width, height, planes: [luma, blue, red] }: Picture): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray(width * height * 4);
  const halfWidth = (width + 1) >> 1;
  for (let row = 0, at = 0; row < height; row++) {
    const chromaRow = (row >> 1) * halfWidth;
    for (let column = 0; column < width; column++, at += 4) {
      const y = ((luma[row * width + column]! - 16) * 255) / 219;
      const chroma = chromaRow + (column >> 1);
      const u = blue[chroma]! - 128;
      const v = red[chroma]! - 128;
      rgba[at] = y + 1.7927 * v;
      rgba[at + 1] = y - 0.2132 * u - 0.5329 * v;
      rgba[at + 2] = y + 2.1124 * u;
      rgba[at + 3] = 255;
    }
  }
  return rgba;
}

async function encodeJpeg(picture: Picture): Promise<Buffer> {
  const { width, height } = picture;
  const full = createCanvas(width, height);
  full.getContext('2d').putImageData(new ImageData(toRgba(picture), width, height), 0, 0);
  if (width <= widest) return await full.encode('jpeg', jpegQuality);
  const scaled = createCanvas(widest, Math.round((height * widest) / width));
  const canvas = scaled.getContext('2d');
  canvas.imageSmoothingEnabled = true;
  canvas.imageSmoothingQuality = 'high';
  canvas.drawImage(full, 0, 0, scaled.width, scaled.height);
  return await scaled.encode('jpeg', jpegQuality);
}
