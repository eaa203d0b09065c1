// aiprod storyboard: prints the scenes of a job as JSON, or sends them back edited.
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readJson } from '../script-file.ts';
import { clientAndJob } from './watch.ts';

export const storyboardOptions = { edit: { type: 'string' }, server: { type: 'string' } } as const;

export async function storyboard(
  args: string[],
  { edit, server }: { edit?: string; server?: string },
): Promise<ExitCode> {
  const { client, jobId } = await clientAndJob('storyboard', args, server);
  if (edit === undefined) {
    process.stdout.write(`${JSON.stringify(await client.storyboard(jobId), null, 2)}\n`);
    return exitCodes.ok;
  }
  const { status, revision } = await client.editStoryboard(jobId, await readJson(edit));
  process.stdout.write(`revision ${revision}, ${status}\n`);
  if (status === 'pending') process.stderr.write(`→ aiprod watch ${jobId} follows it.\n`);
  return exitCodes.ok;
}
