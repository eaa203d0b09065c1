// npm run bench:render: how fast videos are made, as ratios that are taken in one run. `-- --long` also makes 5 and 10
// minutes; `-- --only=job,encoding,length,browser` picks parts.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ProcessPeak } from '../scripts/process-memory.ts';
import { measureBrowser } from './render/against-browser.ts';
import { compareWithEncoding } from './render/against-encoding.ts';
import { paintSampleScene } from './render/sample-scene.ts';
import { megabytes, printTable } from './render/table.ts';
import { measureWholeJob, mediaPeakBytes, type WholeJob } from './render/whole-job.ts';

const parts = ['job', 'encoding', 'length', 'browser'] as const;
const { values } = parseArgs({
  options: { long: { type: 'boolean', default: false }, only: { type: 'string', default: parts.join(',') } },
});
const wanted = values.only.split(',');
const unknown = wanted.find((part) => !(parts as readonly string[]).includes(part));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}"; the parts are ${parts.join(', ')}.`);
  process.exit(2);
}
const lengths = values.long ? [10, 30, 60, 120, 300, 600] : [10, 30, 60, 120];

console.log(`${availableParallelism()} cores, Node ${process.version}`);
if (wanted.includes('job')) await benchJob();
if (wanted.includes('encoding') || wanted.includes('browser')) await benchScene();
if (wanted.includes('length')) await benchLengths();

async function benchJob(): Promise<void> {
  const script = await readFile(new URL('../examples/lighthouse.txt', import.meta.url), 'utf8');
  const job = await measureWholeJob({ script, style: 'cinematic', mood: 'dramatic', duration: 30 });
  heading('A whole job: 30 s of 1080p30');
  console.log(
    `${job.wallSeconds.toFixed(1)} s for ${job.videoSeconds.toFixed(1)} s of video: ${(job.videoSeconds / job.wallSeconds).toFixed(2)} × real time; ${job.cpuSeconds.toFixed(1)} s of CPU in all processes, ${coresHad(job)} cores had`,
  );
  printTable([
    ['task', 'runs', 'seconds', 'CPU seconds'],
    ...job.tasks.map(({ task, runs, wallSeconds, cpuSeconds }) => [
      task,
      `${runs}`,
      wallSeconds.toFixed(2),
      cpuSeconds.toFixed(2),
    ]),
  ]);
  console.log('');
  printTable([
    ['process', 'peak memory', 'CPU seconds'],
    ...groupByName(job.processes).map(([name, group]) => [
      group.length === 1 ? name : `${name}, ${group.length} of them, the largest`,
      megabytes(Math.max(...group.map(({ peakBytes }) => peakBytes))),
      group.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0).toFixed(1),
    ]),
  ]);
}

async function benchScene(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'aiprod-bench-'));
  try {
    const input = await paintSampleScene(folder);
    const { rendering, encoding, ratio } = await compareWithEncoding(input, folder);
    heading(
      'Rendering against encoding the same pictures alone: 4 s of 1080p30, medians of five rounds in turns',
    );
    printTable([
      ['', 'frames/s', 'CPU ms/frame'],
      ['rendering', rendering.framesPerSecond.toFixed(1), rendering.cpuMsPerFrame.toFixed(1)],
      ['encoding alone', encoding.framesPerSecond.toFixed(1), encoding.cpuMsPerFrame.toFixed(1)],
    ]);
    console.log(`ratio ${ratio.toFixed(2)}`);
    if (!wanted.includes('browser')) return;
    const browser = await measureBrowser(input, folder);
    heading(
      'Rendering against capturing a page with the same layers in headless Chromium, into the same encoder',
    );
    if ('notRun' in browser) {
      console.log(`not run: ${browser.notRun}`);
      return;
    }
    printTable([
      ['', 'frames/s'],
      ['ours', rendering.framesPerSecond.toFixed(1)],
      ['Chromium', browser.framesPerSecond.toFixed(1)],
    ]);
    console.log(`ratio ${(rendering.framesPerSecond / browser.framesPerSecond).toFixed(1)}`);
    console.log('Remotion, which captures the same way: not run, for its licence is not an open one');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchLengths(): Promise<void> {
  heading('Cost against length: 1080p30');
  const head = [
    'video',
    'seconds',
    'seconds/second',
    'CPU/second',
    'cores had',
    'media process',
    'API and worker',
  ];
  const print = (row: string[]) =>
    console.log(row.map((cell, i) => cell.padStart(head[i]!.length)).join('   '));
  print(head);
  for (const seconds of lengths) {
    const job = await measureWholeJob({ script: scriptOf(seconds), style: 'documentary', mood: 'calm' });
    const server = job.processes.find(({ name }) => name === 'API and worker')!;
    print([
      `${job.videoSeconds.toFixed(0)} s`,
      job.wallSeconds.toFixed(1),
      (job.wallSeconds / job.videoSeconds).toFixed(2),
      (job.cpuSeconds / job.videoSeconds).toFixed(2),
      coresHad(job),
      megabytes(mediaPeakBytes(job)),
      megabytes(server.peakBytes),
    ]);
  }
}

/** Far below the cores of the machine, others had them: media processes give way. */
function coresHad({ cpuSeconds, wallSeconds }: WholeJob): string {
  return (cpuSeconds / wallSeconds).toFixed(2);
}

/** Sentences of about five seconds each, as many as `seconds` take. */
function scriptOf(seconds: number): string {
  const places = ['mountain', 'river', 'city', 'forest', 'sea', 'desert'];
  const count = Math.max(1, Math.round(seconds / 5.6));
  return Array.from(
    { length: count },
    (_, n) =>
      `Day ${n + 1} begins where the ${places[n % places.length]} is quiet, and somebody is already awake.`,
  ).join('\n\n');
}

/** Processes with names of their own, except PostgreSQL's many. */
function groupByName(processes: ProcessPeak[]): [string, ProcessPeak[]][] {
  const groups = Map.groupBy(processes, ({ name, pid }) =>
    name === 'PostgreSQL' ? name : `${name} (${pid})`,
  );
  return [...groups];
}

function heading(text: string): void {
  console.log(`\n${text}`);
}
