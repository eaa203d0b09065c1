// Holds the text of the Terraform files to `aiprod gcp setup`, to the secrets of the YAML files and to the arithmetic of the
// documents.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { writtenOutAlerts } from '../../deploy/google-cloud/alert-rules.ts';
import { planSetup, projectNumberToken, type SetupStep } from '../../src/cli/commands/gcp-setup-plan.ts';
import { readConfig } from '../../src/config/config.ts';
import { shellWords } from '../support/books.ts';
import {
  environmentOf,
  exampleValues,
  googleCloudFolder,
  readDeployFile,
  readJob,
  readService,
  secretsOf,
} from '../support/google-cloud-files.ts';
import { type Block, readHcl } from '../support/hcl.ts';
import { metricNames } from '../support/promql-names.ts';

const terraformFolder = join(googleCloudFolder, 'terraform');
const files = (await readdir(terraformFolder)).filter((file) => file.endsWith('.tf'));
const texts = await Promise.all(files.map((file) => readFile(join(terraformFolder, file), 'utf8')));
const blocks = texts.flatMap(readHcl);

const services = { api: await readService('api.yaml'), worker: await readService('worker.yaml') };
const jobs = { sweep: await readJob('sweep.yaml'), admin: await readJob('admin.yaml') };
const document = await readFile(join(googleCloudFolder, '../../docs/operations/google-cloud.md'), 'utf8');
const instances = {
  api: services.api.spec.template.spec,
  worker: services.worker.spec.template.spec,
  sweep: jobs.sweep.spec.template.spec.template.spec,
  admin: jobs.admin.spec.template.spec.template.spec,
};

/** With Pub/Sub each instance takes its pool and at most three more: docs/operations/postgresql.md. */
const perInstance = [services.api, services.worker].map(
  ({ spec }) => readConfig({}, environmentOf(spec.template.spec.containers[0]!)).database.pool + 3,
);

/** All that so many instances take, with every job at once and ten for administration. */
function connections(apis: number, workers: number): number {
  const ofJobs = ['sweep', 'admin', 'doctor-api', 'doctor-worker'].length * 5;
  return apis * perInstance[0]! + workers * perInstance[1]! + ofJobs + 10;
}

function getBlock(from: Block[], ...name: string[]): Block {
  const found = from.find((block) => [block.type, ...block.labels].join() === name.join());
  if (found === undefined) throw new Error(`there is no ${name.join(' ')}`);
  return found;
}
const getResource = (type: string, name: string) => getBlock(blocks, 'resource', type, name);

/** Of a text, or of the texts in a list. */
const textsIn = (expression: string) => [...expression.matchAll(/"([^"]*)"/g)].map(([, text]) => text!);
const textIn = (expression: string | undefined) => textsIn(expression!)[0]!;

const plan = planSetup({
  project: exampleValues.project,
  region: exampleValues.region,
  pushUrl: exampleValues.worker_url,
  runService: 'aiprod-worker',
  bucket: exampleValues.bucket,
});
const argumentsOf = (step: SetupStep) => ('run' in step ? step.run : step.create);
const stepsOf = (...words: string[]) =>
  plan.steps.map(argumentsOf).filter((args) => words.every((word, index) => args[index] === word));
const flag = (args: string[], name: string) =>
  args.find((arg) => arg.startsWith(`--${name}=`))!.slice(name.length + 3);

