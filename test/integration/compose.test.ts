// Holds deploy/compose.yaml to the image, to Prometheus' and Grafana's files, and to what containers may do.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

import { assignments, execForm, readDockerfile } from '../../scripts/image/dockerfile.ts';
import { runCommandLine } from '../../src/cli/aiprod.ts';
import { readConfig } from '../../src/config/config.ts';

const deploy = resolve(import.meta.dirname, '../../deploy');
const read = (file: string) => readFile(join(deploy, file), 'utf8');

interface Service {
  image: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  command?: string[];
  read_only?: boolean;
  tmpfs?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  networks?: string[];
  volumes?: string[];
  ports?: string[];
  secrets?: { source: string; target: string }[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
}

interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, unknown>;
  secrets: Record<string, { environment: string }>;
}

const text = await read('compose.yaml');
const { services, volumes, networks, secrets } = parse(text, { merge: true }) as Compose;
const { postgres, migrate, api, worker, prometheus, grafana } = services as Record<string, Service>;
const ours = { migrate: migrate!, api: api!, worker: worker! };
const image = readDockerfile(await read('Dockerfile')).at(-1)!.instructions;
const ofImage = (name: string) => image.findLast((each) => each.name === name)!.text;

test('what is not ours is named by tag and digest', () => {
  for (const { image: name } of [postgres!, prometheus!, grafana!]) {
    expect(name).toMatch(/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(name).not.toContain(':latest');
  }
});

test.each(
  Object.entries(ours),
)('%s is the image of deploy/Dockerfile, without rights', async (_, service) => {
  expect(resolve(deploy, service.build!.context, service.build!.dockerfile)).toBe(join(deploy, 'Dockerfile'));
  expect(service).toMatchObject({
    read_only: true,
    tmpfs: ['/tmp'],
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
    volumes: [`data:${execForm(ofImage('VOLUME'))![0]}`],
  });
});

test.each([
  ['api', { api: true, worker: false }],
  ['worker', { api: false, worker: true }],
])('the settings of %s are valid, and give its role', (name, roles) => {
  const given = { ...assignments(ofImage('ENV')), ...filledIn(services[name]!.environment!) };
  const config = readConfig({}, given);
  expect(config.roles).toEqual(roles);
  expect(config.auth).toMatchObject({ loginAsked: true, metricsToken: 'x'.repeat(40) });
  expect(config.database.url).toMatch(/^postgresql:\/\/aiprod:x+@postgres\/aiprod\?sslmode=disable$/);
});

test('migrations run once the database answers, and before everything else', async () => {
  expect(await runCommandLine([...migrate!.command!.slice(1), '--help'])).toBe(0);
  expect(postgres!.healthcheck!.test).toContain('pg_isready');
  expect(migrate!.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  for (const service of [api!, worker!]) {
    expect(service.depends_on).toEqual({ migrate: { condition: 'service_completed_successfully' } });
  }
});

test('nothing has a password of its own, and what is missing is said', () => {
  const asked = [...text.matchAll(/\$\{(\w+)([^}]*)\}/g)];
  expect(new Set(asked.map(([, name]) => name))).toEqual(
    new Set(['POSTGRES_PASSWORD', 'AIPROD_METRICS_TOKEN', 'GRAFANA_PASSWORD']),
  );
  for (const [, , rest] of asked) expect(rest).toBe(':?is missing in deploy/.env');
});

test('only this machine reaches the ports, and only who needs it the database', () => {
  const ports = Object.values(services).flatMap((service) => service.ports ?? []);
  expect(ports).toHaveLength(3);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  expect(api!.ports).toEqual([`127.0.0.1:8787:${ofImage('EXPOSE')}`]);
  expect(networks.database).toEqual({ internal: true });
  const withDatabase = Object.keys(services).filter((name) => services[name]!.networks?.includes('database'));
  expect(withDatabase.sort()).toEqual(['api', 'migrate', 'postgres', 'worker']);
});

test('what is mounted exists', async () => {
  const mounts = Object.values(services).flatMap((service) => service.volumes ?? []);
  for (const mount of mounts) {
    const [source] = mount.split(':');
    if (source!.startsWith('./')) await expect(stat(join(deploy, source!)), mount).resolves.toBeDefined();
    else expect(Object.keys(volumes)).toContain(source);
  }
});

test('Prometheus finds its rules, the token, and every instance', async () => {
  const mounted = prometheus!.volumes!.map((mount) => mount.split(':')[1]!);
  const file = prometheus!.command![0]!.replace('--config.file=', '');
  expect(mounted).toContain(file);
  const config = parse(await read('prometheus/prometheus.yaml')) as {
    rule_files: string[];
    scrape_configs: {
      authorization: { credentials_file: string };
      dns_sd_configs: { names: string[]; port: number }[];
    }[];
  };
  for (const rules of config.rule_files) expect(mounted).toContain(join(dirname(file), rules));
  expect(
    config.scrape_configs.flatMap(({ dns_sd_configs }) => dns_sd_configs.flatMap(({ names }) => names)),
  ).toEqual(['api', 'worker']);
  for (const { authorization, dns_sd_configs } of config.scrape_configs) {
    const token = join(dirname(file), authorization.credentials_file);
    expect(prometheus!.secrets).toEqual([{ source: 'metrics-token', target: token }]);
    for (const { port } of dns_sd_configs) expect(String(port)).toBe(ofImage('EXPOSE'));
  }
  expect(secrets['metrics-token']).toEqual({ environment: 'AIPROD_METRICS_TOKEN' });
});

test('Grafana finds Prometheus and the dashboard', async () => {
  const sources = parse(await read('grafana/provisioning/datasources/prometheus.yaml'));
  expect(sources.datasources[0].url).toBe('http://prometheus:9090');
  const { providers } = parse(await read('grafana/provisioning/dashboards/aiprod.yaml'));
  expect(grafana!.volumes).toContain(`./grafana/dashboards:${providers[0].options.path}:ro`);
});

/** With a value for each variable, as long as a token must be. */
function filledIn(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{[^}]*\}/g, 'x'.repeat(40)),
    ]),
  );
}
