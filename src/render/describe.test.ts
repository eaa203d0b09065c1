import { expect, test } from 'vitest';

import { describe } from './describe.ts';

const context = { scratch: '', signal: new AbortController().signal };
const families = async (captions: string, title: string, language: string) => {
  const input = { style: 'noir', captionStyle: 'bold', captions, title, language } as const;
  return (await describe(input, context)).fonts.map(({ family }) => family);
};

test('names the fonts that the texts are set in, with version and licence', async () => {
  expect(await families('Rain falls.', '', 'en')).toEqual(['montserrat']);
  expect(await families('Rain falls.', 'Rain', 'en')).toEqual(['montserrat', 'playfair']);
  expect(await families('雨 rains 🔥', '', 'ja')).toEqual(['emoji', 'japanese', 'montserrat']);
  expect(await families('', '', 'en')).toEqual([]);
  const { fonts } = await describe(
    { style: 'minimal', captionStyle: null, captions: 'a', title: '', language: 'en' },
    context,
  );
  expect(fonts).toEqual([
    {
      family: 'inter',
      package: '@fontsource-variable/inter',
      version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      licence: 'OFL-1.1',
    },
  ]);
});

test('names the software', async () => {
  const { versions } = await describe(
    { style: 'noir', captionStyle: null, captions: '', title: '', language: 'en' },
    context,
  );
  expect(Object.keys(versions)).toEqual(['aiprod', 'node', 'ffmpeg', 'node-av', 'canvas']);
  for (const version of Object.values(versions)) expect(version).toMatch(/\d+\.\d+/);
});
