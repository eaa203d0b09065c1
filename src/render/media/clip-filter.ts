// Turns decoded pictures of a clip, whatever their size, shape and colours, into pictures of the video's: one FFmpeg
// filter graph, written from numbers alone.
import {
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT470BG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_BT2020_NCL,
  AVCOL_SPC_RGB,
  AVCOL_SPC_SMPTE170M,
  AVCOL_TRC_ARIB_STD_B67,
  AVCOL_TRC_SMPTE2084,
  Filter,
  type FilterContext,
  FilterGraph,
  FilterInOut,
  Frame,
} from 'node-av';

import type { MediaFit } from '../../domain/user-media.ts';
import { check } from '../media-calls.ts';
import { placeIn } from './fit.ts';
import type { Clip } from './open-clip.ts';

export interface ClipFilterInput {
  clip: Pick<Clip, 'width' | 'height' | 'rotation'>;
  frame: { width: number; height: number };
  barHeight: number;
  fit: MediaFit;
  focus: { x: number; y: number };
}

export interface ClipFilter {
  /** The picture as 8-bit BT.709 limited 4:2:0 of the frame's size; valid until the next call. */
  apply(picture: Frame): Frame;
  close(): void;
}

/** Set up for pictures like `first`; one of another size or format is refused by FFmpeg with an exception. */
export function createClipFilter(input: ClipFilterInput, first: Frame): ClipFilter {
  const graph = new FilterGraph();
  const made = new Frame();
  graph.alloc();
  made.alloc();
  const close = () => {
    graph.free();
    made.free();
  };
  try {
    const { width, height, format } = first;
    const source = createFilter(
      graph,
      'buffer',
      `video_size=${width}x${height}:pix_fmt=${format}:time_base=1/1000:colorspace=${matrixOf(first)}:range=${rangeOf(first)}`,
    );
    const sink = createFilter(graph, 'buffersink', null);
    const outputs = FilterInOut.createList([{ name: 'in', filterCtx: source, padIdx: 0 }]);
    const inputs = FilterInOut.createList([{ name: 'out', filterCtx: sink, padIdx: 0 }]);
    check(graph.parsePtr(describe(input, first), inputs, outputs), 'read the filters');
    check(graph.configSync(), 'set the filters up');
    return {
      apply(picture) {
        made.unref();
        // Undefined colours would not match what the graph was told.
        picture.colorSpace = matrixOf(first);
        picture.colorRange = rangeOf(first);
        check(source.buffersrcAddFrameSync(picture), 'filter a picture');
        check(sink.buffersinkGetFrameSync(made), 'filter a picture');
        return made;
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

function createFilter(graph: FilterGraph, name: string, args: string | null): FilterContext {
  const filter = Filter.getByName(name);
  const made = filter && graph.createFilter(filter, name, args);
  if (made === null) throw new Error(`cannot make the filter ${name}`);
  return made;
}

/** `[in]` … `[out]` in FFmpeg's filter language. */
function describe({ clip, frame, barHeight, fit, focus }: ClipFilterInput, first: Frame): string {
  const turn = { 0: '', 90: ',transpose=clock', 180: ',hflip,vflip', 270: ',transpose=cclock' }[
    clip.rotation
  ];
  const upright = `[in]${toneMap(first)}null${turn}`;
  const even = (value: number) => 2 * Math.round(value / 2);
  const scaled = (width: number, height: number) =>
    `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int:out_color_matrix=bt709:out_range=tv,format=yuv420p,setsar=1`;
  const place = (room: typeof frame, how: MediaFit) => {
    const at = placeIn(room, clip, how, focus);
    const [width, height] = [even(at.width), even(at.height)];
    return {
      width: how === 'cover' ? Math.max(room.width, width) : Math.max(2, Math.min(room.width, width)),
      height: how === 'cover' ? Math.max(room.height, height) : Math.max(2, Math.min(room.height, height)),
      left: Math.abs(even(at.left)),
      top: Math.abs(even(at.top)),
    };
  };
  const crop = (room: typeof frame, at: ReturnType<typeof place>) =>
    `crop=${room.width}:${room.height}:${Math.min(at.left, at.width - room.width)}:${Math.min(at.top, at.height - room.height)}`;
  const filled = place(frame, 'cover');
  if (fit === 'cover') return `${upright},${scaled(filled.width, filled.height)},${crop(frame, filled)}[out]`;
  const shown = place({ ...frame, height: frame.height - 2 * barHeight }, 'contain');
  const small = { width: even(frame.width / 8), height: even(frame.height / 8) };
  const behind = place(small, 'cover');
  return [
    `${upright},split[a][b]`,
    `[a]${scaled(behind.width, behind.height)},${crop(small, behind)},gblur=sigma=5,lutyuv=y=16+(val-16)*0.55,scale=${frame.width}:${frame.height}:flags=bicubic[ground]`,
    `[b]${scaled(shown.width, shown.height)}[whole]`,
    `[ground][whole]overlay=${shown.left}:${shown.top + barHeight}:format=yuv420[out]`,
  ].join(';');
}

/** Pictures of high dynamic range, as phones make them, are brought down to what BT.709 can show. */
function toneMap({ colorTrc, colorSpace }: Frame): string {
  const transfer = new Map<number, string>([
    [AVCOL_TRC_SMPTE2084, 'smpte2084'],
    [AVCOL_TRC_ARIB_STD_B67, 'arib-std-b67'],
  ]).get(colorTrc);
  if (transfer === undefined || colorSpace !== AVCOL_SPC_BT2020_NCL) return '';
  return (
    `zscale=tin=${transfer}:min=2020_ncl:pin=2020:t=linear:npl=203,format=gbrpf32le,zscale=p=709,` +
    'tonemap=mobius,zscale=t=709:m=709:r=limited,format=yuv420p,'
  );
}

/** What the picture says, or what is usual for its size. */
function matrixOf({ colorSpace, height }: Frame) {
  const told = [AVCOL_SPC_RGB, AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M, AVCOL_SPC_BT470BG, AVCOL_SPC_BT2020_NCL];
  if ((told as number[]).includes(colorSpace)) return colorSpace;
  return height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

function rangeOf({ colorRange }: Frame) {
  return colorRange === AVCOL_RANGE_JPEG ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
}
