import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { placeMedia, planScenes } from './own-media.ts';

let folder: string;
let picture: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-own-media-'));
  picture = join(folder, 'a=b picture.png');
  await writeFile(picture, 'bytes');
});
afterEach(() => rm(folder, { recursive: true }));

const script = 'This is the harbour.\nIt is old.\n\n***\n \t\n  And this its keeper.\r\n\r\nGood night.\n';
const texts = ['This is the harbour.\nIt is old.', 'And this its keeper.', 'Good night.'];

describe('planScenes', () => {
  it('makes a scene of every paragraph that says something', async () => {
    expect(await planScenes(script, [])).toEqual({ texts, media: new Map() });
  });

  it('takes files and URLs, whatever signs they hold', async () => {
    const url = 'https://images.example.com/?size=1&of=2';
    const { media } = await planScenes(script, [`2=${picture}`, `3 = ${url}`]);
    expect([...media]).toEqual([
      [2, picture],
      [3, url],
    ]);
  });

  it.each([
    ['harbour.jpg', 'does not say which scene', '--media 2=harbour.jpg'],
    ['=harbour.jpg', 'does not say which scene', '--media 2=harbour.jpg'],
    ['2=', 'does not say which scene', '--media 2=harbour.jpg'],
    ['0=https://a.example/b.png', 'the script has 3 scenes', 'blank lines'],
    ['4=https://a.example/b.png', 'the script has 3 scenes', 'blank lines'],
    ['1=/nowhere/harbour.jpg', 'Cannot read the picture /nowhere/harbour.jpg (ENOENT)', 'https URL'],
  ])('refuses %s', async (value, message, hint) => {
    await expect(planScenes(script, [value])).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  it('refuses folders and two pictures for one scene', async () => {
    await mkdir(join(folder, 'album'));
    await expect(planScenes(script, [`1=${join(folder, 'album')}`])).rejects.toThrow('is not a file');
    await expect(planScenes(script, [`1=${picture}`, `1=${picture}`])).rejects.toThrow('two pictures');
  });
});

describe('placeMedia', () => {
  it('uploads each file once and puts everything into its scene', async () => {
    const url = 'https://images.example.com/keeper.png';
    const plan = await planScenes(script, [`1=${picture}`, `2=${url}`, `3=${picture}`]);
    const sent: string[] = [];
    const upload = async (path: string) => `asset-${sent.push(path)}`;
    expect(await placeMedia(plan, 'contain', upload)).toEqual([
      { text: texts[0], media: { asset_id: 'asset-1', fit: 'contain' } },
      { text: texts[1], media: { url, fit: 'contain' } },
      { text: texts[2], media: { asset_id: 'asset-1', fit: 'contain' } },
    ]);
    expect(sent).toEqual([picture]);
  });

  it('leaves how it is shown to the API, and other scenes to the painter', async () => {
    const plan = await planScenes(script, [`2=${picture}`]);
    expect(await placeMedia(plan, undefined, async () => 'id')).toEqual([
      { text: texts[0] },
      { text: texts[1], media: { asset_id: 'id' } },
      { text: texts[2] },
    ]);
  });
});
