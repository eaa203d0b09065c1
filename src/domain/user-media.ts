// Images and clips that users bring: which kinds there are, how large they may be, and how a scene shows one.
// Told from the first bytes alone; nothing is decoded here.
import { faultOfPublicHost } from './public-host.ts';

export const mediaTypes = [
  'image/png',
  'image/jpeg',
  'image/webp',
  'video/mp4',
  'video/webm',
  'video/quicktime',
] as const;
export type UserMediaType = (typeof mediaTypes)[number];
export type MediaKind = 'image' | 'clip';

export const mediaLimits = {
  imageBytes: 25_000_000,
  clipBytes: 200_000_000,
  imagePixels: 50_000_000,
  /** Of the longer and the shorter side. */
  clipLongSide: 3840,
  clipShortSide: 2160,
  clipSeconds: 600,
  urlChars: 2_048,
} as const;

/** As many of a file's first bytes as `sniffMediaType` looks at. */
export const sniffedBytes = 64;

/** What was measured of a file. */
export interface MediaFacts {
  kind: MediaKind;
  mediaType: UserMediaType;
  /** As shown: after the rotation that the file asks for. */
  width: number;
  height: number;
  /** Null for images. */
  durationSeconds: number | null;
}

/** An uploaded file of a user's. */
export interface Asset extends MediaFacts {
  assetId: string;
  /** SHA-256 of the bytes. */
  digest: string;
  bytes: number;
  createdAt: Date;
}

export const mediaFits = ['cover', 'contain'] as const;
export type MediaFit = (typeof mediaFits)[number];

/** What a scene shows instead of a painted picture, in wire form: exactly one of `asset_id` and `url`. */
export interface SceneMedia {
  asset_id?: string;
  url?: string;
  /** `cover` fills the frame and crops; `contain` shows all of it over a blurred copy of itself. */
  fit: MediaFit;
  /** The point, as shares of width and height, that stays in the picture when `cover` crops. */
  focus: { x: number; y: number };
}

export function kindOf(mediaType: UserMediaType): MediaKind {
  return mediaType.startsWith('image/') ? 'image' : 'clip';
}

export function mostBytes(mediaType: UserMediaType): number {
  return kindOf(mediaType) === 'image' ? mediaLimits.imageBytes : mediaLimits.clipBytes;
}

/** The type that the first bytes (`sniffedBytes`, or all) tell, whatever a name or a header says. */
export function sniffMediaType(head: Uint8Array): UserMediaType | undefined {
  const ascii = (start: number, length: number) =>
    String.fromCharCode(...head.subarray(start, start + length));
  const bytes = (start: number, ...values: number[]) => values.every((value, i) => head[start + i] === value);
  if (bytes(0, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  if (bytes(0, 0xff, 0xd8, 0xff)) return 'image/jpeg';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 4) === 'WEBP') return 'image/webp';
  if (bytes(0, 0x1a, 0x45, 0xdf, 0xa3))
    return ascii(0, sniffedBytes).includes('webm') ? 'video/webm' : undefined;
  if (ascii(4, 4) === 'ftyp') return sniffBrand(ascii(8, 4));
  // QuickTime files from before brands.
  return ['moov', 'wide'].includes(ascii(4, 4)) ? 'video/quicktime' : undefined;
}

const stillBrands = new Set(['avif', 'avis', 'heic', 'heix', 'heim', 'heis', 'hevc', 'mif1', 'msf1', 'crx ']);

function sniffBrand(brand: string): UserMediaType | undefined {
  if (brand === 'qt  ') return 'video/quicktime';
  return stillBrands.has(brand) || brand.startsWith('M4A') || brand.startsWith('M4B')
    ? undefined
    : 'video/mp4';
}

/** Why this URL may not be fetched; undefined when its form is fine. Where its name leads is looked at on fetching. */
export function faultOfMediaUrl(text: string): string | undefined {
  if (text.length > mediaLimits.urlChars) return `must have at most ${mediaLimits.urlChars} characters`;
  if (!/^https:\/\/[^/]/i.test(text) || /[\s\\]/.test(text)) return 'must be an https:// URL without spaces';
  const url = URL.parse(text);
  if (url === null) return 'is not a URL';
  if (url.username !== '' || url.password !== '') return 'must hold no user name or password';
  if (url.port !== '') return 'must use the standard port, 443';
  return faultOfPublicHost(url.hostname);
}
