// A real Prometheus on loopback, in a folder of its own, with the configuration that is shipped: only who is scraped, and
// how often, is the test's.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

import { parse, stringify } from 'yaml';

const shipped = resolve(import.meta.dirname, '../../deploy/prometheus');

/** A value that is NaN says: nothing. */
export interface Sample {
  labels: Record<string, string>;
  value: number;
}

export interface PrometheusProcess {
  url: string;
  /** What an expression is now. Throws what Prometheus has against it. */
  now(expression: string): Promise<Sample[]>;
  /** All that it was from `from` (seconds since 1970) until now. */
  since(from: number, expression: string): Promise<Sample[]>;
  /** Resolves when the expression has a value; throws with `why` after 30 s. */
  until(expression: string, why: string): Promise<void>;
  stop(): Promise<void>;
}

interface ShippedConfig {
  global: Record<string, unknown>;
  rule_files: string[];
  scrape_configs: {
    job_name: string;
    dns_sd_configs?: unknown;
    authorization?: { credentials_file: string };
  }[];
}

/** `targets`: for each job of the shipped configuration, `host:port` of who is scraped. */
export async function startPrometheus(options: {
  targets: Record<string, string[]>;
  everySeconds: number;
}): Promise<PrometheusProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-prometheus-'));
  const every = `${options.everySeconds}s`;
  const config = parse(await readFile(join(shipped, 'prometheus.yaml'), 'utf8')) as ShippedConfig;
  const ours = {
    ...config,
    global: { ...config.global, scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
    rule_files: config.rule_files.map((rules) => resolve(shipped, rules)),
    scrape_configs: config.scrape_configs
      .filter(({ job_name: job }) => options.targets[job] !== undefined)
      .map(({ dns_sd_configs: _, ...scrape }) => ({
        ...scrape,
        static_configs: [{ targets: options.targets[scrape.job_name] }],
      })),
  };
  await writeFile(join(folder, 'metrics-token'), 'not asked for on loopback');
  await writeFile(join(folder, 'prometheus.yaml'), stringify(ours));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yaml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      '--web.listen-address=127.0.0.1:0',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(child, 'exit');
  const { promise: url, resolve: found, reject } = Promise.withResolvers<string>();
  let printed = '';
  let address = '';
  createInterface({ input: child.stderr }).on('line', (line) => {
    printed = `${printed}${line}\n`.slice(-4_000);
    address = /msg="Listening on" address=(\S+)/.exec(line)?.[1] ?? address;
    if (line.includes('Server is ready')) found(`http://${address}`);
  });
  ended.then(([code]) => reject(new Error(`Prometheus ended (${code}):\n${printed}`)), reject);
  return connect(await url, options.everySeconds, async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true });
  });
}

function connect(url: string, everySeconds: number, stop: () => Promise<void>): PrometheusProcess {
  async function ask(path: string, parameters: Record<string, string>): Promise<Found[]> {
    const body = new URLSearchParams(parameters);
    const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body });
    const answer = (await response.json()) as { error?: string; data: { result: Found[] } };
    if (!response.ok) throw new Error(`${answer.error}: ${parameters.query}`);
    return answer.data.result;
  }
  const now = async (query: string) =>
    (await ask('query', { query })).map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  return {
    url,
    now,
    async since(from, query) {
      const end = Date.now() / 1000;
      const found = await ask('query_range', {
        query,
        start: `${from}`,
        end: `${end}`,
        step: `${everySeconds}`,
      });
      return found.flatMap(({ metric, values }) =>
        values.map(([, value]) => ({ labels: metric, value: Number(value) })),
      );
    },
    async until(query, why) {
      const deadline = performance.now() + 30_000;
      while ((await now(query)).length === 0) {
        if (performance.now() > deadline) throw new Error(`${why}: ${query}`);
        await delay(100);
      }
    },
    stop,
  };
}

/** `value` of a query at one time, `values` of one over a time. */
interface Found {
  metric: Record<string, string>;
  value: [number, string];
  values: [number, string][];
}
