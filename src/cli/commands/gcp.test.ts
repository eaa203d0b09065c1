import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { captureOutput } from '../../../test/support/captured-output.ts';
import { runCommandLine } from '../aiprod.ts';
import { planSetup, printPlan, type SetupPlan, type SetupWishes } from './gcp-setup-plan.ts';

const pulled: SetupWishes = {
  project: 'my-project',
  region: 'europe-west1',
  pushUrl: undefined,
  runService: undefined,
  bucket: undefined,
};
const everything: SetupWishes = {
  ...pulled,
  pushUrl: 'https://worker.example.run.app',
  runService: 'worker',
  bucket: 'my-bucket',
};

const commandsOf = ({ projectNumber, steps }: SetupPlan): string[][] => [
  projectNumber,
  ...steps.flatMap((step) =>
    'run' in step
      ? [step.run]
      : [step.exists, step.create, ...(step.update === undefined ? [] : [step.update])],
  ),
];
const linesOf = (wishes: SetupWishes) => commandsOf(planSetup(wishes)).map((args) => args.join(' '));

function findGcloud(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'gcloud'))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

let folder: string;
let printed: ReturnType<typeof captureOutput>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aiprod-gcp-'));
  printed = captureOutput();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

describe('the plan', () => {
  it('delivers with a deadline, pauses and a way out for what cannot be delivered', () => {
    const [create] = linesOf(pulled).filter((line) => line.includes('subscriptions create aiprod-worker'));
    for (const flag of [
      '--topic=aiprod-jobs',
      '--ack-deadline=600',
      '--expiration-period=never',
      '--message-retention-duration=7d',
      '--min-retry-delay=10s',
      '--max-retry-delay=600s',
      '--dead-letter-topic=aiprod-dead-letters',
      '--max-delivery-attempts=100',
    ]) {
      expect(create).toContain(` ${flag}`);
    }
  });

  it('pulls by default, and goes back to that', () => {
    const lines = linesOf(pulled).join('\n');
    expect(lines).not.toContain('--push-endpoint=http');
    expect(lines).toMatch(/subscriptions update aiprod-worker .*--push-endpoint=$/m);
    expect(planSetup(pulled).settings).toEqual({
      AIPROD_QUEUE: 'pubsub',
      AIPROD_PUBSUB_PROJECT: 'my-project',
    });
  });

  it('pushes with a token for the audience and account that the worker is told', () => {
    const { settings } = planSetup(everything);
    expect(settings).toMatchObject({
      AIPROD_PUSH_AUDIENCE: 'https://worker.example.run.app/process-job',
      AIPROD_PUSH_ACCOUNT: 'aiprod-push@my-project.iam.gserviceaccount.com',
    });
    for (const verb of ['create', 'update']) {
      const [line] = linesOf(everything).filter((each) =>
        each.includes(`subscriptions ${verb} aiprod-worker`),
      );
      expect(line).toContain(`--push-endpoint=${settings.AIPROD_PUSH_AUDIENCE}`);
      expect(line).toContain(`--push-auth-token-audience=${settings.AIPROD_PUSH_AUDIENCE}`);
      expect(line).toContain(`--push-auth-service-account=${settings.AIPROD_PUSH_ACCOUNT}`);
    }
  });

  it("gives Pub/Sub's own account what dead letters take", () => {
    const agent = 'service-$PROJECT_NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com';
    const granted = linesOf(pulled).filter((line) => line.includes(agent));
    expect(granted).toEqual([
      expect.stringMatching(/topics add-iam-policy-binding aiprod-dead-letters .*roles\/pubsub\.publisher$/),
      expect.stringMatching(
        /subscriptions add-iam-policy-binding aiprod-worker .*roles\/pubsub\.subscriber$/,
      ),
    ]);
  });

  it('is printed as a script that bash can read', async () => {
    const script = join(folder, 'setup.sh');
    await writeFile(script, printPlan(planSetup(everything)));
    await promisify(execFile)('bash', ['-n', script]);
  });
});

const gcloud = findGcloud();
if (gcloud === undefined) {
  it.skip('NOT RUN: gcloud is not on PATH, so its parser was not asked about the commands');
} else {
  it("is understood by gcloud's own parser, command by command", async () => {
    const wrong = 'gcloud pubsub topics create aiprod-jobs --retention=7d';
    const commands = [everything, pulled]
      .flatMap((wishes) => commandsOf(planSetup(wishes)))
      .map((args) => ['gcloud', ...args].map((arg) => `'${arg}'`).join(' '));
    const file = join(folder, 'commands.json');
    await writeFile(
      file,
      JSON.stringify([...new Set(commands), wrong].map((command_string) => ({ command_string }))),
    );
    const { stdout } = await promisify(execFile)(
      gcloud,
      ['meta', 'lint-gcloud-commands', `--commands-file=${file}`],
      {
        maxBuffer: 2 ** 26,
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          CLOUDSDK_CONFIG: folder,
          CLOUDSDK_CORE_CHECK_GCE_METADATA: '0',
        },
      },
    );
    const verdicts = JSON.parse(stdout) as {
      success: boolean;
      command_string: string;
      error_message: string;
    }[];
    expect(verdicts.length).toBeGreaterThan(30);
    expect(verdicts.filter(({ success }) => !success).map(({ command_string }) => command_string)).toEqual([
      wrong,
    ]);
  });
}

