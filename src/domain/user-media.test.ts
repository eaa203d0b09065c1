// Which bytes are which type, and how much of each is accepted.
import { expect, test } from 'vitest';

import { mostBytes, sniffMediaType } from './user-media.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'image/png'],
  ['\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
  ['RIFF\x24\0\0\0WEBPVP8 ', 'image/webp'],
  ['\0\0\0\x18ftypisom\0\0\x02\0', 'video/mp4'],
  ['\0\0\0\x18ftypmp42\0\0\0\0', 'video/mp4'],
  ['\0\0\0\x18ftypM4V \0\0\0\0', 'video/mp4'],
  ['\0\0\0\x14ftypqt  \0\0\0\0', 'video/quicktime'],
  ['\0\0\0\x08wide\0\0\0\0mdat', 'video/quicktime'],
  ['\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm', 'video/webm'],
])('%j is %s', (head, type) => {
  expect(sniffMediaType(latin(head))).toBe(type);
});

test.each([
  '',
  '\x89PNG',
  'GIF89a',
  '<svg xmlns="http://www.w3.org/2000/svg">',
  '#EXTM3U\n',
  'ffconcat version 1.0',
  'RIFF\x24\0\0\0WAVEfmt ',
  'RIFF\x24\0\0\0AVI LIST',
  '\0\0\0\x18ftypavif',
  '\0\0\0\x18ftypheic',
  '\0\0\0\x18ftypM4A ',
  '\x1aE\xdf\xa3\x9fB\x82\x88matroska',
  '%PDF-1.7',
  'MZ\x90\0',
])('%j is none of them', (head) => {
  expect(sniffMediaType(latin(head))).toBeUndefined();
});

test('images may have less than clips', () => {
  expect([mostBytes('image/webp'), mostBytes('video/webm')]).toEqual([25_000_000, 200_000_000]);
});
