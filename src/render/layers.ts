// A scene's layers in the picture memory, and drawing them as the camera sees them. Pieces of the frame where a layer
// is invisible, or hidden behind an opaque nearer one, are never touched.
import type { LayerBox, LayerInfo } from '../domain/scene-art.ts';
import type { SceneArtFiles } from '../ports/media-tools.ts';
import type { Camera } from './camera.ts';
import { columnBlockBytes, fillColumns, tileStates } from './kernels/kernels.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';
import { halveAlpha, readLayer } from './planar.ts';
import type { Area } from './safe-area.ts';

/** Pieces of the frame that are drawn or left out as one, in luma samples. */
const tileWidth = 64;
const tileHeight = 16;
/** Pieces of a layer that are known to be invisible or opaque, in its luma samples. */
const cellSize = 8;

interface Layer {
  width: number;
  height: number;
  depth: number;
  /** The part that the planes hold. */
  box: LayerBox;
  y: number;
  u: number;
  v: number;
  /** Alpha for luma and for chroma; null = opaque all over. */
  alpha: { full: number; half: number; visible: CellCounts; seeThrough: CellCounts } | null;
}

/** Running sums of cells over the layer: the count in any rectangle takes four look-ups. */
interface CellCounts {
  sums: Uint32Array;
  columns: number;
  rows: number;
}

export interface LayeredPicture {
  /** Draws rows `firstRow`..`endRow - 1` (even) of the frame as seen at `seconds` into the scene. */
  draw(target: Planes, camera: Camera, seconds: number, firstRow: number, endRow: number): void;
  /** Of an area of the frame as it was last drawn, the share where things stand: neither ground nor what frames it. */
  thingsIn(area: Area): number;
}

/** Depths of the layers that hold what a picture is about. */
const depthsOfThings = { from: 0.42, to: 0.8 };

/** Reads the layers into the memory. `frame` is what they will be drawn into. */
export async function loadLayers(
  pictures: PictureMemory,
  art: SceneArtFiles,
  frame: { width: number; height: number },
): Promise<LayeredPicture> {
  const { layers: infos } = art.info;
  const planars = await Promise.all(infos.map((info, index) => readLayer(art.layers[index]!, info)));
  const layers = infos.map((info, index) => {
    const layer = placeLayer(pictures, planars[index]!, info);
    free(planars[index]!);
    return layer;
  });
  const stride = Math.ceil(frame.width / 32) * 32;
  const tileColumns = Math.ceil(stride / tileWidth);
  const tileRows = Math.ceil(frame.height / tileHeight);
  const columns = pictures.allocate((stride / 8) * columnBlockBytes);
  const halfColumns = pictures.allocate((stride / 16) * columnBlockBytes);
  const tiles = layers.map(() => pictures.allocate(tileColumns * tileRows));
  const scratch = pictures.allocate(2 * (Math.max(...layers.map(({ box }) => box.width)) + 64));

  return {
    draw(target, camera, seconds, firstRow, endRow) {
      const { kernels, memory } = pictures;
      const views = layers.map((layer) => {
        const { scale, left, top } = camera.view(seconds, layer);
        return { scale, left: left - layer.box.left, top: top - layer.box.top };
      });
      const bytes = pictures.bytes();
      const covered = new Uint8Array(tileColumns * tileRows);
      for (let index = layers.length - 1; index >= 0; index--) {
        markTiles(bytes.subarray(tiles[index]!, tiles[index]! + covered.length), covered, layers[index]!, {
          view: views[index]!,
          tileColumns,
          tileRows,
        });
      }
      for (const [index, layer] of layers.entries()) {
        const { scale, left, top } = views[index]!;
        const { box } = layer;
        const step = Math.round(scale * 65_536);
        const drawPlane = (plane: number, out: number, alpha: number, half: boolean) => {
          const size = half ? 2 : 1;
          // In layers a chroma sample sits in the middle of its four pixels; in H.264, in the middle of the left two.
          const rowStart = half ? ((top + scale * 0.5 - 0.5) / 2) * 65_536 : top * 65_536;
          kernels.drawLayer(
            out,
            target.stride / size,
            firstRow / size,
            endRow / size,
            plane,
            alpha,
            box.width / size,
            half ? halfColumns : columns,
            Math.round(rowStart),
            step,
            (box.height / size - 1) << 16,
            tiles[index]!,
            tileColumns,
            tileWidth / size,
            tileHeight / size,
            scratch,
          );
        };
        fillColumns(memory, columns, {
          count: stride,
          start: Math.round(left * 65_536),
          step,
          limit: box.width,
        });
        fillColumns(memory, halfColumns, {
          count: stride / 2,
          start: Math.round((left - 0.5) * 32_768),
          step,
          limit: box.width / 2,
        });
        drawPlane(layer.y, target.y, layer.alpha?.full ?? 0, false);
        drawPlane(layer.u, target.u, layer.alpha?.half ?? 0, true);
        drawPlane(layer.v, target.v, layer.alpha?.half ?? 0, true);
      }
    },
    thingsIn({ left, top, right, bottom }) {
      const bytes = pictures.bytes();
      const things = tiles.filter((_, i) => {
        const { alpha, depth } = layers[i]!;
        return alpha !== null && depth >= depthsOfThings.from && depth <= depthsOfThings.to;
      });
      let [count, shown] = [0, 0];
      for (let row = Math.floor(top / tileHeight); row < Math.ceil(bottom / tileHeight); row++) {
        for (let column = Math.floor(left / tileWidth); column < Math.ceil(right / tileWidth); column++) {
          count++;
          const at = row * tileColumns + column;
          if (things.some((states) => bytes[states + at] !== tileStates.empty)) shown++;
        }
      }
      return count === 0 ? 0 : shown / count;
    },
  };
}

