// Files such as users send: images of known colours, clips with a bar that moves, and forged or damaged ones.
import { crc32 } from 'node:zlib';

import { createCanvas } from '@napi-rs/canvas';
import {
  AV_PIX_FMT_YUV420P,
  Codec,
  CodecContext,
  FF_ENCODER_LIBVPX_VP9,
  FormatContext,
  Frame,
  Packet,
  Rational,
} from 'node-av';

import { createSceneEncoder } from '../../src/render/encoder.ts';

type Side = 'left' | 'right';
const blue = '#2040c0';
const red = '#c03020';

/** Left half blue, right half red. */
export function twoColours(width: number, height: number, type: 'png' | 'jpeg' | 'webp' = 'png'): Buffer {
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  context.fillStyle = blue;
  context.fillRect(0, 0, width, height);
  context.fillStyle = red;
  context.fillRect(width / 2, 0, width / 2, height);
  return canvas.toBuffer(`image/${type}` as 'image/png');
}

/** Which half of `twoColours` this BT.709 chroma comes from. */
export function sideOf(blueDifference: number): Side {
  return blueDifference > 128 ? 'left' : 'right';
}

/** The JPEG with an EXIF tag that asks to be turned: 6 = a quarter clockwise. */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.from(
    'ffe1002245786966' + '00004d4d002a00000008000101120003000000010000000000000000',
    'hex',
  );
  exif.writeUInt16BE(orientation, 28);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

/** A whole PNG file whose header promises this size and whose pixels are missing. */
export function forgedPng(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from('0000000000000000' + '0802000000', 'hex');
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const signature = Buffer.from('89504e470d0a1a0a', 'hex');
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(8)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface BarClip {
  width: number;
  height: number;
  fps: 24 | 25 | 30 | 60;
  frames: number;
}

/** Left edge of the bar in frame `index`, luma samples. */
export function barAt(index: number): number {
  return 4 * index;
}

export const barWidth = 16;

/** An MP4 in which a white bar crosses a dark ground, four samples a frame. */
export async function encodeBar(path: string, { width, height, fps, frames }: BarClip): Promise<void> {
  const encoder = await createSceneEncoder(path, { width, height, fps });
  try {
    for (let index = 0; index < frames; index++) {
      await encoder.write(({ planes, strides }) => paintBar(planes, strides, { width, height }, index));
    }
    await encoder.finish();
  } finally {
    await encoder.close();
  }
}

/** The same bar as VP9 in WebM, as browsers record it. */
export async function encodeBarWebm(path: string, { width, height, fps, frames }: BarClip): Promise<void> {
  const codec = Codec.findEncoderByName(FF_ENCODER_LIBVPX_VP9)!;
  const output = new FormatContext();
  using encoder = new CodecContext();
  using packet = new Packet();
  using frame = new Frame();
  packet.alloc();
  frame.alloc();
  encoder.allocContext3(codec);
  encoder.width = frame.width = width;
  encoder.height = frame.height = height;
  encoder.pixelFormat = frame.format = AV_PIX_FMT_YUV420P;
  encoder.timeBase = new Rational(1, fps);
  encoder.setOption('deadline', 'realtime');
  encoder.open2Sync(codec);
  output.allocOutputContext2(null, 'webm', path);
  const stream = output.newStream(codec);
  stream.codecpar.fromContext(encoder);
  stream.timeBase = new Rational(1, 1000);
  await output.openOutput();
  output.writeHeaderSync();
  const send = (next: Frame | null) => {
    encoder.sendFrameSync(next);
    while (encoder.receivePacketSync(packet) >= 0) {
      packet.streamIndex = 0;
      packet.rescaleTs({ num: 1, den: fps }, stream.timeBase);
      output.interleavedWriteFrameSync(packet);
    }
  };
  frame.getBuffer(0);
  for (let index = 0; index < frames; index++) {
    if (!frame.isWritable) frame.makeWritable();
    paintBar(frame.data!, frame.linesize, { width, height }, index);
    frame.pts = BigInt(index);
    send(frame);
  }
  send(null);
  output.writeTrailerSync();
  await output.closeOutput();
  output.freeContext();
}

function paintBar(
  planes: Buffer[],
  strides: number[],
  { width, height }: { width: number; height: number },
  index: number,
): void {
  const at = barAt(index);
  for (let row = 0; row < height; row++) {
    const start = row * strides[0]!;
    planes[0]!.fill(60, start, start + width);
    planes[0]!.fill(220, start + at, start + Math.min(width, at + barWidth));
  }
  planes[1]!.fill(128);
  planes[2]!.fill(128);
}

/** The MP4 with another matrix in its track header: shown turned by so many degrees clockwise. */
export function turned(mp4: Buffer, degrees: 90 | 180 | 270): Buffer {
  const out = Buffer.from(mp4);
  const header = out.indexOf('tkhd');
  // Version 0: version and flags 4, times 8, id 4, reserved 4, duration 4, reserved 8, layer and volume 8.
  const matrix = header + 4 + 40;
  const [cos, sin] = { 90: [0, 1], 180: [-1, 0], 270: [0, -1] }[degrees] as [number, number];
  for (const [place, value] of [
    [0, cos],
    [4, sin],
    [12, -sin],
    [16, cos],
  ] as const) {
    out.writeInt32BE(value * 65_536, matrix + place);
  }
  return out;
}
