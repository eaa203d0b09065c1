// A double of the APIs of Cloud Run, Cloud Build and Cloud Monitoring for gcloud, which reaches it as its HTTP proxy: keeps nothing, remembers
// what gcloud made of a YAML file, and refuses what Cloud Run refuses.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What is to be built, as gcloud sent it. */
interface Build {
  steps: { name: string; args: string[] }[];
  images: string[];
  substitutions: Record<string, string>;
}

const buildStarted = {
  '@type': 'type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata',
  build: { id: 'a-build', projectId: 'my-project', status: 'QUEUED', logUrl: 'https://logs.invalid/a-build' },
};

/** What was made in Cloud Monitoring: a notification channel, an alert policy or an uptime check. */
interface Monitored {
  /** As in its name: alertPolicies and so on. */
  kind: string;
  body: Record<string, unknown> & { name: string };
}

interface Replaced {
  /** Whether only a check was asked for. */
  dryRun: boolean;
  /** As gcloud sent it. */
  body: { metadata: { name: string; namespace: string }; spec: unknown };
}

export async function startCloudRunDouble() {
  const replaced: Replaced[] = [];
  const builds: Build[] = [];
  const monitored: Monitored[] = [];
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const [, kind] = /^\S*\/v3\/projects\/my-project\/(\w+)/.exec(request.url!) ?? [];
    if (kind !== undefined && request.method === 'GET') {
      return answer(200, { [kind]: monitored.filter((each) => each.kind === kind).map(({ body }) => body) });
    }
    if (kind !== undefined) {
      const name = `projects/my-project/${kind}/${monitored.length + 1}`;
      const body = { ...(JSON.parse(await textOf(request)) as object), name };
      monitored.push({ kind, body });
      return answer(200, body);
    }
    if (request.method === 'GET') return answer(404, refusal(404, 'NOT_FOUND', 'Resource not found.'));
    const text = await textOf(request);
    if (request.url!.includes('/builds')) {
      builds.push(JSON.parse(text) as Build);
      return answer(200, { name: 'operations/build', metadata: buildStarted });
    }
    const body = JSON.parse(text) as Replaced['body'];
    // The manifest is understood, but these have no meaning on Cloud Run.
    if (JSON.stringify(body).includes('"securityContext"')) {
      return answer(400, refusal(400, 'INVALID_ARGUMENT', 'securityContext is not supported'));
    }
    replaced.push({ dryRun: request.url!.includes('dryRun=all'), body });
    return answer(200, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-cloud-run-'));
  const token = join(folder, 'token');
  await writeFile(token, 'a-token');
  const { port } = server.address() as AddressInfo;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    CLOUDSDK_CONFIG: folder,
    CLOUDSDK_CORE_CHECK_GCE_METADATA: '0',
    CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_RUN: 'http://run.invalid/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING: 'http://monitoring.invalid/',
    CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBUILD: 'http://cloudbuild.invalid/',
    CLOUDSDK_PROXY_TYPE: 'http_no_tunnel',
    CLOUDSDK_PROXY_ADDRESS: '127.0.0.1',
    CLOUDSDK_PROXY_PORT: `${port}`,
  };

  const place = ['--project=my-project', '--region=europe-west1', `--access-token-file=${token}`];
  const gcloud = (...args: string[]) =>
    promisify(execFile)('gcloud', [...args, ...place], { env, timeout: 60_000 });

  return {
    /** What gcloud makes of `yaml`. Throws what gcloud says when it or Cloud Run refuses. */
    async replace(kind: 'services' | 'jobs', yaml: string): Promise<Replaced> {
      const file = join(folder, 'manifest.yaml');
      await writeFile(file, yaml);
      // Jobs have no --dry-run; without --async gcloud would wait for the job to become ready.
      const flag = kind === 'services' ? '--dry-run' : '--async';
      await gcloud('run', kind, 'replace', file, flag);
      return replaced.pop()!;
    },
    /** What gcloud makes of the file of a build and these substitutions. Throws when it refuses it. */
    async build(config: string, substitutions: string): Promise<Build> {
      await gcloud(
        ...[
          'builds',
          'submit',
          '--no-source',
          '--async',
          `--config=${config}`,
          `--substitutions=${substitutions}`,
        ],
      );
      return builds.pop()!;
    },
    /** What a script of bash makes in Cloud Monitoring. It finds the folder `deploy` of `root` where it runs. */
    async run(script: string, root: string): Promise<Monitored[]> {
      await cp(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true });
      const { CLOUDSDK_CORE_DISABLE_PROMPTS: _, ...asking } = env;
      await promisify(execFile)('bash', ['--norc', '-euo', 'pipefail', '-c', script], {
        cwd: folder,
        env: { ...asking, CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: token },
        timeout: 120_000,
      });
      return monitored.splice(0);
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

function refusal(code: number, status: string, message: string) {
  return { error: { code, status, message } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
