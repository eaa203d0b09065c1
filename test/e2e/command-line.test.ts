// The command as a user starts it: makes a file, cancels on Ctrl-C, goes on when the server it used goes away.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { decodeVideo } from '../support/decode-video.ts';
import { sideOf, twoColours } from '../support/user-media.ts';

let folder: string;
let script: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-cli-'));
  script = join(folder, 'script.txt');
  await writeFile(script, 'A lighthouse stands alone.\n');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const small = ['--resolution', '720p', '--fps', '24', '--no-effects'];

function aiprod(...args: string[]) {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, '../../src/cli/aiprod.ts'), ...args], {
    env: { PATH: process.env.PATH, AIPROD_DATA: join(folder, 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code: code as number, stdout, stderr }),
  );
  return { child, ended };
}

test('make saves the video, says where, and prints what was measured', async () => {
  const out = join(folder, 'made', 'video.mp4');
  const { code, stdout, stderr } = await aiprod('make', script, ...small, '--out', out).ended;
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `${out}\n` });
  expect((await stat(out)).size).toBeGreaterThan(50_000);
  expect(stderr).toMatch(/✓ +loudness/);
});

test('two at once on one data folder both make their video', async () => {
  const outs = ['a', 'b'].map((name) => join(folder, `${name}.mp4`));
  const runs = await Promise.all(outs.map((out) => aiprod('make', script, ...small, '--out', out).ended));
  for (const { code, stderr } of runs) expect(code, stderr).toBe(0);
  for (const out of outs) expect((await stat(out)).size).toBeGreaterThan(50_000);
});

test('Ctrl-C cancels the job and leaves no file', async () => {
  const { child, ended } = aiprod('make', script, ...small, '--out', join(folder, 'never.mp4'));
  child.stderr.on('data', (chunk: Buffer) => {
    if (/speaking|painting|rendering/.test(chunk.toString())) child.kill('SIGINT');
  });
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(130);
  expect(stderr).toContain('Canceled job');
  expect((await readdir(folder)).sort()).toEqual(['data', 'script.txt']);
});

test('make shows own pictures, and names the file that is none', async () => {
  const picture = join(folder, 'two halves.png');
  await writeFile(picture, twoColours(640, 360));
  await writeFile(script, 'This picture has two halves.\n\nThis one is painted.\n');
  const out = join(folder, 'video.mp4');
  const options = [...small, '--style', 'corporate', '--out', out];
  const made = await aiprod('make', script, ...options, '--media', `1=${picture}`, '--fit', 'cover').ended;
  expect(made.code, made.stderr).toBe(0);
  const sides: string[] = [];
  await decodeVideo(
    out,
    (index) => index === 30,
    (_, { u, width, height }) => {
      const chroma = u.subarray((height / 4) * (width / 2), (height / 4 + 1) * (width / 2));
      sides.push(sideOf(chroma[20]!), sideOf(chroma[width / 2 - 20]!));
    },
  );
  expect(sides).toEqual(['left', 'right']);

  const { code, stderr } = await aiprod('make', script, ...options, '--media', `2=${script}`).ended;
  expect(code, stderr).toBe(3);
  expect(stderr).toContain(`${script}: The file is neither an image nor a clip`);
  expect(stderr).toMatch(/→ Send a PNG/);
});

test('a refused option says what is allowed', async () => {
  const { code, stderr } = await aiprod('make', script, '--style', 'baroque').ended;
  expect(code).toBe(3);
  expect(stderr).toContain('/style');
  expect(stderr).toContain('cinematic');
});
