// Reads the files of deploy/google-cloud as Terraform and envsubst fill them in, with the values of the documents' example.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { parse } from 'yaml';

export const googleCloudFolder = resolve(import.meta.dirname, '../../deploy/google-cloud');

export const exampleValues = {
  project: 'my-project',
  region: 'europe-west1',
  network: 'default',
  subnetwork: 'default',
  bucket: 'my-project-aiprod',
  image: `europe-west1-docker.pkg.dev/my-project/aiprod/aiprod@sha256:${'0123456789abcdef'.repeat(4)}`,
  worker_url: 'https://aiprod-worker-123456789012.europe-west1.run.app',
  oidc_issuer: 'https://login.example.com/',
  oidc_audience: 'https://video.example.com',
  oidc_jwks_url: 'https://login.example.com/keys',
  api_host: 'aiprod-api-123456789012.europe-west1.run.app',
  alert_email: 'on-call@example.com',
  documents_url: 'https://git.example.com/aiprod/blob/main/',
};

interface Probe {
  httpGet: { path: string; port: number };
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
}

interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  ports?: { containerPort: number }[];
  resources: { limits: { cpu: string; memory: string } };
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  volumeMounts?: { name: string; mountPath: string }[];
  startupProbe?: Probe;
  livenessProbe?: Probe;
}

/** What a revision of a service, or a task of a job, is made from. */
interface Instance {
  /** Of a job's task. */
  maxRetries?: number;
  serviceAccountName: string;
  containers: Container[];
  volumes: { name: string; secret: { secretName: string; items: { key: string; path: string }[] } }[];
}

interface Service {
  metadata: { name: string; annotations: Record<string, string> };
  spec: {
    template: {
      metadata: { annotations: Record<string, string> };
      spec: Instance & { containerConcurrency: number; timeoutSeconds: number };
    };
  };
}

interface Job {
  metadata: { name: string };
  spec: {
    template: { metadata: { annotations: Record<string, string> }; spec: { template: { spec: Instance } } };
  };
}

export const readDeployFile = (name: string) => readFile(join(googleCloudFolder, name), 'utf8');

/** Throws for a `${name}` that has no value. */
export function fillIn(text: string, values: Record<string, string> = exampleValues): string {
  return text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`\${${name}} has no value`);
    return value;
  });
}

export const filledIn = async (name: string, values = exampleValues) =>
  fillIn(await readDeployFile(name), values);

export const readService = async (name: string, values = exampleValues) =>
  parse(await filledIn(name, values)) as Service;
export const readJob = async (name: string, values = exampleValues) =>
  parse(await filledIn(name, values)) as Job;

/** The environment of a container; secrets are given stand-ins that the configuration accepts. */
export function environmentOf({ env = [] }: Pick<Container, 'env'>): Record<string, string> {
  const secrets: Record<string, string> = {
    DATABASE_URL: 'postgresql://aiprod:secret@10.0.0.2/aiprod?sslmode=verify-ca',
    AIPROD_AUDIT_KEY: Buffer.alloc(32, 7).toString('base64'),
    AIPROD_KEY_PEPPER: 'p'.repeat(44),
  };
  return Object.fromEntries(env.map(({ name, value }) => [name, value ?? secrets[name] ?? `no stand-in`]));
}

/** Names of the secrets that an instance reads, as variables and as files. */
export function secretsOf({ containers, volumes }: Instance): string[] {
  const variables = containers.flatMap(({ env = [] }) =>
    env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef.name ?? []),
  );
  return [...new Set([...variables, ...volumes.map(({ secret }) => secret.secretName)])].sort();
}
