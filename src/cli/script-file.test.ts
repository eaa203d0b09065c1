import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { prepareOutput, readScript } from './script-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-files-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('prepareOutput', () => {
  it('names the video after its script when it is given a folder', async () => {
    await mkdir(join(folder, 'there'));
    expect(await prepareOutput(join(folder, 'there'), 'a/story.md')).toBe(join(folder, 'there', 'story.mp4'));
    expect(await prepareOutput(`${join(folder, 'new')}/`, 'story.md')).toBe(join(folder, 'new', 'story.mp4'));
    expect(await prepareOutput(`${folder}/`, '-')).toBe(join(folder, 'video.mp4'));
  });

  it('takes a file as it is and makes its folder', async () => {
    expect(await prepareOutput(join(folder, 'x', 'my.mov'), 'story.txt')).toBe(join(folder, 'x', 'my.mov'));
    expect((await stat(join(folder, 'x'))).isDirectory()).toBe(true);
  });
});

describe('readScript', () => {
  it('reads UTF-8 without its byte order mark', async () => {
    const path = join(folder, 'script.txt');
    await writeFile(path, '\ufeffÀ la mer 🌊');
    expect(await readScript(path)).toBe('À la mer 🌊');
  });
});
