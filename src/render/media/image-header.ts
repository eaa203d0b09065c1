// Reads the size of a PNG, JPEG or WebP from its structure, and that the file is whole, before anything is decoded: the
// decoder would paint what is missing grey and say nothing.
import { crc32 } from 'node:zlib';

import { AppError } from '../../domain/errors.ts';
import type { UserMediaType } from '../../domain/user-media.ts';

export interface ImageSize {
  width: number;
  height: number;
}

type ImageType = Extract<UserMediaType, `image/${string}`>;

/** As stored, before any rotation. Throws `media_unreadable` when the file is cut short or not of this type. */
export function readImageHeader(file: Buffer, mediaType: ImageType): ImageSize {
  const size = { 'image/png': readPng, 'image/jpeg': readJpeg, 'image/webp': readWebp }[mediaType](file);
  if (size === undefined || size.width === 0 || size.height === 0) throw unreadable();
  return size;
}

export function unreadable(cause?: unknown): AppError {
  return new AppError('media_unreadable', 'The file is damaged or incomplete.', {
    hint: 'Open it in a viewer, save it again as PNG, JPEG or WebP (MP4 or WebM for clips) and send that.',
    cause,
  });
}

/** Every chunk has its checksum; the first is the header, the last the end. */
function readPng(file: Buffer): ImageSize | undefined {
  let size: ImageSize | undefined;
  for (let at = 8; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > file.length) return undefined;
    if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) return undefined;
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === 'IHDR') {
      if (at !== 8 || length !== 13) return undefined;
      size = { width: file.readUInt32BE(at + 8), height: file.readUInt32BE(at + 12) };
    }
    if (type === 'IEND') return size;
    at = end;
  }
  return undefined;
}

const startOfScan = 0xda;
const endOfImage = 0xd9;

/** Segments up to the first scan, then marker by marker to the end of the image. */
function readJpeg(file: Buffer): ImageSize | undefined {
  let size: ImageSize | undefined;
  let at = 2;
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) return undefined;
    const marker = file[at + 1]!;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = file.readUInt16BE(at + 2);
    if (length < 2 || at + 2 + length > file.length) return undefined;
    if (isFrameHeader(marker) && length >= 8) {
      if (size !== undefined) return undefined;
      size = { height: file.readUInt16BE(at + 5), width: file.readUInt16BE(at + 7) };
    }
    at += 2 + length;
    if (marker === startOfScan) {
      at = endOfScan(file, at);
      if (file[at + 1] === endOfImage) return size;
    }
  }
  return undefined;
}

function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Place of the next marker that is neither stuffing nor a restart; the file's end when there is none. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0 && at + 1 < file.length; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1]!;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return file.length;
}

/** The RIFF container must be all there; the first chunk tells the size. */
function readWebp(file: Buffer): ImageSize | undefined {
  if (file.length < 30 || file.readUInt32LE(4) + 8 > file.length) return undefined;
  const chunk = file.toString('latin1', 12, 16);
  if (chunk === 'VP8X') return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 };
  if (chunk === 'VP8L') {
    const bits = file.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk !== 'VP8 ') return undefined;
  return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff };
}
