// aiprod sweep: sends jobs that nobody holds again, once. For a scheduler, where workers do not always run.
import { readConfig } from '../../config/config.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

export const sweepOptions = {} as const;

export async function sweep(args: string[]): Promise<ExitCode> {
  if (args.length > 0) throw new CommandError(exitCodes.usage, 'sweep takes nothing.', 'aiprod sweep --help');
  const { sweepOnce } = await import('../../compose/sweep-task.ts');
  const sent = await sweepOnce(readConfig());
  process.stdout.write(sent === 1 ? '1 job was sent again.\n' : `${sent} jobs were sent again.\n`);
  return exitCodes.ok;
}
