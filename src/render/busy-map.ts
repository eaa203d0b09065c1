// Where a picture is busy: measured once on a drawn frame, so that what is laid over it can stand where little is seen.
import type { PictureMemory, Planes } from './picture-memory.ts';
import type { Area } from './safe-area.ts';

/** Pixels of a cell's side, and between two samples in it. */
const cell = 16;
const pitch = 4;
/** What stands out from the whole picture counts as well as edges: a plain sun has few of these. */
const apartWeight = 0.7;
/** Colour tells things apart on fewer steps than light does. */
const chromaWeight = 2;

/** How much is to be seen in an area, in steps of luma: 0 = nothing, some 10 = sky, 40 and more = things. */
export type BusyMap = (area: Area) => number;

/** Measures rows `firstRow`..`endRow - 1` of a frame of `width` pixels that is drawn. */
export function mapBusyness(
  pictures: PictureMemory,
  planes: Planes,
  { width, firstRow, endRow }: { width: number; firstRow: number; endRow: number },
): BusyMap {
  const bytes = pictures.bytes();
  const columns = Math.floor(width / cell);
  const rows = Math.floor((endRow - firstRow) / cell);
  const edges = new Float32Array(columns * rows);
  const tones = new Float32Array(columns * rows * 3);
  const mean = [0, 0, 0];
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
      edges[at] = most - least;
      tones[at * 3] = sum / (cell / pitch) ** 2;
      tones[at * 3 + 1] = chromaWeight * bytes[planes.u + chroma]!;
      tones[at * 3 + 2] = chromaWeight * bytes[planes.v + chroma]!;
      for (let c = 0; c < 3; c++) mean[c]! += tones[at * 3 + c]! / (columns * rows);
    }
  }
  return ({ left, top, right, bottom }) => {
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
        const apart = Math.hypot(
          tones[at * 3]! - mean[0]!,
          tones[at * 3 + 1]! - mean[1]!,
          tones[at * 3 + 2]! - mean[2]!,
        );
        sum += edges[at]! + apartWeight * apart;
        count++;
      }
    }
    return count === 0 ? 0 : sum / count;
  };
}