describe('aiprod gcp setup', () => {
  it('prints by default and runs nothing', async () => {
    vi.stubEnv('PATH', folder);
    expect(await runCommandLine(['gcp', 'setup', '--project', 'my-project'])).toBe(0);
    expect(printed.out).toBe(printPlan(planSetup({ ...pulled, region: 'us-central1' })));
    expect(printed.err).toBe('');
  });

  /** A gcloud that writes down how it was called; `describe` succeeds for what is in `existing`. */
  async function fakeGcloud(existing: string[], failing = 'nothing'): Promise<() => Promise<string[]>> {
    const log = join(folder, 'log');
    const patterns = [...existing, 'projects describe']
      .map((each) => `*"${each}"*) `)
      .join('|')
      .replaceAll(') |', '|');
    const script = `#!/bin/bash
echo "$*" >> '${log}'
case "$*" in
  *"projects describe"*) echo 123 ;;
  *"${failing}"*) echo 'ERROR: (gcloud) not permitted' >&2; exit 1 ;;
  ${patterns}exit 0 ;;
  *describe*) exit 1 ;;
esac
`;
    await writeFile(join(folder, 'gcloud'), script);
    await chmod(join(folder, 'gcloud'), 0o755);
    vi.stubEnv('PATH', `${folder}${delimiter}/bin${delimiter}/usr/bin`);
    return async () => (await readFile(log, 'utf8')).trim().split('\n');
  }

  it('with --apply makes what is missing and brings what exists to the same settings', async () => {
    const calls = await fakeGcloud(['describe aiprod-worker', 'topics describe aiprod-jobs']);
    expect(await runCommandLine(['gcp', 'setup', '--project', 'my-project', '--apply'])).toBe(0);
    const said = (await calls()).join('\n');
    expect(said).toContain('subscriptions update aiprod-worker');
    expect(said).not.toContain('subscriptions create aiprod-worker');
    expect(said).not.toContain('topics create aiprod-jobs');
    expect(said).toContain('topics create aiprod-dead-letters');
    expect(said).toContain('serviceAccount:service-123@gcp-sa-pubsub.iam.gserviceaccount.com');
    expect(said).not.toContain('PROJECT_NUMBER');
    expect(printed.out).toBe('AIPROD_QUEUE=pubsub\nAIPROD_PUBSUB_PROJECT=my-project\n');
  });

  it('stops with what gcloud says when a command fails', async () => {
    const calls = await fakeGcloud([], 'topics create');
    expect(await runCommandLine(['gcp', 'setup', '--project', 'my-project', '--apply'])).toBe(4);
    expect(printed.err).toMatch(
      /gcloud pubsub topics create aiprod-jobs failed: ERROR: \(gcloud\) not permitted\n→ /,
    );
    expect((await calls()).at(-1)).toContain('topics create aiprod-jobs');
  });

  it('says so where there is no gcloud', async () => {
    vi.stubEnv('PATH', folder);
    expect(await runCommandLine(['gcp', 'setup', '--project', 'my-project', '--apply'])).toBe(4);
    expect(printed.err).toContain('gcloud is not installed here.\n→ Leave out --apply');
  });

  it.each([
    [['gcp'], 'setup'],
    [['gcp', 'teardown', '--project', 'my-project'], 'setup'],
    [['gcp', 'setup'], '--project'],
    [['gcp', 'setup', '--project', '--apply'], '--project'],
    [['gcp', 'setup', '--project', 'My Project; rm -rf'], '--project'],
    [['gcp', 'setup', '--project', 'my-project', '--push-url', 'http://a'], '--push-url'],
    [['gcp', 'setup', '--project', 'my-project', '--push-url', 'https://a/b?c'], '--push-url'],
    [['gcp', 'setup', '--project', 'my-project', '--bucket', 'gs://b'], '--bucket'],
    [['gcp', 'setup', '--project', 'my-project', '--region', 'EU'], '--region'],
    [['gcp', 'setup', '--project', 'my-project', '--run-service', 'w'], '--push-url'],
  ])('refuses %j', async (args, named) => {
    expect(await runCommandLine(args)).toBe(2);
    expect(printed.err).toContain(named);
    expect(printed.out).toBe('');
  });
});
