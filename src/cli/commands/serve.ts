// aiprod serve: API and worker until SIGINT or SIGTERM.
import { type ExitCode, exitCodes } from '../exit-codes.ts';

export const serveOptions = { port: { type: 'string' }, data: { type: 'string' } } as const;

export async function serve(
  _: string[],
  { port, data }: { port?: string; data?: string },
): Promise<ExitCode> {
  const { runUntilSignal } = await import('../../main.ts');
  await runUntilSignal({
    ...(port !== undefined && { AIPROD_PORT: port }),
    ...(data !== undefined && { AIPROD_DATA: data }),
  });
  return exitCodes.ok;
}
