// Holds the Cloud Run services and jobs of deploy/google-cloud to what AIPROD reads, to each other, and to what gcloud
// understands.
import { execFile } from 'node:child_process';
import { access, chmod, cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';

import { planSetup } from '../../src/cli/commands/gcp-setup-plan.ts';
import { readConfig } from '../../src/config/config.ts';
import { blocksOf } from '../support/books.ts';
import { startCloudRunDouble } from '../support/cloud-run-double.ts';
import {
  environmentOf,
  exampleValues,
  filledIn,
  fillIn,
  googleCloudFolder,
  readDeployFile,
  readJob,
  readService,
} from '../support/google-cloud-files.ts';

const api = await readService('api.yaml');
const worker = await readService('worker.yaml');
const services = { api, worker };
const jobs = { sweep: await readJob('sweep.yaml'), admin: await readJob('admin.yaml') };
const doctors = { api: await readJob('doctor-api.yaml'), worker: await readJob('doctor-worker.yaml') };
const instanceOf = ({ spec }: typeof api) => spec.template.spec;
const annotationsOf = ({ spec }: typeof api) => spec.template.metadata.annotations;
const taskOf = ({ spec }: typeof jobs.sweep) => spec.template.spec.template.spec;
const configOf = ({ containers }: Pick<ReturnType<typeof instanceOf>, 'containers'>) =>
  readConfig({}, environmentOf(containers[0]!));

describe.each(Object.entries(services))('the service %s', (name, service) => {
  const instance = instanceOf(service);
  const [own, collector] = instance.containers;
  const config = configOf(instance);

  it('is configured with settings that exist, for its own role', () => {
    expect(config.roles).toEqual({ api: name === 'api', worker: name === 'worker' });
    expect(config).toMatchObject({ host: '0.0.0.0', port: own!.ports![0]!.containerPort });
    expect(config.queue).toMatchObject({ kind: 'pubsub', projectId: 'my-project' });
    expect(config.blobs).toMatchObject({ kind: 'gcs', bucketName: 'my-project-aiprod' });
  });

  it('keeps nothing that it needs on its disk, which is memory', () => {
    expect(config.dataFolder).toMatch(/^\/tmp\//);
    expect(config.sealing.kms?.key).toBeDefined();
    expect(config.auditKey).toHaveLength(32);
    expect(config.database.url).toBeDefined();
    if (name === 'api') expect(config.auth.pepper).toBeDefined();
    // Files of more than 32 MiB cannot be answered by Cloud Run: they go out by signed URLs.
    expect(config.sealing.blobs).toBe(false);
    const memoryMb = Number(/^(\d+)Gi$/.exec(own!.resources.limits.memory)![1]) * 1_074;
    expect((config.blobs as { cacheBytes: number }).cacheBytes / 1e6).toBeLessThan(memoryMb / 4);
  });

  it('has its processor all the time, and starts with more of it', () => {
    expect(annotationsOf(service)).toMatchObject({
      'run.googleapis.com/cpu-throttling': 'false',
      'run.googleapis.com/startup-cpu-boost': 'true',
      'run.googleapis.com/execution-environment': 'gen2',
    });
  });

  it('gets requests when all its parts work, and is ended only when it hangs', () => {
    expect(own!.startupProbe!.httpGet).toEqual({ path: '/ready', port: 8787 });
    expect(own!.livenessProbe!.httpGet).toEqual({ path: '/health', port: 8787 });
    // Cloud Run allows no more.
    expect(own!.startupProbe!.periodSeconds * own!.startupProbe!.failureThreshold).toBeLessThanOrEqual(240);
    // /ready gives each part two seconds.
    expect(own!.startupProbe!.timeoutSeconds).toBeGreaterThan(2);
    for (const probe of [own!.startupProbe!, own!.livenessProbe!]) {
      expect(probe.timeoutSeconds).toBeLessThanOrEqual(probe.periodSeconds);
    }
  });

  it('has a collector beside it that starts after it and reads its metrics', async () => {
    expect(JSON.parse(annotationsOf(service)['run.googleapis.com/container-dependencies']!)).toEqual({
      [collector!.name]: [own!.name],
    });
    const { secret } = instance.volumes.find(({ name }) => name === collector!.volumeMounts![0]!.name)!;
    const [file] = secret.items;
    expect(`${collector!.volumeMounts![0]!.mountPath}/${file!.path}`).toBe('/etc/rungmp/config.yaml');
    const text = fillIn(await readDeployFile('run-monitoring.yaml'), { service: service.metadata.name });
    expect(parse(text)).toMatchObject({
      kind: 'RunMonitoring',
      // The label `job`, by which the alerts know the service.
      metadata: { name: service.metadata.name },
      spec: { endpoints: [{ port: own!.ports![0]!.containerPort, path: '/metrics' }] },
    });
  });

  it('runs a pinned image under an account of its own', () => {
    expect(own!.image).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(instance.serviceAccountName).toBe(`aiprod-${name}@my-project.iam.gserviceaccount.com`);
  });
});

it('the API runs twice at least, twenty times at most, and takes 80 requests each', () => {
  expect(annotationsOf(api)).toMatchObject({
    'autoscaling.knative.dev/minScale': '2',
    'autoscaling.knative.dev/maxScale': '20',
  });
  expect(instanceOf(api).containerConcurrency).toBe(80);
  expect(api.metadata.annotations['run.googleapis.com/ingress']).toBe('all');
  // Cloud Run's own proxy stands before it.
  expect(configOf(instanceOf(api)).http.trustedProxies).toBe(1);
});

it('the worker takes one job at a time, from inside only, and ends a slice before anybody gives up waiting', () => {
  const config = configOf(instanceOf(worker));
  expect(instanceOf(worker).containerConcurrency).toBe(1);
  expect(config.jobsAtOnce).toBe(instanceOf(worker).containerConcurrency);
  expect(worker.metadata.annotations['run.googleapis.com/ingress']).toBe('internal');
  const { timeoutSeconds } = instanceOf(worker);
  expect(config.sliceMs / 1000).toBeLessThanOrEqual(timeoutSeconds - 60);
  // The acknowledgement deadline of `aiprod gcp setup`.
  expect(timeoutSeconds).toBeLessThanOrEqual(600 - 60);
});

it('the worker takes the pushes that aiprod gcp setup arranges', () => {
  const { settings } = planSetup({
    project: exampleValues.project,
    region: exampleValues.region,
    pushUrl: exampleValues.worker_url,
    runService: 'aiprod-worker',
    bucket: exampleValues.bucket,
  });
  expect(environmentOf(instanceOf(worker).containers[0]!)).toMatchObject(settings);
});

it('without an issuer the API is left to API keys', () => {
  const env = environmentOf(instanceOf(api).containers[0]!);
  const none = { AIPROD_OIDC_ISSUER: '', AIPROD_OIDC_AUDIENCE: '', AIPROD_OIDC_JWKS_URL: '' };
  expect(readConfig({}, { ...env, ...none }).auth).toMatchObject({ issuer: undefined, loginAsked: true });
});

it('a release runs one image everywhere', () => {
  const tasks = [...Object.values(jobs), ...Object.values(doctors)].map(taskOf);
  const instances = [...Object.values(services).map(instanceOf), ...tasks];
  expect(new Set(instances.map(({ containers }) => containers[0]!.image)).size).toBe(1);
});

describe.each(Object.entries(jobs))('the job %s', (name, job) => {
  it('has settings that exist and an account of its own', () => {
    const task = taskOf(job);
    expect(configOf(task).queue).toMatchObject({ kind: 'pubsub', projectId: 'my-project' });
    expect(task.containers[0]!.command).toEqual(['aiprod']);
    expect(task.serviceAccountName).toBe(`aiprod-${name}@my-project.iam.gserviceaccount.com`);
  });
});

describe.each(Object.entries(doctors))('the doctor of the %s', (name, job) => {
  const task = taskOf(job);
  const service = instanceOf(services[name as keyof typeof services]);

  it('asks with the account, settings and secrets of the service', () => {
    expect(task.serviceAccountName).toBe(service.serviceAccountName);
    const [own] = service.containers;
    const [container] = task.containers;
    expect(container!.env).toEqual(own!.env);
    expect(container!.volumeMounts).toEqual(own!.volumeMounts);
    expect(service.volumes).toEqual(expect.arrayContaining(task.volumes));
  });

  it('is aiprod doctor --production, asked once', () => {
    expect(task.containers[0]).toMatchObject({ command: ['aiprod'], args: ['doctor', '--production'] });
    expect(task).toMatchObject({ maxRetries: 0 });
  });
});

it('every job and service of a documented command is there, and a roll-out brings all to the new image', async () => {
  const folder = resolve(googleCloudFolder, '../../docs/operations');
  const all = [...Object.values(services), ...Object.values(jobs), ...Object.values(doctors)];
  const names = all.map(({ metadata }) => metadata.name);
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8');
    const named = text.matchAll(/^gcloud run (?:jobs execute|(?:jobs|services) update) (\S+)/gm);
    for (const [, name] of named) expect(names, file).toContain(name);
  }
  const text = await readFile(join(folder, 'google-cloud.md'), 'utf8');
  const updated = text.matchAll(/^gcloud run (?:jobs|services) update (\S+) --image=/gm);
  expect([...updated].map(([, name]) => name).toSorted()).toEqual(names.toSorted());
});

it('google-cloud.md tells the figures of the files', async () => {
  const text = await readFile(resolve(googleCloudFolder, '../../docs/operations/google-cloud.md'), 'utf8');
  const scale = (service: typeof api) =>
    ['minScale', 'maxScale']
      .map((name) => annotationsOf(service)[`autoscaling.knative.dev/${name}`])
      .join(' to ');
  const { cpu, memory } = instanceOf(worker).containers[0]!.resources.limits;
  for (const figure of [
    `${scale(api)} instances, ${instanceOf(api).containerConcurrency} requests each`,
    `${scale(worker)} instances, ${instanceOf(worker).containerConcurrency} job each, ${cpu} processors`,
    `worker ${memory.replace('Gi', ' GiB')}`,
    `at most ${environmentOf(instanceOf(worker).containers[0]!).AIPROD_GCS_CACHE_MB} MB`,
    `ends within ${instanceOf(worker).timeoutSeconds} s`,
    `an event stream after ${instanceOf(api).timeoutSeconds / 60} minutes`,
  ]) {
    expect(text).toContain(figure);
  }
});

const envsubst = await promisify(execFile)('envsubst', ['--version']).then(
  () => true,
  () => false,
);
if (!envsubst) {
  it.skip('NOT RUN: envsubst is not on PATH, so the commands of google-cloud.md that need it were not run');
} else {
  it('the commands of google-cloud.md hand filled-in files to gcloud', async () => {
    const root = resolve(import.meta.dirname, '../..');
    const folder = await mkdtemp(join(tmpdir(), 'aiprod-google-cloud-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await cp(googleCloudFolder, join(folder, 'deploy/google-cloud'), { recursive: true });
    await writeFile(join(folder, 'gcloud'), '#!/bin/sh\necho "$*" >> calls\n');
    await chmod(join(folder, 'gcloud'), 0o755);
    const text = await readFile(join(root, 'docs/operations/google-cloud.md'), 'utf8');
    const [script] = blocksOf(text, 'bash');
    const env = { PATH: `${folder}${delimiter}${process.env.PATH}` };
    await promisify(execFile)('bash', ['-euc', script!], { cwd: folder, env });
    for (const name of ['api', 'worker', 'sweep', 'admin', 'doctor-api', 'doctor-worker']) {
      expect(await readFile(join(folder, `${name}.yaml`), 'utf8')).toBe(await filledIn(`${name}.yaml`));
    }
    const calls = (await readFile(join(folder, 'calls'), 'utf8')).trim().split('\n');
    const flags = '--region=europe-west1 --project=my-project';
    expect(calls).toEqual([
      // What makes the first login comes before the service that does not start without one.
      ...['admin', 'sweep', 'doctor-api', 'doctor-worker'].map(
        (name) => `run jobs replace ${name}.yaml ${flags}`,
      ),
      `run services replace worker.yaml ${flags} --dry-run`,
      `run services replace worker.yaml ${flags}`,
      `run services replace api.yaml ${flags}`,
    ]);
  });
}

const gcloud = await promisify(execFile)('gcloud', ['version']).then(
  () => true,
  () => false,
);
if (!gcloud) {
  it.skip('NOT RUN: gcloud is not on PATH, so it was not asked what it makes of the YAML files');
} else {
  describe('gcloud', () => {
    let double: Awaited<ReturnType<typeof startCloudRunDouble>>;
    beforeAll(async () => {
      double = await startCloudRunDouble();
    });
    afterAll(() => double.close());

    it.each([
      'api',
      'worker',
    ] as const)('run services replace --dry-run understands all of %s.yaml', async (name) => {
      const { dryRun, body } = await double.replace('services', await filledIn(`${name}.yaml`));
      expect(dryRun).toBe(true);
      expect(body).toMatchObject({
        metadata: { name: `aiprod-${name}`, namespace: 'my-project' },
        spec: services[name].spec,
      });
    });

    it.each([
      'sweep',
      'admin',
      'doctor-api',
      'doctor-worker',
    ])('run jobs replace understands all of %s.yaml', async (name) => {
      const { body } = await double.replace('jobs', await filledIn(`${name}.yaml`));
      const { spec } = await readJob(`${name}.yaml`);
      expect(body).toMatchObject({ metadata: { name: `aiprod-${name}` }, spec });
    });

    it('builds the image from the Dockerfile, by the name that is deployed', async () => {
      const file = join(googleCloudFolder, 'cloudbuild.yaml');
      const { steps, images, substitutions } = await double.build(file, '_VERSION=0.1.0');
      const [dockerfile] = steps[0]!.args.filter((arg) => arg.startsWith('--file='));
      await access(resolve(googleCloudFolder, '../..', dockerfile!.slice('--file='.length)));
      expect(steps[0]!.args).toContain(`--tag=${images[0]}`);
      // As Cloud Build fills them in: its own names in ours, then ours.
      const known = { PROJECT_ID: exampleValues.project, LOCATION: exampleValues.region };
      const image = fillIn(images[0]!, { ...substitutions, _IMAGE: fillIn(substitutions._IMAGE!, known) });
      expect(image).toBe(exampleValues.image.replace(/@.*/, ':0.1.0'));
    });

    it('makes alerts of the document that somebody is told of, with what to do', async () => {
      const text = await readFile(
        resolve(googleCloudFolder, '../../docs/operations/google-cloud.md'),
        'utf8',
      );
      const [, script] = blocksOf(text, 'bash');
      const made = await double.run(script!, resolve(googleCloudFolder, '../..'));
      const [channel, ...others] = made.filter(({ kind }) => kind === 'notificationChannels');
      expect(channel!.body).toMatchObject({
        type: 'email',
        labels: { email_address: exampleValues.alert_email },
      });
      expect(others).toEqual([]);
      const [check] = made.filter(({ kind }) => kind === 'uptimeCheckConfigs');
      expect(check!.body).toMatchObject({
        httpCheck: { path: '/health', useSsl: true },
        monitoredResource: { labels: { host: exampleValues.api_host } },
      });
      const policies = made.filter(({ kind }) => kind === 'alertPolicies').map(({ body }) => body);
      const rules = parse(await readDeployFile('alert-rules.yaml')) as { groups: { rules: unknown[] }[] };
      expect(policies).toHaveLength(rules.groups.flatMap((group) => group.rules).length + 1);
      for (const policy of policies) {
        expect(policy.notificationChannels).toEqual([channel!.body.name]);
        expect((policy.documentation as { content: string }).content).toContain(
          `${exampleValues.documents_url}docs/operations/runbook.md#`,
        );
      }
      expect(policies.at(-1)).toMatchObject(
        parse(fillIn(await readDeployFile('uptime-policy.yaml'))) as object,
      );
    });

    it('refuses a field that it does not know, and one that Cloud Run does not take', async () => {
      const text = await filledIn('worker.yaml');
      const misspelt = text.replace('failureThreshold', 'failureThresold');
      await expect(double.replace('services', misspelt)).rejects.toThrow('failureThresold');
      const unsupported = text.replace(
        '          livenessProbe:',
        '          securityContext: { runAsUser: 1000 }\n          livenessProbe:',
      );
      await expect(double.replace('services', unsupported)).rejects.toThrow('securityContext');
    });
  });
}