/** At once: dozens of megabytes that wait for the garbage collector call it while pictures are drawn. */
function free({ buffer, byteLength }: Uint8Array<ArrayBuffer>): void {
  // Small ones may lie in a buffer that others share.
  if (buffer.byteLength === byteLength) buffer.transfer(0);
}

function placeLayer(
  pictures: PictureMemory,
  planar: Uint8Array,
  { width, height, depth, alpha, box }: LayerInfo,
): Layer {
  const full = box.width * box.height;
  const quarter = full / 4;
  const place = (plane: Uint8Array) => {
    const at = pictures.allocate(plane.length);
    pictures.bytes().set(plane, at);
    return at;
  };
  const [y, u, v] = [
    place(planar.subarray(0, full)),
    place(planar.subarray(full, full + quarter)),
    place(planar.subarray(full + quarter, full + 2 * quarter)),
  ];
  const layer = { width, height, depth, box, y, u, v };
  if (!alpha) return { ...layer, alpha: null };
  const mask = planar.subarray(full + 2 * quarter);
  const { visible, seeThrough } = countCells(mask, box.width, box.height);
  const half = halveAlpha(mask, box.width, box.height);
  return {
    ...layer,
    alpha: { full: place(mask), half: place(half), visible, seeThrough },
  };
}

/** Which cells show anything, and which let anything through. */
function countCells(mask: Uint8Array, width: number, height: number) {
  const columns = width / cellSize;
  const rows = height / cellSize;
  const words = new Uint32Array(mask.buffer, mask.byteOffset, mask.length / 4);
  const visible = { sums: new Uint32Array((columns + 1) * (rows + 1)), columns, rows };
  const seeThrough = { sums: new Uint32Array((columns + 1) * (rows + 1)), columns, rows };
  for (let row = 0; row < rows; row++) {
    let visibleInRow = 0;
    let seeThroughInRow = 0;
    for (let column = 0; column < columns; column++) {
      let any = 0;
      let all = 0xffffffff;
      for (let line = 0; line < cellSize; line++) {
        const at = ((row * cellSize + line) * width + column * cellSize) >> 2;
        any |= words[at]! | words[at + 1]!;
        all &= words[at]! & words[at + 1]!;
      }
      if (any !== 0) visibleInRow++;
      if (all !== -1) seeThroughInRow++;
      const at = (row + 1) * (columns + 1) + column + 1;
      visible.sums[at] = visible.sums[at - columns - 1]! + visibleInRow;
      seeThrough.sums[at] = seeThrough.sums[at - columns - 1]! + seeThroughInRow;
    }
  }
  return { visible, seeThrough };
}

/** Sets the state of each tile of a layer; `covered` tiles are hidden by nearer layers, and opaque ones are added. */
function markTiles(
  states: Uint8Array,
  covered: Uint8Array,
  layer: Layer,
  place: { view: { scale: number; left: number; top: number }; tileColumns: number; tileRows: number },
): void {
  const { view, tileColumns, tileRows } = place;
  for (let row = 0; row < tileRows; row++) {
    // Two more pixels on each side: bilinear neighbours, and chroma's.
    const fromY = cellBefore(view.top + row * tileHeight * view.scale - 2);
    const toY = cellBefore(view.top + (row + 1) * tileHeight * view.scale + 2) + 1;
    for (let column = 0; column < tileColumns; column++) {
      const at = row * tileColumns + column;
      if (covered[at] === 1) {
        states[at] = tileStates.empty;
        continue;
      }
      let state: number = tileStates.opaque;
      if (layer.alpha !== null) {
        const fromX = cellBefore(view.left + column * tileWidth * view.scale - 2);
        const toX = cellBefore(view.left + (column + 1) * tileWidth * view.scale + 2) + 1;
        if (count(layer.alpha.visible, fromX, fromY, toX, toY) === 0) state = tileStates.empty;
        else if (count(layer.alpha.seeThrough, fromX, fromY, toX, toY) > 0) state = tileStates.mixed;
      }
      if (state === tileStates.opaque) covered[at] = 1;
      states[at] = state;
    }
  }
}

function cellBefore(pixel: number): number {
  return Math.floor(pixel / cellSize);
}

function count({ sums, columns, rows }: CellCounts, fromX: number, fromY: number, toX: number, toY: number) {
  const x0 = Math.max(0, Math.min(columns, fromX));
  const x1 = Math.max(x0, Math.min(columns, toX));
  const y0 = Math.max(0, Math.min(rows, fromY)) * (columns + 1);
  const y1 = Math.max(0, Math.min(rows, toY)) * (columns + 1);
  return sums[y1 + x1]! - sums[y1 + x0]! - sums[y0 + x1]! + sums[y0 + x0]!;
}
