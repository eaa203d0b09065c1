// aiprod serve: API and worker until SIGINT or SIGTERM.
import { CommandError, type ExitCode, exitCodes, refuseArguments } from '../exit-codes.ts';

export const serveOptions = { port: { type: 'string' }, data: { type: 'string' } } as const;

export async function serve(
  args: string[],
  { port, data }: { port?: string; data?: string },
): Promise<ExitCode> {
  refuseArguments('serve', args);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65_535)) {
    throw new CommandError(
      exitCodes.usage,
      `"${port}" is not a port.`,
      'Give a number from 0 to 65535; 0 = any free port.',
    );
  }
  const { runUntilSignal } = await import('../../main.ts');
  await runUntilSignal({
    ...(port !== undefined && { AIPROD_PORT: port }),
    ...(data !== undefined && { AIPROD_DATA: data }),
  });
  return exitCodes.ok;
}
