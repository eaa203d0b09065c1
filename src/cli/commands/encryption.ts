// aiprod encryption rotate: wraps data keys under the present key-encryption key, and begins new ones.
import { readConfig } from '../../config/config.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

export const encryptionOptions = { 'data-keys': { type: 'boolean' } } as const;

export async function encryption(
  args: string[],
  { 'data-keys': dataKeys = false }: { 'data-keys'?: boolean },
): Promise<ExitCode> {
  if (args.length !== 1 || args[0] !== 'rotate') {
    throw new CommandError(exitCodes.usage, 'encryption takes rotate.', 'aiprod encryption --help');
  }
  // Loaded only here: help and wrong options answer at once.
  const { rotateKeys } = await import('../../compose/encryption-tasks.ts');
  const { rewrapped, renewed } = await rotateKeys(readConfig(), { dataKeys });
  process.stdout.write(`${rewrapped} data keys were wrapped anew.\n`);
  if (dataKeys) process.stdout.write(`${renewed} users have a new data key for new data.\n`);
  return exitCodes.ok;
}
