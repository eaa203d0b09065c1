// npm run demo: starts the whole system in a folder of its own, makes a video of each example, and prints where it is,
// what was measured on it, how long it took, and how much memory every process needed.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

import { createApiClient } from '../src/cli/api-client.ts';
import { CommandError } from '../src/cli/exit-codes.ts';
import { createProgressBar } from '../src/cli/progress-bar.ts';
import { formatReport } from '../src/cli/report-table.ts';
import { startSystem } from '../src/compose/compose.ts';
import { readConfig } from '../src/config/config.ts';
import { AppError } from '../src/domain/errors.ts';
import { watchMemory } from './process-memory.ts';

const examples = resolve(import.meta.dirname, '../examples');
const out = resolve('out');

/** How each example shall look and sound; one without an entry takes the API's defaults. */
const looks: Record<string, Record<string, unknown>> = {
  lighthouse: { style: 'cinematic', mood: 'dramatic', duration: 30 },
  'ocean-facts': { style: 'documentary', mood: 'mysterious', duration: 30 },
  'morning-coffee': { style: 'social', mood: 'playful', aspect_ratio: '9:16' },
  boulangerie: { style: 'retro', mood: 'calm', aspect_ratio: '4:5', language: 'fr' },
};

interface Row {
  name: string;
  tookSeconds: number;
  videoSeconds: number;
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());

try {
  await demo(process.argv.slice(2));
} catch (error) {
  if (interrupt.signal.aborted) {
    console.error('\nStopped; nothing is left running.');
    process.exitCode = 130;
  } else if (error instanceof CommandError || error instanceof AppError) {
    console.error(`${error.message}${error.hint === undefined ? '' : `\n→ ${error.hint}`}`);
    process.exitCode = 1;
  } else {
    throw error;
  }
}

/** `names` picks examples by file name without `.txt`; none = all. */
async function demo(names: string[]): Promise<void> {
  const scripts = await chooseScripts(names);
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-demo-'));
  const memory = watchMemory();
  try {
    const system = await startSystem(
      readConfig({ AIPROD_PORT: '0', AIPROD_DATA: folder, AIPROD_LOG_LEVEL: 'warn', AIPROD_ROLE: 'all' }),
    );
    try {
      const rows: Row[] = [];
      for (const name of scripts) rows.push(await makeExample(name, system.url!));
      printTimes(rows);
      printMemory(memory.stop());
    } finally {
      await system.close();
    }
  } finally {
    memory.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function chooseScripts(names: string[]): Promise<string[]> {
  const files = await readdir(examples);
  const known = files.filter((file) => file.endsWith('.txt')).map((file) => basename(file, '.txt'));
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new CommandError(2, `There is no example "${unknown}".`, `The examples are: ${known.join(', ')}.`);
  }
  return names.length > 0 ? names : known.sort();
}

async function makeExample(name: string, url: string): Promise<Row> {
  const client = createApiClient(url);
  const script = await readFile(join(examples, `${name}.txt`), 'utf8');
  console.log(`\n${name}: ${Object.values(looks[name] ?? {}).join(', ')}`);
  const startedAt = performance.now();
  const { job_id: jobId } = await client.create({ script, ...looks[name] });
  const bar = createProgressBar(process.stderr);
  const job = await client.follow(jobId, bar.update, interrupt.signal);
  bar.end();
  const tookSeconds = (performance.now() - startedAt) / 1000;
  if (job.status !== 'completed') {
    throw new CommandError(1, job.error?.detail ?? `The job ended ${job.status}.`, job.error?.hint);
  }
  const path = join(out, `${name}.mp4`);
  await client.download(jobId, 'video.mp4', path);
  console.log(`${path}\n${formatReport(job)}`);
  return { name, tookSeconds, videoSeconds: job.report!.duration };
}

function printTimes(rows: Row[]): void {
  console.log('\nHow long it took:');
  for (const { name, tookSeconds, videoSeconds } of rows) {
    const speed = (videoSeconds / tookSeconds).toFixed(1);
    console.log(
      `  ${name.padEnd(20)} ${videoSeconds.toFixed(1)} s of video in ${tookSeconds.toFixed(1)} s: ${speed} × real time`,
    );
  }
}

function printMemory(peaks: ReturnType<ReturnType<typeof watchMemory>['stop']>): void {
  console.log('\nPeak memory of every process (of many with one name, the largest):');
  for (const [name, group] of Object.entries(Object.groupBy(peaks, (peak) => peak.name))) {
    const megabytes = (group![0]!.peakBytes / 2 ** 20).toFixed(0).padStart(5);
    console.log(
      `  ${name.padEnd(20)} ${megabytes} MB${group!.length > 1 ? `  (${group!.length} processes)` : ''}`,
    );
  }
}
