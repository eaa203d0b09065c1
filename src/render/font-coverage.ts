// Which characters a font file can draw, read from the file itself (WOFF2 container, `cmap` table).
// Formats: W3C WOFF 2.0 and OpenType 1.9 "cmap", subtable formats 4 and 12. It draws nothing.
import { brotliDecompressSync } from 'node:zlib';

/** Indexes into WOFF2's list of known table tags. */
const knownTags = { cmap: 0, glyf: 10, loca: 11 } as const;
const arbitraryTag = 63;
const headerBytes = 48;

/** The code points that the font maps to a glyph. Throws RangeError for anything but a WOFF2 font with a cmap. */
export function readCoverage(woff2: Uint8Array): Set<number> {
  const view = new DataView(woff2.buffer, woff2.byteOffset, woff2.byteLength);
  if (view.getUint32(0) !== 0x774f4632) throw new RangeError('not a WOFF2 font');
  const tableCount = view.getUint16(12);
  const compressedBytes = view.getUint32(20);
  let at = headerBytes;
  const readVarint = () => {
    let value = 0;
    for (;;) {
      const byte = view.getUint8(at++);
      value = value * 128 + (byte & 127);
      if ((byte & 128) === 0) return value;
    }
  };
  let offset = 0;
  let cmap: { offset: number; length: number } | undefined;
  for (let table = 0; table < tableCount; table++) {
    const flags = view.getUint8(at++);
    const tag = flags & 63;
    const version = flags >> 6;
    if (tag === arbitraryTag) at += 4;
    let length = readVarint();
    const isOutlines = tag === knownTags.glyf || tag === knownTags.loca;
    if (isOutlines ? version !== 3 : version !== 0) length = readVarint();
    if (tag === knownTags.cmap) cmap = { offset, length };
    offset += length;
  }
  if (cmap === undefined) throw new RangeError('the font has no cmap');
  const tables = brotliDecompressSync(woff2.subarray(at, at + compressedBytes));
  return readCmap(new DataView(tables.buffer, tables.byteOffset + cmap.offset, cmap.length));
}

function readCmap(cmap: DataView): Set<number> {
  const covered = new Set<number>();
  const count = cmap.getUint16(2);
  for (let record = 0; record < count; record++) {
    const start = cmap.getUint32(4 + record * 8 + 4);
    const format = cmap.getUint16(start);
    if (format === 4) addSegments(cmap, start, covered);
    else if (format === 12) addGroups(cmap, start, covered);
  }
  return covered;
}

function addSegments(cmap: DataView, start: number, covered: Set<number>): void {
  const doubled = cmap.getUint16(start + 6);
  const ends = start + 14;
  const starts = ends + doubled + 2;
  const deltas = starts + doubled;
  const ranges = deltas + doubled;
  for (let i = 0; i < doubled; i += 2) {
    const first = cmap.getUint16(starts + i);
    const last = cmap.getUint16(ends + i);
    const delta = cmap.getUint16(deltas + i);
    const range = cmap.getUint16(ranges + i);
    for (let code = first; code <= last && code < 0xffff; code++) {
      const listed = range === 0 ? code : cmap.getUint16(ranges + i + range + 2 * (code - first));
      const glyph = range === 0 || listed !== 0 ? (listed + delta) & 0xffff : 0;
      if (glyph !== 0) covered.add(code);
    }
  }
}

function addGroups(cmap: DataView, start: number, covered: Set<number>): void {
  const count = cmap.getUint32(start + 12);
  for (let group = 0; group < count; group++) {
    const at = start + 16 + group * 12;
    const last = cmap.getUint32(at + 4);
    for (let code = cmap.getUint32(at); code <= last; code++) covered.add(code);
  }
}
