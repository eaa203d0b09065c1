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
const instances = {
  api: services.api.spec.template.spec,
  worker: services.worker.spec.template.spec,
  sweep: jobs.sweep.spec.template.spec.template.spec,
  admin: jobs.admin.spec.template.spec.template.spec,
};

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
        .map(({ attributes }) => [textIn(attributes.name), Number(textIn(attributes.value))]),
    );
    // With Pub/Sub each instance takes its pool and at most three more: docs/operations/postgresql.md.
    const taken = Object.values(services).map(({ spec }) => {
      const most = Number(spec.template.metadata.annotations['autoscaling.knative.dev/maxScale']);
      return most * (readConfig({}, environmentOf(spec.template.spec.containers[0]!)).database.pool + 3);
    });
    const ofJobs = Object.keys(jobs).length * 5;
    expect(taken[0]! + taken[1]! + ofJobs + 10).toBeLessThanOrEqual(flags.max_connections!);
  });

  it('keep no secret in the state', () => {
    const written = blocks.filter(({ labels }) => labels[0] === 'google_secret_manager_secret_version');
    const plain = written
      .filter(({ attributes }) => 'secret_data' in attributes)
      .map(({ labels }) => labels[1]);
    expect(plain.sort()).toEqual(['database_ca', 'monitoring']);
    expect(getResource('google_sql_user', 'aiprod').attributes).not.toHaveProperty('password');
    for (const { labels } of blocks.filter(({ type }) => type === 'ephemeral')) {
      expect(labels[0]).toBe('random_password');
    }
    expect(blocks.some(({ type, labels }) => type === 'resource' && labels[0] === 'random_password')).toBe(
      false,
    );
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
      const text = await readFile(join(googleCloudFolder, '../../docs/operations/google-cloud.md'), 'utf8');
      const commands = [...text.matchAll(/^terraform (.*)$/gm)].map(([, words]) => words!.split(' '));
      expect(commands.length).toBeGreaterThan(3);
      for (const [folder, command, ...words] of commands) {
        expect(resolve(googleCloudFolder, '../..', folder!.replace('-chdir=', ''))).toBe(terraformFolder);
        const { stdout: help } = await promisify(execFile)('terraform', [command!, '-help'], { env });
        for (const word of words.filter((each) => each.startsWith('-'))) {
          expect(help, `${command} ${word}`).toMatch(new RegExp(`^ +${word.replace(/=.*/, '')}\\b`, 'm'));
        }
        const [address] = words.filter((each) => each.startsWith('google_'));
        if (address !== undefined) getResource(...(address.split('.') as [string, string]));
      }
    });
  });
}