describe('the Terraform files', () => {
  it('name what aiprod gcp setup makes, with the same delivery', () => {
    const subscription = getResource('google_pubsub_subscription', 'worker');
    const [args] = stepsOf('pubsub', 'subscriptions', 'create', 'aiprod-worker');
    const inner = (type: string) => getBlock(subscription.blocks, type).attributes;
    expect(subscription.attributes.ack_deadline_seconds).toBe(flag(args!, 'ack-deadline'));
    expect(textIn(subscription.attributes.message_retention_duration)).toBe(`${7 * 86_400}s`);
    expect(flag(args!, 'message-retention-duration')).toBe('7d');
    expect(textIn(inner('expiration_policy').ttl)).toBe('');
    expect(textIn(inner('retry_policy').minimum_backoff)).toBe(flag(args!, 'min-retry-delay'));
    expect(textIn(inner('retry_policy').maximum_backoff)).toBe(flag(args!, 'max-retry-delay'));
    expect(inner('dead_letter_policy').max_delivery_attempts).toBe(flag(args!, 'max-delivery-attempts'));
    expect(inner('push_config').push_endpoint).toMatch(/^"\$\{local\.worker_url\}\/process-job"$/);
    const token = getBlock(getBlock(subscription.blocks, 'push_config').blocks, 'oidc_token').attributes;
    expect(token.audience).toBe(inner('push_config').push_endpoint);

    const names = (type: string, attribute: string) =>
      blocks
        .filter(({ labels }) => labels[0] === type)
        .map(({ attributes }) => textIn(attributes[attribute]))
        .sort();
    const made = (...words: string[]) =>
      stepsOf(...words)
        .map((each) => each[words.length]!)
        .sort();
    expect(names('google_pubsub_topic', 'name')).toEqual(made('pubsub', 'topics', 'create'));
    expect(names('google_pubsub_subscription', 'name')).toEqual(made('pubsub', 'subscriptions', 'create'));
    expect(made('iam', 'service-accounts', 'create')).toEqual(['aiprod-api', 'aiprod-push', 'aiprod-worker']);
  });

  it('give every right of aiprod gcp setup', () => {
    // What each grants, as setup says it: command, on what, member, role.
    const wanted = stepsOf()
      .filter((args) => args.includes('add-iam-policy-binding'))
      // Cloud Run would take the signature off the tokens that the worker checks itself.
      .filter((args) => flag(args, 'role') !== 'roles/run.invoker')
      .map((args) => {
        const verb = args.indexOf('add-iam-policy-binding');
        const on = `${args[verb - 1]} ${args[verb + 1]!.replace(/^gs:\/\/|@.*$/g, '')}`;
        const member = flag(args, 'member').replaceAll(projectNumberToken, 'NUMBER');
        return `${on}: ${member.replace(/^serviceAccount:|@my-project.*$/g, '')} ${flag(args, 'role')}`;
      });
    expect(wanted.length).toBeGreaterThan(8);
    expect(rights()).toEqual(expect.arrayContaining(wanted));
  });

  it('let each account read the secrets that it is given, and no others', () => {
    const readers = getBlock(blocks, 'locals').attributes.readers!;
    for (const [account, instance] of Object.entries(instances)) {
      const [, list] = new RegExp(`\\b${account}\\s+= (\\[[^\\]]*\\])`).exec(readers)!;
      const named = textsIn(list!).map((secret) => `aiprod-${secret}`);
      expect(named.sort(), account).toEqual(secretsOf(instance));
    }
  });

  it('fill every placeholder of the YAML files', async () => {
    const filledIn = getBlock(blocks, 'locals').attributes.filled_in!;
    const named = [...filledIn.matchAll(/^\s*(\w+)\s+=/gm)].map(([, name]) => name).sort();
    expect(named).toEqual(Object.keys(exampleValues).sort());
  });

  it('leave enough connections for all instances at once', () => {
    const { blocks: settings } = getBlock(
      getResource('google_sql_database_instance', 'main').blocks,
      'settings',
    );
    const flags = Object.fromEntries(
      settings
        .filter(({ type }) => type === 'database_flags')
        .map(({ attributes }) => [textIn(attributes.name), attributes.value]),
    );
    const most = Object.values(services).map(({ spec }) =>
      Number(spec.template.metadata.annotations['autoscaling.knative.dev/maxScale']),
    );
    expect(flags.max_connections).toBe('tostring(var.max_connections)');
    const allowed = Number(getBlock(blocks, 'variable', 'max_connections').attributes.default);
    expect(connections(most[0]!, most[1]!)).toBeLessThanOrEqual(allowed);
  });

  it('have connections as scaling-and-cost.md says', async () => {
    const path = '../../docs/operations/scaling-and-cost.md';
    const text = (await readDeployFile(path)).replaceAll(/\s+/g, ' ');
    const [api, worker] = perInstance;
    const jobsAndMore = connections(0, 0);
    expect(text).toContain(`at most ${api} connections, a worker ${worker}, and ${jobsAndMore} are for jobs`);
    const allowed = Number(getBlock(blocks, 'variable', 'max_connections').attributes.default);
    expect(text).toContain(`Twenty of each take ${connections(20, 20)} of the ${allowed}`);
    const [, each] = /there is room for (\d+) of each/.exec(text)!;
    // Twice as many run during a roll-out.
    const both = 2 * Number(each);
    expect(connections(both, both)).toBeLessThanOrEqual(allowed);
    expect(connections(both + 2, both + 2)).toBeGreaterThan(allowed);

    const [, raised] = /--database-flags=max_connections=(\d+),/.exec(text)!;
    const maximumOf = (service: string) =>
      Number(new RegExp(`services update ${service} .*?--max-instances=(\\d+)`).exec(text)![1]);
    const taken = connections(maximumOf('aiprod-api'), maximumOf('aiprod-worker'));
    expect(text).toContain(`Forty workers and 20 APIs take ${taken};`);
    expect(taken).toBeLessThanOrEqual(Number(raised));
    const [, workers, apis] = /during a roll-out \d+ is room for (\d+) workers and (\d+) APIs/.exec(text)!;
    expect(connections(2 * Number(apis), 2 * Number(workers))).toBeLessThanOrEqual(Number(raised));
  });

  it('keep no secret in the state', () => {
    const written = blocks.filter(({ labels }) => labels[0] === 'google_secret_manager_secret_version');
    const plain = written
      .filter(({ attributes }) => 'secret_data' in attributes)
      .map(({ labels }) => labels[1]);
    expect(plain.sort()).toEqual(['database_ca', 'monitoring']);
    expect(getResource('google_sql_user', 'aiprod').attributes).not.toHaveProperty('password');
    const fleeting = blocks.filter(({ type }) => type === 'ephemeral').map(({ labels }) => labels[0]);
    expect(new Set(fleeting)).toEqual(new Set(['random_password', 'google_secret_manager_secret_version']));
    expect(blocks.some(({ type, labels }) => type === 'resource' && labels[0] === 'random_password')).toBe(
      false,
    );
  });

  it('give the database and the services one password, whichever apply reaches them', () => {
    const [type, name] = ['google_secret_manager_secret_version', 'database_password'] as const;
    const readBack = `ephemeral.${type}.${name}.secret_data`;
    expect(getBlock(blocks, 'ephemeral', type, name).attributes.version).toBe(`${type}.${name}.version`);
    expect(getResource('google_sql_user', 'aiprod').attributes.password_wo).toBe(readBack);
    expect(getResource(type, 'database_url').attributes.secret_data_wo).toContain(`\n${readBack},`);
    // A random password is another one in every run: it may go to one place only, and be kept there.
    for (const { labels } of blocks.filter(
      (block) => block.type === 'ephemeral' && block.labels[0] === 'random_password',
    )) {
      const uses = texts.join('\n').split(`ephemeral.random_password.${labels[1]}.result`).length - 1;
      expect(uses, labels[1]).toBe(1);
    }
    for (const each of [name, 'database_url', 'key_pepper']) {
      const { attributes } = getBlock(getResource(type, each).blocks, 'lifecycle');
      expect(attributes.create_before_destroy, each).toBe('true');
    }
  });

  it('turn on the interfaces that google-cloud.md and aiprod gcp setup turn on', () => {
    const used = getResource('google_project_service', 'used').attributes.for_each!;
    const names = textsIn(used).map((name) => `${name}.googleapis.com`);
    const [, listed] = /^gcloud services enable (.*) --project=/m.exec(document)!;
    expect(listed!.split(' ')).toEqual(names);
    const [args] = stepsOf('services', 'enable');
    expect(names).toEqual(expect.arrayContaining(args!.filter((arg) => arg.endsWith('.googleapis.com'))));
    // Links are signed by it.
    expect(args).toContain('iamcredentials.googleapis.com');
  });

  it('keep AIPROD from losing what cannot be made again', () => {
    for (const [type, name] of [
      ['google_kms_crypto_key', 'data_keys'],
      ['google_kms_crypto_key', 'bucket'],
      ['google_secret_manager_secret_version', 'audit_key'],
    ] as const) {
      expect(getBlock(getResource(type, name).blocks, 'lifecycle').attributes.prevent_destroy).toBe('true');
    }
    expect(getResource('google_sql_database_instance', 'main').attributes.deletion_protection).toBe('true');
    // A blob is removed by AIPROD alone, and is gone then.
    const bucket = getResource('google_storage_bucket', 'blobs').blocks;
    const actions = bucket
      .filter(({ type }) => type === 'lifecycle_rule')
      .map((rule) => textIn(getBlock(rule.blocks, 'action').attributes.type));
    expect(actions).toEqual(['SetStorageClass', 'AbortIncompleteMultipartUpload']);
    expect(getBlock(bucket, 'soft_delete_policy').attributes.retention_duration_seconds).toBe('0');
    expect(getBlock(bucket, 'versioning').attributes.enabled).toBe('false');
  });
});

