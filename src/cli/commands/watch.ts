// aiprod watch: follows a job that runs elsewhere; leaving it does not stop the job.

import { findRunningServer } from '../../compose/running-server.ts';
import { readConfig } from '../../config/config.ts';
import { createApiClient } from '../api-client.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import { catchInterrupts } from '../interrupts.ts';
import { createProgressBar } from '../progress-bar.ts';
import { formatReport } from '../report-table.ts';

export const watchOptions = { server: { type: 'string' } } as const;

export async function watch(args: string[], { server }: { server?: string }): Promise<ExitCode> {
  const { client, jobId } = await clientAndJob('watch', args, server);
  const bar = createProgressBar(process.stderr);
  using interrupts = catchInterrupts();
  try {
    const job = await client.follow(jobId, bar.update, interrupts.signal);
    bar.end();
    process.stdout.write(`${job.status}\n`);
    if (job.status === 'failed') {
      throw new CommandError(exitCodes.failed, job.error?.detail ?? 'The job failed.', job.error?.hint);
    }
    if (job.status === 'completed') process.stderr.write(`${formatReport(job)}\n`);
    return job.status === 'canceled' ? exitCodes.failed : exitCodes.ok;
  } catch (error) {
    bar.end();
    if (!interrupts.signal.aborted) throw error;
    process.stderr.write('The job goes on without being watched.\n');
    return exitCodes.interrupted;
  }
}

/** For commands that look at one job of a server that must already run. */
export async function clientAndJob(command: string, [jobId, ...rest]: string[], server: string | undefined) {
  if (jobId === undefined || rest.length > 0) {
    throw new CommandError(exitCodes.usage, `${command} takes one job id.`, `aiprod ${command} --help`);
  }
  const { dataFolder, auth } = readConfig();
  const url = server ?? (await findRunningServer(dataFolder));
  if (url === undefined) {
    throw new CommandError(
      exitCodes.machine,
      `No server runs on ${dataFolder}.`,
      'Start it with: aiprod serve — or name one with --server URL.',
    );
  }
  return { client: createApiClient(url, { apiKey: auth.apiKey }), jobId };
}
