// aiprod explain: why each step of a job ran or was reused.
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { clientAndJob } from './watch.ts';

export const explainOptions = { server: { type: 'string' } } as const;

export async function explain(args: string[], { server }: { server?: string }): Promise<ExitCode> {
  const { client, jobId } = await clientAndJob('explain', args, server);
  const steps = await client.steps(jobId);
  const width = Math.max(4, ...steps.map(({ step_id: id }) => id.length));
  for (const { step_id: id, explanation } of steps)
    process.stdout.write(`${id.padEnd(width)}  ${explanation}\n`);
  if (steps.length === 0) process.stdout.write('No step of this job has finished yet.\n');
  return exitCodes.ok;
}
