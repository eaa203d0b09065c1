// Which kind of sound file something is, by its first bytes, and what may be inside: one reader and a closed list of
// decoders for each. Nothing is decoded here.
import {
  AV_CODEC_ID_AAC,
  AV_CODEC_ID_FLAC,
  AV_CODEC_ID_MP3,
  AV_CODEC_ID_OPUS,
  AV_CODEC_ID_PCM_F32LE,
  AV_CODEC_ID_PCM_S16LE,
  AV_CODEC_ID_PCM_S24LE,
  AV_CODEC_ID_PCM_S32LE,
  AV_CODEC_ID_PCM_U8,
  AV_CODEC_ID_VORBIS,
} from 'node-av';

export interface SoundFormat {
  /** FFmpeg's name of the reader, and the family that it calls itself by. */
  reader: string;
  family: string;
  /** FFmpeg's decoder by codec. */
  decoders: ReadonlyMap<number, string>;
  /** True when the header knows the length; else it is guessed, or told by a file of any length. */
  knowsLength: boolean;
}

const aac: [number, string] = [AV_CODEC_ID_AAC, 'aac'];
const flac: [number, string] = [AV_CODEC_ID_FLAC, 'flac'];

const formats = {
  wav: {
    reader: 'wav',
    family: 'wav',
    decoders: new Map([
      [AV_CODEC_ID_PCM_U8, 'pcm_u8'],
      [AV_CODEC_ID_PCM_S16LE, 'pcm_s16le'],
      [AV_CODEC_ID_PCM_S24LE, 'pcm_s24le'],
      [AV_CODEC_ID_PCM_S32LE, 'pcm_s32le'],
      [AV_CODEC_ID_PCM_F32LE, 'pcm_f32le'],
    ]),
    knowsLength: false,
  },
  mp3: {
    reader: 'mp3',
    family: 'mp3',
    decoders: new Map([[AV_CODEC_ID_MP3, 'mp3float']]),
    knowsLength: false,
  },
  flac: { reader: 'flac', family: 'flac', decoders: new Map([flac]), knowsLength: true },
  ogg: {
    reader: 'ogg',
    family: 'ogg',
    decoders: new Map([[AV_CODEC_ID_VORBIS, 'vorbis'], [AV_CODEC_ID_OPUS, 'opus'], flac]),
    knowsLength: false,
  },
  adts: { reader: 'aac', family: 'aac', decoders: new Map([aac]), knowsLength: false },
  mp4: { reader: 'mov', family: 'mov,mp4,m4a,3gp,3g2,mj2', decoders: new Map([aac]), knowsLength: true },
} satisfies Record<string, SoundFormat>;

/** As many of a file's first bytes as `sniffSound` looks at. */
export const sniffedSoundBytes = 16;

/** Undefined = not a sound file of a kind that is read. */
export function sniffSound(head: Uint8Array): SoundFormat | undefined {
  const text = Buffer.from(head).toString('latin1');
  if (text.startsWith('RIFF') && text.startsWith('WAVE', 8)) return formats.wav;
  if (text.startsWith('fLaC')) return formats.flac;
  if (text.startsWith('OggS')) return formats.ogg;
  if (text.startsWith('ftyp', 4)) return formats.mp4;
  // Tags stand before MP3 only: others have tags of their own.
  if (text.startsWith('ID3')) return formats.mp3;
  const [first = 0, second = 0] = head;
  if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  // Twelve ones and layer 0 begin a frame of AAC; MPEG-1, 2 or 2.5 and layer III one of MP3.
  if ((second & 0xf6) === 0xf0) return formats.adts;
  return (second & 0x18) !== 0x08 && (second & 0x06) === 0x02 ? formats.mp3 : undefined;
}
