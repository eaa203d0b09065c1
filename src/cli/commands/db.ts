// aiprod db: backs the database up, restores it, and migrates it apart from a start.
import { resolve } from 'node:path';

import { type Config, readConfig } from '../../config/config.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

export const dbOptions = { replace: { type: 'boolean' } } as const;

interface DbValues {
  replace?: boolean;
}

export async function db([task, ...args]: string[], { replace = false }: DbValues): Promise<ExitCode> {
  if (replace && task !== 'restore') {
    throw new CommandError(exitCodes.usage, '--replace is for restore.', 'aiprod db --help');
  }
  switch (task) {
    case 'backup':
      await backup(fileOf(task, args), readConfig());
      return exitCodes.ok;
    case 'restore':
      await restore(fileOf(task, args), replace, readConfig());
      return exitCodes.ok;
    case 'migrate':
      if (args.length > 0)
        throw new CommandError(exitCodes.usage, 'migrate takes no argument.', 'aiprod db --help');
      await (await tasks()).migrateDatabase(readConfig());
      process.stdout.write('The schema is up to date.\n');
      return exitCodes.ok;
    default:
      throw new CommandError(exitCodes.usage, 'db takes backup, restore or migrate.', 'aiprod db --help');
  }
}

/** Loaded only here: help and wrong options answer at once. */
const tasks = () => import('../../compose/database-tasks.ts');

function fileOf(task: string, args: string[]): string {
  const [file] = args;
  if (args.length === 1 && file !== '') return resolve(file!);
  throw new CommandError(exitCodes.usage, `${task} takes one file.`, `aiprod db ${task} aiprod.backup`);
}

async function backup(file: string, config: Config): Promise<void> {
  const { bytes, jobs, receipts, schema } = await (await tasks()).backUpDatabase(config, file);
  const size = (bytes / 1e6).toFixed(1);
  process.stdout.write(
    `${file}: ${jobs} jobs, ${receipts} receipts, schema ${schema}, ${size} MB\n` +
      `Bytes of pictures, sounds and videos are not in it: ${bytesOf(config)}\n`,
  );
}

async function restore(file: string, replace: boolean, config: Config): Promise<void> {
  const { jobs, receipts, schema } = await (await tasks()).restoreDatabase(config, file, replace);
  process.stdout.write(
    `Restored ${jobs} jobs and ${receipts} receipts; the schema is version ${schema}.\n` +
      `Bytes come from their own backup: ${bytesOf(config)}\n`,
  );
}

function bytesOf({ blobs, dataFolder }: Config): string {
  if (blobs.kind === 'gcs')
    return `the bucket ${blobs.bucketName} has its own (docs/operations/postgresql.md).`;
  return `copy the folder ${resolve(dataFolder, 'blobs')} after the database.`;
}
