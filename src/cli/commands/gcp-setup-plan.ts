// What aiprod needs in a Google Cloud project, as gcloud commands that can be repeated. Pure: it runs nothing.
import { queueNames } from '../../config/queue.ts';

export interface SetupWishes {
  project: string;
  /** Of the bucket and the Cloud Run service. */
  region: string;
  /** Where the worker takes pushes; undefined = workers pull. */
  pushUrl: string | undefined;
  /** Name of the Cloud Run service that takes them, to let the push account in. */
  runService: string | undefined;
  bucket: string | undefined;
}

/** Arguments of gcloud. `$PROJECT_NUMBER` in one stands for the project's number. */
type GcloudArguments = string[];

/** `create` unless `exists` succeeds, then `update`, if there is something that may differ. */
export type SetupStep = { what: string } & (
  | { run: GcloudArguments }
  | { exists: GcloudArguments; create: GcloudArguments; update?: GcloudArguments }
);

export interface SetupPlan {
  /** Prints the project's number. */
  projectNumber: GcloudArguments;
  steps: SetupStep[];
  /** What the processes are to be told. */
  settings: Record<string, string>;
}

export const projectNumberToken = '$PROJECT_NUMBER';

const deadLetterTopic = 'aiprod-dead-letters';
const accounts = { api: 'aiprod-api', worker: 'aiprod-worker', push: 'aiprod-push' };
/** Pub/Sub's own, which moves dead letters and signs tokens. */
const serviceAgent = `serviceAccount:service-${projectNumberToken}@gcp-sa-pubsub.iam.gserviceaccount.com`;

