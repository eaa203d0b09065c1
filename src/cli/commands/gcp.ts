// aiprod gcp setup: makes in a Google Cloud project what AIPROD needs there, or prints the commands that would.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import { planSetup, printPlan, projectNumberToken, type SetupPlan } from './gcp-setup-plan.ts';

export const gcpOptions = {
  project: { type: 'string' },
  region: { type: 'string' },
  'push-url': { type: 'string' },
  'run-service': { type: 'string' },
  bucket: { type: 'string' },
  apply: { type: 'boolean' },
} as const;

interface GcpValues {
  project?: string;
  region?: string;
  'push-url'?: string;
  'run-service'?: string;
  bucket?: string;
  apply?: boolean;
}

/** What each option may be; gcloud is given nothing else. */
const shapes: Record<string, [RegExp, string]> = {
  project: [/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the id of a project, such as my-project'],
  region: [/^[a-z]+-[a-z]+\d+$/, 'a region, such as europe-west1'],
  'push-url': [
    /^https:\/\/[\w.-]+(:\d+)?(\/process-job|\/)?$/,
    'the https address of the worker, without a path',
  ],
  'run-service': [/^[a-z][a-z0-9-]{0,48}$/, 'the name of a Cloud Run service'],
  bucket: [/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, 'the name of a bucket, without gs://'],
};

export async function gcp(args: string[], values: GcpValues): Promise<ExitCode> {
  if (args.join(' ') !== 'setup') {
    throw new CommandError(exitCodes.usage, 'gcp takes one word: setup.', 'aiprod gcp --help');
  }
  const plan = planSetup(wishesOf(values));
  if (values.apply !== true) {
    process.stdout.write(printPlan(plan));
    return exitCodes.ok;
  }
  await apply(plan);
  for (const [name, value] of Object.entries(plan.settings)) process.stdout.write(`${name}=${value}\n`);
  return exitCodes.ok;
}

function wishesOf(values: GcpValues) {
  for (const [name, [shape, what]] of Object.entries(shapes)) {
    const value = values[name as keyof GcpValues];
    if (value === undefined || shape.test(`${value}`)) continue;
    throw new CommandError(exitCodes.usage, `--${name} is "${value}".`, `Give ${what}.`);
  }
  const { project, region = 'us-central1', bucket, 'push-url': pushUrl, 'run-service': runService } = values;
  if (project === undefined) {
    throw new CommandError(
      exitCodes.usage,
      'gcp setup needs --project.',
      'Give the id of a Google Cloud project.',
    );
  }
  if (runService !== undefined && pushUrl === undefined) {
    throw new CommandError(
      exitCodes.usage,
      '--run-service needs --push-url.',
      'Give the address of the service too.',
    );
  }
  return { project, region, bucket, pushUrl, runService };
}

async function apply({ projectNumber, steps }: SetupPlan): Promise<void> {
  const number = (await gcloud(projectNumber)).trim();
  const run = (args: string[]) => gcloud(args.map((arg) => arg.replaceAll(projectNumberToken, number)));
  for (const step of steps) {
    process.stderr.write(`${step.what}\n`);
    if ('run' in step) await run(step.run);
    else if (!(await succeeds(step.exists))) await run(step.create);
    else if (step.update !== undefined) await run(step.update);
  }
}

async function succeeds(args: string[]): Promise<boolean> {
  try {
    await gcloud(args);
    return true;
  } catch {
    return false;
  }
}

async function gcloud(args: string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('gcloud', [...args, '--quiet'], { timeout: 300_000 });
    return stdout;
  } catch (error) {
    const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
    if (code === 'ENOENT') {
      throw new CommandError(
        exitCodes.machine,
        'gcloud is not installed here.',
        'Leave out --apply to print the commands, and run them where it is.',
      );
    }
    throw new CommandError(
      exitCodes.machine,
      `gcloud ${args.slice(0, 4).join(' ')} failed: ${stderr.trim().slice(-1_000)}`,
      'Correct what it says, then run the same command again: what was made stays.',
    );
  }
}
