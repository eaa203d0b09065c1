// Decodes a video file's pictures for tests to look at, and reads what its packets say.
import { Decoder, Demuxer } from 'node-av/api';

export interface DecodedFrame {
  width: number;
  height: number;
  /** Tightly packed luma. */
  y: Uint8Array;
  u: Uint8Array;
  v: Uint8Array;
}

export interface DecodedVideo {
  frames: number;
  /** Picture numbers of the packets that are marked as keys. */
  keys: number[];
}

/** Decodes every picture; `look` is called with those it asks for. */
export async function decodeVideo(
  file: string,
  wants: (index: number) => boolean,
  look: (index: number, frame: DecodedFrame) => void,
): Promise<DecodedVideo> {
  await using demuxer = await Demuxer.open(file);
  const stream = demuxer.video()!;
  const decoder = await Decoder.create(stream);
  const ticks: { pts: bigint; key: boolean }[] = [];
  let frames = 0;
  const take = (
    frame: { width: number; height: number; data: Buffer[] | null; linesize: number[] } | null,
  ) => {
    if (frame === null) return;
    if (wants(frames)) look(frames, unpack(frame));
    frames++;
  };
  try {
    for await (const packet of demuxer.packets(stream.index)) {
      if (packet === null) break;
      ticks.push({ pts: packet.pts, key: packet.isKeyframe });
      for (const frame of await decoder.decodeAll(packet)) {
        take(frame);
        frame?.free();
      }
      packet.free();
    }
    for (const frame of await decoder.decodeAll(null)) {
      take(frame);
      frame?.free();
    }
  } finally {
    decoder.close();
  }
  const ordered = ticks.toSorted((a, b) => Number(a.pts - b.pts));
  return { frames, keys: ordered.flatMap(({ key }, index) => (key ? [index] : [])) };
}

function unpack(frame: {
  width: number;
  height: number;
  data: Buffer[] | null;
  linesize: number[];
}): DecodedFrame {
  const { width, height } = frame;
  const plane = (index: number, w: number, h: number) => {
    const out = new Uint8Array(w * h);
    const from = frame.data![index]!;
    const stride = frame.linesize[index]!;
    for (let row = 0; row < h; row++) out.set(from.subarray(row * stride, row * stride + w), row * w);
    return out;
  };
  return {
    width,
    height,
    y: plane(0, width, height),
    u: plane(1, width / 2, height / 2),
    v: plane(2, width / 2, height / 2),
  };
}