export function planSetup({ project, region, pushUrl, runService, bucket }: SetupWishes): SetupPlan {
  const { topic, subscription, deadLetterSubscription } = queueNames;
  const inProject = `--project=${project}`;
  const emailOf = (account: string) => `${account}@${project}.iam.gserviceaccount.com`;
  const memberOf = (account: string) => `serviceAccount:${emailOf(account)}`;
  const wanted = pushUrl === undefined ? [accounts.api, accounts.worker] : Object.values(accounts);

  const pubsub = (noun: 'topics' | 'subscriptions', verb: string, name: string, ...flags: string[]) => [
    'pubsub',
    noun,
    verb,
    name,
    inProject,
    ...flags,
  ];
  const grant = (what: string, on: GcloudArguments, member: string, role: string): SetupStep => ({
    what,
    run: [...on, `--member=${member}`, `--role=${role}`],
  });
  const onTopic = (name: string) => pubsub('topics', 'add-iam-policy-binding', name);
  const onSubscription = (name: string) => pubsub('subscriptions', 'add-iam-policy-binding', name);
  const onAccount = (account: string) => [
    'iam',
    'service-accounts',
    'add-iam-policy-binding',
    emailOf(account),
    inProject,
  ];
  const make = (what: string, noun: 'topics' | 'subscriptions', name: string): SetupStep => ({
    what,
    exists: pubsub(noun, 'describe', name),
    create: pubsub(noun, 'create', name),
  });

  const delivery = [
    '--ack-deadline=600',
    '--expiration-period=never',
    '--message-retention-duration=7d',
    '--min-retry-delay=10s',
    '--max-retry-delay=600s',
    `--dead-letter-topic=${deadLetterTopic}`,
    '--max-delivery-attempts=100',
  ];
  const push = pushUrl === undefined ? [] : pushFlags(pushUrl, emailOf(accounts.push));
  const kept = ['--ack-deadline=600', '--expiration-period=never', '--message-retention-duration=31d'];

  const steps: SetupStep[] = [
    {
      what: 'The services that are used',
      run: [
        'services',
        'enable',
        'pubsub.googleapis.com',
        'storage.googleapis.com',
        'iam.googleapis.com',
        'iamcredentials.googleapis.com',
        inProject,
      ],
    },
    ...wanted.map(
      (account): SetupStep => ({
        what: `The service account ${account}`,
        exists: ['iam', 'service-accounts', 'describe', emailOf(account), inProject],
        create: ['iam', 'service-accounts', 'create', account, inProject, `--display-name=${account}`],
      }),
    ),
    make('The topic of jobs', 'topics', topic),
    make('The topic of messages that were given up', 'topics', deadLetterTopic),
    {
      what: 'The subscription of workers',
      exists: pubsub('subscriptions', 'describe', subscription),
      create: pubsub('subscriptions', 'create', subscription, `--topic=${topic}`, ...delivery, ...push),
      update: pubsub(
        'subscriptions',
        'update',
        subscription,
        ...delivery,
        ...(pushUrl === undefined ? ['--push-endpoint='] : push),
      ),
    },
    {
      what: 'The subscription of dead letters',
      exists: pubsub('subscriptions', 'describe', deadLetterSubscription),
      create: pubsub(
        'subscriptions',
        'create',
        deadLetterSubscription,
        `--topic=${deadLetterTopic}`,
        ...kept,
      ),
      update: pubsub('subscriptions', 'update', deadLetterSubscription, ...kept),
    },
    grant('Pub/Sub may move dead letters', onTopic(deadLetterTopic), serviceAgent, 'roles/pubsub.publisher'),
    grant(
      '… and take them from the workers',
      onSubscription(subscription),
      serviceAgent,
      'roles/pubsub.subscriber',
    ),
    grant('The API may send jobs', onTopic(topic), memberOf(accounts.api), 'roles/pubsub.publisher'),
    grant('Workers may send jobs', onTopic(topic), memberOf(accounts.worker), 'roles/pubsub.publisher'),
    grant(
      'Workers may pull jobs',
      onSubscription(subscription),
      memberOf(accounts.worker),
      'roles/pubsub.subscriber',
    ),
    grant(
      'Workers may read dead letters',
      onSubscription(deadLetterSubscription),
      memberOf(accounts.worker),
      'roles/pubsub.subscriber',
    ),
  ];
  if (pushUrl !== undefined) {
    steps.push(
      grant(
        'Pub/Sub may sign pushes',
        onAccount(accounts.push),
        serviceAgent,
        'roles/iam.serviceAccountTokenCreator',
      ),
    );
  }
  if (runService !== undefined) {
    const onService = [
      'run',
      'services',
      'add-iam-policy-binding',
      runService,
      inProject,
      `--region=${region}`,
    ];
    steps.push(grant('Pushes may reach the worker', onService, memberOf(accounts.push), 'roles/run.invoker'));
  }
  if (bucket !== undefined) {
    const url = `gs://${bucket}`;
    // Soft delete would keep what AIPROD removes.
    const guarded = [
      '--uniform-bucket-level-access',
      '--public-access-prevention',
      '--soft-delete-duration=0',
    ];
    const onBucket = ['storage', 'buckets', 'add-iam-policy-binding', url, inProject];
    const signing = 'roles/iam.serviceAccountTokenCreator';
    steps.push(
      {
        what: 'The bucket of finished and half-finished work',
        exists: ['storage', 'buckets', 'describe', url, inProject],
        create: ['storage', 'buckets', 'create', url, inProject, `--location=${region}`, ...guarded],
        update: ['storage', 'buckets', 'update', url, inProject, ...guarded],
      },
      grant('The API may use the bucket', onBucket, memberOf(accounts.api), 'roles/storage.objectUser'),
      grant('Workers may use the bucket', onBucket, memberOf(accounts.worker), 'roles/storage.objectUser'),
      grant('The API may sign links to it', onAccount(accounts.api), memberOf(accounts.api), signing),
    );
  }
  return {
    projectNumber: ['projects', 'describe', project, '--format=value(projectNumber)'],
    steps,
    settings: {
      AIPROD_QUEUE: 'pubsub',
      AIPROD_PUBSUB_PROJECT: project,
      ...(pushUrl !== undefined && {
        AIPROD_PUSH_AUDIENCE: endpointOf(pushUrl),
        AIPROD_PUSH_ACCOUNT: emailOf(accounts.push),
      }),
    },
  };
}

function pushFlags(pushUrl: string, account: string): string[] {
  const endpoint = endpointOf(pushUrl);
  return [
    `--push-endpoint=${endpoint}`,
    `--push-auth-service-account=${account}`,
    `--push-auth-token-audience=${endpoint}`,
  ];
}

function endpointOf(pushUrl: string): string {
  return new URL('/process-job', pushUrl).href;
}

/** The plan as a script for bash. */
export function printPlan({ projectNumber, steps, settings }: SetupPlan): string {
  const lines = [
    '#!/usr/bin/env bash',
    'set -euo pipefail',
    '',
    `PROJECT_NUMBER="$(${commandLine(projectNumber)})"`,
  ];
  for (const step of steps) {
    lines.push('', `# ${step.what}`);
    if ('run' in step) lines.push(commandLine(step.run));
    else {
      lines.push(`if ${commandLine(step.exists)} >/dev/null 2>&1; then`);
      lines.push(`  ${step.update === undefined ? ':' : commandLine(step.update)}`);
      lines.push('else', `  ${commandLine(step.create)}`, 'fi');
    }
  }
  lines.push(
    '',
    '# Settings of the API and the workers',
    ...Object.entries(settings).map(([name, value]) => `# ${name}=${value}`),
  );
  return `${lines.join('\n')}\n`;
}

function commandLine(args: GcloudArguments): string {
  return ['gcloud', ...args].map(quoted).join(' ');
}

function quoted(argument: string): string {
  if (argument.includes(projectNumberToken)) return `"${argument}"`;
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
