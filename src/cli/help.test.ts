import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import {
  aspectRatios,
  captionStyles,
  frameRates,
  moods,
  resolutions,
  styles,
} from '../domain/video-request.ts';
import { auditOptions } from './commands/audit.ts';
import { contactSheetOptions } from './commands/contact-sheet.ts';
import { dbOptions } from './commands/db.ts';
import { doctorOptions } from './commands/doctor.ts';
import { encryptionOptions } from './commands/encryption.ts';
import { explainOptions } from './commands/explain.ts';
import { gcpOptions } from './commands/gcp.ts';
import { keysOptions } from './commands/keys.ts';
import { makeOptions } from './commands/make.ts';
import { serveOptions } from './commands/serve.ts';
import { smokeOptions } from './commands/smoke.ts';
import { storyboardOptions } from './commands/storyboard.ts';
import { sweepOptions } from './commands/sweep.ts';
import { usersOptions } from './commands/users.ts';
import { watchOptions } from './commands/watch.ts';
import { exitCodes } from './exit-codes.ts';
import { commandHelp, overview } from './help.ts';

const options = {
  make: makeOptions,
  serve: serveOptions,
  watch: watchOptions,
  explain: explainOptions,
  storyboard: storyboardOptions,
  db: dbOptions,
  encryption: encryptionOptions,
  audit: auditOptions,
  keys: keysOptions,
  users: usersOptions,
  sweep: sweepOptions,
  doctor: doctorOptions,
  smoke: smokeOptions,
  'contact-sheet': contactSheetOptions,
  gcp: gcpOptions,
};
const namesIn = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*/g) ?? [])].sort();
const namesOf = (command: keyof typeof options) =>
  Object.keys(options[command])
    .map((name) => `--${name}`)
    .sort();
const commands = Object.keys(options) as (keyof typeof options)[];

describe('help', () => {
  it('names every command', () => {
    expect([...overview.matchAll(/^ {2}aiprod ([a-z-]+)/gm)].map(([, name]) => name)).toEqual(commands);
  });

  it.each(commands)('lists exactly the options of %s', (command) => {
    expect(namesIn(commandHelp[command])).toEqual(namesOf(command));
  });

  it('lists the values that the API takes', () => {
    for (const values of [styles, moods, aspectRatios, resolutions, frameRates, captionStyles]) {
      expect(commandHelp.make).toContain(`  ${values.join(', ')}\n`);
    }
  });
});

describe('docs/cli.md', async () => {
  const page = await readFile(new URL('../../docs/cli.md', import.meta.url), 'utf8');
  const section = (command: string) =>
    page.split(/^## /m).find((part) => part.startsWith(`aiprod ${command}`)) ?? '';

  it.each(commands)('describes exactly the options of %s', (command) => {
    expect(namesIn(section(command))).toEqual(namesOf(command));
  });

  it('describes exactly the exit codes', () => {
    const described = [...page.matchAll(/^\| `(\d+)` \|/gm)].map(([, code]) => Number(code));
    expect(described).toEqual(Object.values(exitCodes));
  });
});
