// aiprod users: exports or erases a user, and lets one that was erased begin anew.
import { resolve } from 'node:path';

import { readConfig } from '../../config/config.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

export const usersOptions = { yes: { type: 'boolean' } } as const;

export async function users(
  [task, ...args]: string[],
  { yes = false }: { yes?: boolean },
): Promise<ExitCode> {
  const [user, file] = args;
  if (task === 'export') {
    if (yes) throw wrong('--yes is for erase.');
    if (args.length !== 2 || user === '' || file === '') throw wrong('export takes a user and a file.');
    const { exportUser } = await import('../../compose/export-tasks.ts');
    const bytes = await exportUser(readConfig(), user!, resolve(file!));
    process.stdout.write(
      `${file}: ${(bytes / 1e6).toFixed(1)} MB. missing.json in it names bytes that are gone.\n`,
    );
    return exitCodes.ok;
  }
  if (args.length !== 1 || user === '' || (task !== 'erase' && task !== 'readmit'))
    throw wrong('users takes export USER FILE, erase USER or readmit USER.');
  if (task === 'readmit') {
    if (yes) throw wrong('--yes is for erase.');
    await (await tasks()).readmitUser(readConfig(), user!);
    process.stdout.write('The user may begin anew, with nothing.\n');
    return exitCodes.ok;
  }
  if (!yes) {
    throw new CommandError(
      exitCodes.usage,
      'Erasing cannot be undone: every job, file, upload, key and webhook of the user goes.',
      'Say that you mean it: --yes.',
    );
  }
  await (await tasks()).eraseUser(readConfig(), user!);
  process.stdout.write(
    'Erased. In a quarter of an hour a running worker looks once more for what was under way.\n',
  );
  return exitCodes.ok;
}

/** Loaded only here: help and wrong options answer at once. */
const tasks = () => import('../../compose/erasure-tasks.ts');

function wrong(message: string): CommandError {
  return new CommandError(exitCodes.usage, message, 'aiprod users --help');
}
