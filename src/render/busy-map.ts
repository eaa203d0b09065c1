// Where a picture is busy: measured once on a drawn frame, so that what is laid over it can stand where little is seen.
import type { PictureMemory, Planes } from './picture-memory.ts';
import type { Area } from './safe-area.ts';

/** Pixels of a cell's side, and between two samples in it. */
const cell = 16;
const pitch = 4;
/** What stands out from what is beside it counts as well as edges: a plain sun has few of these. */
const apartWeight = 1.2;
/** Steps of luma: sharper edges hide no more than these. */
const mostEdge = 40;
/** What the art is about may be as plain as a silhouette. */
const thingsWeight = 90;
/** Colour tells things apart on fewer steps than light does. */
const chromaWeight = 2;

/** How much is to be seen in an area, in steps of luma: 0 = nothing, some 10 = sky, 40 and more = things. Few strong ones count more than many faint ones. */
export type BusyMap = (area: Area) => number;

/** Measures rows `firstRow`..`endRow - 1` of a frame of `width` pixels that is drawn; `thingsIn` tells the share of an area where its art has things. */
export function mapBusyness(
  pictures: PictureMemory,
  planes: Planes,
  { width, firstRow, endRow }: { width: number; firstRow: number; endRow: number },
  thingsIn: (area: Area) => number,
): BusyMap {
  const bytes = pictures.bytes();
  const columns = Math.floor(width / cell);
  const rows = Math.floor((endRow - firstRow) / cell);
  const edges = new Float32Array(columns * rows);
  const tones = new Float32Array(columns * rows * 3);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = row * columns + column;
      let [sum, least, most] = [0, 255, 0];
      for (let y = 0; y < cell; y += pitch) {
        const line = planes.y + (firstRow + row * cell + y) * planes.stride + column * cell;
        for (let x = 0; x < cell; x += pitch) {
          const luma = bytes[line + x]!;
          sum += luma;
          if (luma < least) least = luma;
          if (luma > most) most = luma;
        }
      }
      const chroma =
        ((firstRow + row * cell + cell / 2) / 2) * (planes.stride / 2) + (column * cell + cell / 2) / 2;
      edges[at] = Math.min(mostEdge, most - least);
      tones[at * 3] = sum / (cell / pitch) ** 2;
      tones[at * 3 + 1] = chromaWeight * bytes[planes.u + chroma]!;
      tones[at * 3 + 2] = chromaWeight * bytes[planes.v + chroma]!;
    }
  }
  const usual = Array.from({ length: rows }, (_, row) => usualIn(tones, row, columns));
  return (area) => {
    const { left, top, right, bottom } = area;
    const within = (value: number, count: number) => Math.max(0, Math.min(count, value));
    const [fromRow, toRow] = [Math.floor((top - firstRow) / cell), Math.ceil((bottom - firstRow) / cell)];
    let [sum, count] = [0, 0];
    for (let row = within(fromRow, rows); row < within(toRow, rows); row++) {
      for (
        let column = within(Math.floor(left / cell), columns);
        column < within(Math.ceil(right / cell), columns);
        column++
      ) {
        const at = row * columns + column;
        const [luma, blue, red] = usual[row]!;
        const apart = Math.hypot(tones[at * 3]! - luma, tones[at * 3 + 1]! - blue, tones[at * 3 + 2]! - red);
        sum += (edges[at]! + apartWeight * apart) ** 3;
        count++;
      }
    }
    return (count === 0 ? 0 : Math.cbrt(sum / count)) + thingsWeight * thingsIn(area);
  };
}

/** What most of a row looks like: skies and floors change from row to row, things from place to place. */
function usualIn(tones: Float32Array, row: number, columns: number): [number, number, number] {
  const median = (part: number) =>
    Float32Array.from({ length: columns }, (_, column) => tones[(row * columns + column) * 3 + part]!).sort()[
      columns >> 1
    ]!;
  return [median(0), median(1), median(2)];
}