/** What a resource names, with what that names: Terraform makes it first, and with -target too. */
function reachedFrom(type: string, name: string, reached = new Set<string>()): string[] {
  const text = JSON.stringify(getResource(type, name)).replaceAll('\\n', ' ');
  for (const [address, foundType, foundName] of text.matchAll(/\b(google_\w+)\.(\w+)/g)) {
    const resource = blocks.find(
      ({ type: kind, labels }) => kind === 'resource' && labels.join('.') === address,
    );
    if (resource === undefined || reached.has(address)) continue;
    reached.add(address);
    reachedFrom(foundType!, foundName!, reached);
  }
  return [...reached];
}

/** Every right that the files give on topics, subscriptions, accounts and the bucket, in the words of the test above. */
function rights(): string[] {
  const named: Record<string, string> = {
    'local.pubsub_agent': 'service-NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com',
    'google_service_account.push': 'aiprod-push',
    'google_pubsub_topic.jobs.name': 'topics aiprod-jobs',
    'google_pubsub_topic.dead_letters.name': 'topics aiprod-dead-letters',
    'google_pubsub_subscription.worker.name': 'subscriptions aiprod-worker',
    'google_pubsub_subscription.dead_letters.name': 'subscriptions aiprod-dead-letters',
    'google_storage_bucket.blobs.name': `buckets ${exampleValues.bucket}`,
    'google_service_account.push.name': 'service-accounts aiprod-push',
    'google_service_account.runner["api"].name': 'service-accounts aiprod-api',
    'google_service_account.runner["api"].member': 'aiprod-api',
    'google_service_account.runner["worker"].member': 'aiprod-worker',
  };
  return blocks
    .filter(({ labels }) => /_iam_member$/.test(labels[0] ?? ''))
    .flatMap(({ attributes }) => {
      const on =
        attributes.topic ?? attributes.subscription ?? attributes.bucket ?? attributes.service_account_id;
      const { for_each: each, member } = attributes;
      const members =
        each === undefined ? [named[member!]] : textsIn(each).map((account) => `aiprod-${account}`);
      return members.map((who) => `${named[on ?? '']}: ${who} ${textIn(attributes.role)}`);
    });
}

