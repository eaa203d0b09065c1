// Looks at every picture of a video for stretches that are black or do not move. Reads a grid of points, not all pixels.
import type { Span } from '../domain/report.ts';
import type { Picture } from './play-through.ts';

/** Luma (16 is black) up to which a point counts as black, and the share of black points that makes a black picture:
 *  a caption alone on black is still black. */
const blackLuma = 22;
const blackShare = 0.96;
const leastBlackSeconds = 1;

/** A tile has moved when its mean luma differs by this from what it was; slow cameras add up. Encoders leave a standing
 *  picture alone, except that they draw it anew in each key frame: only a cut differs more than that. */
const movedLuma = 0.25;
const cutLuma = 6;
const leastFrozenSeconds = 2.5;
const tiles = { across: 16, down: 9 };
const pointsAcross = 240;

export interface PictureWatcher {
  see(picture: Picture): void;
  /** Call after the last picture. Spans of black from 1 s, of standing pictures from 2.5 s. */
  spans(): { black: Span[]; frozen: Span[] };
}

export function createPictureWatcher(fps: number): PictureWatcher {
  const black = createSpans(fps, leastBlackSeconds);
  const frozen = createSpans(fps, leastFrozenSeconds);
  let grid: Grid | undefined;
  let reference = new Uint8Array(0);
  let frame = 0;

  return {
    see(picture) {
      if (grid?.width !== picture.width || grid.height !== picture.height) grid = createGrid(picture);
      const points = grid.read(picture);
      black.note(frame, shareUpTo(points, blackLuma) >= blackShare);
      const tolerated = picture.isKey ? cutLuma : movedLuma;
      const stands = reference.length === points.length && !grid.moved(reference, points, tolerated);
      if (!stands) frozen.restart(frame);
      if (!stands || picture.isKey) reference = points.slice();
      frame++;
    },
    spans: () => ({ black: black.end(frame), frozen: frozen.end(frame) }),
  };
}

function createSpans(fps: number, leastSeconds: number) {
  const spans: Span[] = [];
  let start: number | undefined;
  const close = (frame: number) => {
    if (start !== undefined && (frame - start) / fps >= leastSeconds) {
      spans.push({ start: round(start / fps), end: round(frame / fps) });
    }
    start = undefined;
  };
  return {
    note(frame: number, holds: boolean) {
      if (holds) start ??= frame;
      else close(frame);
    },
    /** One stretch ends, another begins at once. */
    restart(frame: number) {
      close(frame);
      start = frame;
    },
    end(frame: number): Span[] {
      close(frame);
      return spans;
    },
  };
}

interface Grid {
  width: number;
  height: number;
  /** The points' luma; the same array each time. */
  read(picture: Picture): Uint8Array;
  /** Whether any tile differs by more than `tolerated`, on average over its points. */
  moved(before: Uint8Array, now: Uint8Array, tolerated: number): boolean;
}

function createGrid({ width, height }: { width: number; height: number }): Grid {
  const step = Math.max(2, Math.round(Math.max(width, height) / pointsAcross));
  const columns = Math.floor(width / step);
  const rows = Math.floor(height / step);
  const points = new Uint8Array(columns * rows);
  const tileOfColumn = Uint16Array.from({ length: columns }, (_, x) =>
    Math.floor((x * tiles.across) / columns),
  );
  const differences = new Uint32Array(tiles.across);
  const counts = new Uint32Array(tiles.across);
  for (const tile of tileOfColumn) counts[tile]!++;

  return {
    width,
    height,
    read({ luma, stride }) {
      let at = 0;
      for (let row = 0; row < rows; row++) {
        let from = (row * step + (step >> 1)) * stride + (step >> 1);
        for (let column = 0; column < columns; column++, from += step) points[at++] = luma[from]!;
      }
      return points;
    },
    moved(before, now, tolerated) {
      let rowsInTile = 0;
      differences.fill(0);
      for (let row = 0, at = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, at++) {
          differences[tileOfColumn[column]!]! += Math.abs(before[at]! - now[at]!);
        }
        rowsInTile++;
        const tile = Math.floor((row * tiles.down) / rows);
        if (row + 1 < rows && Math.floor(((row + 1) * tiles.down) / rows) === tile) continue;
        for (let t = 0; t < tiles.across; t++) {
          if (differences[t]! > tolerated * counts[t]! * rowsInTile) return true;
        }
        differences.fill(0);
        rowsInTile = 0;
      }
      return false;
    },
  };
}

function shareUpTo(points: Uint8Array, most: number): number {
  let count = 0;
  for (let i = 0; i < points.length; i++) if (points[i]! <= most) count++;
  return count / points.length;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
