// Completes a muxed MP4: index before the media, so that it plays while it loads, and chapters in both ways that players
// know (the `chpl` list and a text track). FFmpeg's muxer can do this too, but node-av has no way to give it chapters.
import { type FileHandle, open } from 'node:fs/promises';

import { type Box, findBoxes, listBoxes, listTopBoxes, makeBox, readBox } from './mp4-boxes.ts';

export interface Chapter {
  title: string;
  startMs: number;
  endMs: number;
}

const copyBytes = 1024 * 1024;
/** `chpl` counts in one byte; the text track has no limit. */
const mostListed = 255;
const chapterClock = 1000;
const unityMatrix = words(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/**
 * Writes `source` (FFmpeg's MP4, index at the end) to `target` with its index first and `chapters`, which touch each
 * other and begin at 0. Works in memory of the index's size.
 */
export async function finishMp4(source: string, target: string, chapters: Chapter[]): Promise<void> {
  await using from = await open(source, 'r');
  const boxes = await listTopBoxes(from);
  const only = (type: string): Box => {
    const found = boxes.filter((box) => box.type === type);
    if (found.length !== 1) throw new Error(`${found.length} ${type} boxes`);
    return found[0]!;
  };
  const ftyp = await readBox(from, only('ftyp'));
  const media = only('mdat');
  const index = await readBox(from, only('moov'));
  const texts = chapters.map(({ title }) => chapterText(title));
  const textMedia = chapters.length > 0 ? makeBox('mdat', ...texts) : Buffer.alloc(0);

  // Places in the file follow from the index's length, which does not depend on them.
  const build = (textAt: number) => addChapters(index, chapters, texts, textAt);
  const lengthOfIndex = build(0).length;
  const textAt = ftyp.length + lengthOfIndex;
  const moov = build(textAt + 8);
  moveChunks(moov, index, textAt + textMedia.length - media.start);

  await using to = await open(target, 'wx');
  await to.appendFile(Buffer.concat([ftyp, moov, textMedia]));
  await copyBox(from, media, to);
}

async function copyBox(from: FileHandle, { start, end }: Box, to: FileHandle): Promise<void> {
  const bytes = Buffer.alloc(copyBytes);
  for (let at = start; at < end; ) {
    const { bytesRead } = await from.read(bytes, 0, Math.min(copyBytes, end - at), at);
    if (bytesRead === 0) throw new Error('the file became shorter');
    await to.appendFile(bytes.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function addChapters(index: Buffer, chapters: Chapter[], texts: Buffer[], textAt: number): Buffer {
  if (chapters.length === 0) return Buffer.from(index);
  const header = findBoxes(index, ['mvhd'])[0]!;
  if (index[header.body] !== 0) throw new Error('the index has 64-bit times');
  const trackId = index.readUInt32BE(header.end - 4);
  const movieClock = index.readUInt32BE(header.body + 12);
  const mvhd = Buffer.from(index.subarray(header.start, header.end));
  mvhd.writeUInt32BE(trackId + 1, mvhd.length - 4);

  const rest = listBoxes(index, 8, index.length).filter(({ type }) => type !== 'mvhd');
  const whole = ({ start, end }: Box) => index.subarray(start, end);
  const tracks = rest
    .filter(({ type }) => type === 'trak')
    .map((box) => {
      const bytes = whole(box);
      const isVideo = findBoxes(bytes, ['mdia', 'minf', 'vmhd']).length > 0;
      const reference = makeBox('tref', makeBox('chap', words(trackId)));
      return isVideo ? makeBox('trak', bytes.subarray(8), reference) : bytes;
    });
  const userData = rest.filter(({ type }) => type === 'udta').map((box) => index.subarray(box.body, box.end));
  const others = rest.filter(({ type }) => type !== 'trak' && type !== 'udta').map(whole);
  const listed = chapters.length <= mostListed ? [chapterList(chapters)] : [];
  return makeBox(
    'moov',
    mvhd,
    ...tracks,
    chapterTrack({ chapters, texts, trackId, movieClock, textAt }),
    ...others,
    makeBox('udta', ...userData, ...listed),
  );
}

/** The old tracks' chunks lie `by` bytes further on; the chapter track is right already. */
function moveChunks(moov: Buffer, index: Buffer, by: number): void {
  const known = findBoxes(index, ['trak']).length;
  for (const track of findBoxes(moov, ['trak']).slice(0, known)) {
    const bytes = moov.subarray(track.start, track.end);
    for (const { body } of findBoxes(bytes, ['mdia', 'minf', 'stbl', 'stco'])) {
      const count = bytes.readUInt32BE(body + 4);
      for (let i = 0; i < count; i++) {
        const at = body + 8 + 4 * i;
        bytes.writeUInt32BE(bytes.readUInt32BE(at) + by, at);
      }
    }
    for (const { body } of findBoxes(bytes, ['mdia', 'minf', 'stbl', 'co64'])) {
      const count = bytes.readUInt32BE(body + 4);
      for (let i = 0; i < count; i++) {
        const at = body + 8 + 8 * i;
        bytes.writeBigUInt64BE(bytes.readBigUInt64BE(at) + BigInt(by), at);
      }
    }
  }
}

/** Nero's list: starts in units of 100 ns, titles of at most 255 bytes. */
function chapterList(chapters: Chapter[]): Buffer {
  const entries = chapters.map(({ title, startMs }) => {
    const text = utf8(title, 255);
    const head = Buffer.alloc(9);
    head.writeBigUInt64BE(BigInt(Math.round(startMs)) * 10_000n, 0);
    head[8] = text.length;
    return Buffer.concat([head, text]);
  });
  return makeBox('chpl', words(0x01000000, 0), Buffer.from([chapters.length]), ...entries);
}

/** A sample of the text track: its length, the text, and the note that it is UTF-8. */
function chapterText(title: string): Buffer {
  const text = utf8(title, 1000);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, text, makeBox('encd', words(0x100))]);
}

interface TrackFacts {
  chapters: Chapter[];
  texts: Buffer[];
  trackId: number;
  movieClock: number;
  textAt: number;
}

/** A disabled QuickTime text track, as Apple's players want it. */
function chapterTrack({ chapters, texts, trackId, movieClock, textAt }: TrackFacts): Buffer {
  const starts = chapters.map(({ startMs }) => Math.round((startMs * chapterClock) / 1000));
  const end = Math.round((chapters.at(-1)!.endMs * chapterClock) / 1000);
  const duration = Math.round((end * movieClock) / chapterClock);
  const tkhd = makeBox('tkhd', words(2, 0, 0, trackId, 0, duration, 0, 0, 0, 0), unityMatrix, words(0, 0));
  const mdhd = makeBox('mdhd', words(0, 0, 0, chapterClock, end, 0x55c40000));
  const hdlr = makeBox('hdlr', words(0, 0), Buffer.from('text'), words(0, 0, 0), Buffer.alloc(1));
  const gmhd = makeBox(
    'gmhd',
    makeBox('gmin', words(0, 0x00408000, 0x80008000, 0)),
    makeBox('text', unityMatrix),
  );
  const dinf = makeBox('dinf', makeBox('dref', words(0, 1), makeBox('url ', words(1))));
  const sampleEntry = makeBox(
    'text',
    words(0, 1, 1),
    Buffer.alloc(18),
    Buffer.from([0, 1]),
    Buffer.alloc(6),
    makeBox('ftab', Buffer.from([0, 1, 0, 1, 0])),
  );
  const stbl = makeBox(
    'stbl',
    makeBox('stsd', words(0, 1), sampleEntry),
    makeBox(
      'stts',
      words(0, starts.length),
      ...starts.map((start, i) => words(1, (starts[i + 1] ?? end) - start)),
    ),
    makeBox('stsc', words(0, 1, 1, texts.length, 1)),
    makeBox('stsz', words(0, 0, texts.length, ...texts.map(({ length }) => length))),
    makeBox('stco', words(0, 1, textAt)),
  );
  return makeBox('trak', tkhd, makeBox('mdia', mdhd, hdlr, makeBox('minf', gmhd, dinf, stbl)));
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, 4 * i);
  return bytes;
}

/** Cut between characters, not within one. */
function utf8(text: string, mostBytes: number): Buffer {
  const bytes = Buffer.from(text.toWellFormed());
  if (bytes.length <= mostBytes) return bytes;
  let end = mostBytes;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