describe('alert-rules.yaml', () => {
  it('is what alert-rules.ts makes of the rules of Prometheus', async () => {
    expect(await readDeployFile('alert-rules.yaml'), 'run node deploy/google-cloud/alert-rules.ts').toBe(
      writtenOutAlerts(),
    );
  });

  it('names nothing that has to be recorded first', async () => {
    const read = async (file: string) =>
      parse(await readDeployFile(file)) as { groups: { rules: { record?: string; expr: string }[] }[] };
    const recorded = (await read('../prometheus/recording-rules.yaml')).groups.flatMap(({ rules }) =>
      rules.map(({ record }) => record!),
    );
    const { groups } = await read('alert-rules.yaml');
    const names = groups.flatMap(({ rules }) => rules.flatMap(({ expr }) => metricNames(expr)));
    expect(recorded.filter((name) => names.includes(name))).toEqual([]);
  });
});

const terraform = await promisify(execFile)('terraform', ['version']).then(
  () => true,
  () => false,
);
if (!terraform) {
  it.skip('NOT RUN: terraform is not on PATH, so it was not asked about form and commands');
} else {
  describe('terraform', () => {
    const env = { PATH: process.env.PATH, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' };

    it('finds the files in its own form', async () => {
      const args = ['fmt', '-check', '-diff', '-recursive', googleCloudFolder];
      const { stdout } = await promisify(execFile)('terraform', args, { env });
      expect(stdout).toBe('');
    });

    it('has the commands and options of google-cloud.md', async () => {
      const commands = [...document.matchAll(/^terraform (.*)$/gm)].map(([, words]) => shellWords(words!));
      expect(commands.length).toBeGreaterThan(3);
      for (const [folder, command, ...words] of commands) {
        expect(resolve(googleCloudFolder, '../..', folder!.replace('-chdir=', ''))).toBe(terraformFolder);
        const { stdout: help } = await promisify(execFile)('terraform', [command!, '-help'], { env });
        for (const word of words.filter((each) => each.startsWith('-'))) {
          expect(help, `${command} ${word}`).toMatch(new RegExp(`^ +${word.replace(/=.*/, '')}\\b`, 'm'));
        }
        for (const word of words) {
          const [, type, name, key] = /^(?:-target=)?(google_\w+)\.(\w+)(?:\["(.*)"\])?$/.exec(word) ?? [];
          if (type !== undefined) getResource(type, name!);
          if (key !== undefined) expect(Object.keys(jobs)).toContain(key);
        }
      }
    });

    it('makes the job of the first login, and all that it needs, before the services', () => {
      expect(document).toContain(`'-target=google_cloud_run_v2_job.job["admin"]'`);
      const reached = reachedFrom('google_cloud_run_v2_job', 'job');
      expect(reached).toEqual(
        expect.arrayContaining([
          'google_kms_crypto_key_iam_member.data_keys',
          'google_secret_manager_secret_iam_member.reader',
          'google_secret_manager_secret_version.key_pepper',
          'google_sql_database.aiprod',
          'google_sql_user.aiprod',
        ]),
      );
      expect(reached).not.toContain('google_cloud_run_v2_service.service');
    });
  });
}
