import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { captureOutput } from '../../test/support/captured-output.ts';
import { runCommandLine } from './aiprod.ts';
import { commandHelp, overview } from './help.ts';

let folder: string;
let printed: ReturnType<typeof captureOutput>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-cli-'));
  vi.stubEnv('AIPROD_DATA', folder);
  printed = captureOutput();
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const fileWith = async (content: string | Uint8Array) => {
  const path = join(folder, 'script.txt');
  await writeFile(path, content);
  return path;
};

describe('aiprod', () => {
  it('shows its commands, and each command its options', async () => {
    for (const args of [['help'], ['--help'], ['-h']]) {
      printed.out = '';
      expect(await runCommandLine(args)).toBe(0);
      expect(printed.out).toBe(overview);
    }
    for (const [name, text] of Object.entries(commandHelp)) {
      for (const args of [
        [name, '--help'],
        [name, '-h'],
        ['help', name],
      ]) {
        printed.out = '';
        expect(await runCommandLine(args)).toBe(0);
        expect(printed.out).toBe(text);
      }
    }
    expect(printed.err).toBe('');
  });

  it('says which version it is', async () => {
    expect(await runCommandLine(['--version'])).toBe(0);
    expect(printed.out).toMatch(/^aiprod \d+\.\d+\.\d+\n$/);
  });

  it('goes on quietly when nobody reads its output any more', async () => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'aiprod.ts'), 'doctor'], {
      env: { PATH: process.env.PATH, AIPROD_DATA: folder, AIPROD_PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.destroy();
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    expect(said).not.toContain('EPIPE');
    expect([0, 4]).toContain(code);
  });

  it.each([
    ['[]', 'ok', /incidents\.json: 0, of which 0 not resolved/],
    ['[{"title": "x"}]', 'wrong', /0\.impact: must be one of: maintenance/],
  ])('lets the doctor look at the file of incidents: %s', async (written, status, detail) => {
    await writeFile(join(folder, 'incidents.json'), written);
    const child = spawn(process.execPath, [join(import.meta.dirname, 'aiprod.ts'), 'doctor', '--json'], {
      env: { PATH: process.env.PATH, AIPROD_DATA: folder, AIPROD_PORT: '0' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const { findings } = JSON.parse(await text(child.stdout));
    expect(findings).toContainEqual(
      expect.objectContaining({ name: 'Incidents', status, detail: expect.stringMatching(detail) }),
    );
  });

  it('shows its commands and fails when it is given none', async () => {
    expect(await runCommandLine([])).toBe(2);
    expect(printed.out).toBe(overview);
  });

  it.each([
    ['an unknown command', ['render'], 'There is no command "render".', 'aiprod help'],
    ['a name of every object', ['constructor'], 'There is no command "constructor".', 'aiprod help'],
    ['help on an unknown command', ['help', 'render'], 'There is no command "render".', 'aiprod help'],
    [
      'an unknown option',
      ['make', 'a.txt', '--colour', 'red'],
      "Unknown option '--colour'.\n→",
      'aiprod make --help',
    ],
    ['an option without its value', ['make', 'a.txt', '--style'], '--style', 'aiprod make --help'],
    ['a switch with a value', ['make', 'a.txt', '--strict=yes'], '--strict', 'aiprod make --help'],
    ['make without a script', ['make'], 'one script file', 'aiprod make --help'],
    ['make with two scripts', ['make', 'a.txt', 'b.txt'], 'one script file', 'aiprod make --help'],
    ['a script that is not there', ['make', '/nowhere/a.txt'], 'Cannot read the script', 'text file'],
    ['watch without a job', ['watch'], 'one job id', 'aiprod watch --help'],
    ['explain with two jobs', ['explain', 'a', 'b'], 'one job id', 'aiprod explain --help'],
    ['serve with an argument', ['serve', 'now'], 'no argument', 'aiprod serve --help'],
    ['serve on no port', ['serve', '--port', '70000'], '"70000" is not a port', '0 to 65535'],
    ['doctor with an argument', ['doctor', 'please'], 'no argument', 'aiprod doctor --help'],
    ['db without a task', ['db'], 'backup, restore or migrate', 'aiprod db --help'],
    ['db backup without a file', ['db', 'backup'], 'one file', 'aiprod db backup'],
    ['db restore of two files', ['db', 'restore', 'a', 'b'], 'one file', 'aiprod db restore'],
    ['db backup over something', ['db', 'backup', 'a', '--replace'], 'for restore', 'aiprod db --help'],
    ['a server that is no address', ['watch', 'j', '--server', 'localhost'], 'not the address', 'http://'],
  ])('refuses %s with exit code 2 and advice', async (_, args, message, advice) => {
    expect(await runCommandLine(args)).toBe(2);
    expect(printed.err).toContain(message);
    expect(printed.err).toMatch(/\n→ .+\n$/);
    expect(printed.err.slice(printed.err.lastIndexOf('→'))).toContain(advice);
    expect(printed.out).toBe('');
  });

  it('refuses pictures that fit nowhere with exit code 2 and advice', async () => {
    const script = await fileWith('One.\n\nTwo.');
    expect(await runCommandLine(['make', script, '--media', '3=https://a.example/b.png'])).toBe(2);
    expect(printed.err).toMatch(/the script has 2 scenes\.\n→ .*blank lines/);
    expect(await runCommandLine(['make', script, '--fit', 'cover'])).toBe(2);
    expect(printed.err).toContain('--fit says how --media is shown');
  });

  it('refuses a script that is not text with exit code 3', async () => {
    expect(await runCommandLine(['make', await fileWith(Uint8Array.of(0xff, 0xd8, 0xff))])).toBe(3);
    expect(printed.err).toContain('not UTF-8 text');
  });

  it.each([
    ['no server runs', ['watch', 'job'], 'aiprod serve'],
    ['the server does not answer', ['explain', 'job', '--server', 'http://127.0.0.1:1'], 'aiprod serve'],
  ])('ends with exit code 4 when %s', async (_, args, advice) => {
    expect(await runCommandLine(args)).toBe(4);
    expect(printed.err).toContain(advice);
  });

  it('ends with exit code 4 before any work when the video could not be saved', async () => {
    const script = await fileWith('Hello.');
    expect(await runCommandLine(['make', script, '--out', join(script, 'video.mp4')])).toBe(4);
    expect(printed.err).toContain('--out');
  });

  it('ends with exit code 4 when the environment is wrong', async () => {
    vi.stubEnv('AIPROD_PORT', 'none');
    expect(await runCommandLine(['watch', 'job'])).toBe(4);
    expect(printed.err).toContain('AIPROD_PORT');
  });
});
