// npm run bench:render: how fast videos are made, as ratios that are taken in one run. `-- --long` also makes 5 and 10
// minutes; `-- --only=job,encoding,length,browser,remotion` picks parts. `remotion` is done only when it is named: who runs it
// must be somebody whom Remotion's licence allows to (see render/against-remotion.ts).
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { ProcessPeak } from '../scripts/process-memory.ts';
import type { RenderSceneInput } from '../src/ports/media-tools.ts';
import { renderScene } from '../src/render/render-scene.ts';
import { compareWithBrowser } from './render/against-browser.ts';
import { compareWithEncoding } from './render/against-encoding.ts';
import { compareWithRemotion } from './render/against-remotion.ts';
import { NotToBeHad } from './render/carried-chromium.ts';
import { paintSampleScene } from './render/sample-scene.ts';
import { megabytes, printTable } from './render/table.ts';
import { printTurns } from './render/turns.ts';
import { measureWholeJob, mediaPeakBytes, type WholeJob } from './render/whole-job.ts';

const usualParts = ['job', 'encoding', 'length', 'browser'];
const parts = [...usualParts, 'remotion'];
const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    only: { type: 'string', default: usualParts.join(',') },
  },
});
const wanted = values.only.split(',');
const unknown = wanted.find((part) => !parts.includes(part));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}"; the parts are ${parts.join(', ')}.`);
  process.exit(2);
}
const lengths = values.long ? [10, 30, 60, 120, 300, 600] : [10, 30, 60, 120];

console.log(`${availableParallelism()} cores, Node ${process.version}`);
if (wanted.includes('job')) await benchJob();
if (['encoding', 'browser', 'remotion'].some((part) => wanted.includes(part))) await benchScene();
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
    const ours = { name: 'ours', run: () => renderSample(input, folder) };
    if (wanted.includes('encoding')) {
      heading(
        'Rendering against encoding the same pictures alone: 4 s of 1080p30, medians of rounds in turns',
      );
      printTurns(await compareWithEncoding(ours, input, folder), 2);
    }
    if (wanted.includes('browser')) {
      heading('Rendering against capturing a page with the same layers in headless Chromium, same encoder');
      await orNotRun(async () => printTurns(await compareWithBrowser(ours, input, folder), 1));
    }
    if (wanted.includes('remotion')) {
      heading('Rendering against Remotion with the same layers, camera and caption');
      await orNotRun(async () => {
        const { measured, bundleSeconds } = await compareWithRemotion(ours, input, folder);
        printTurns(measured, 1);
        console.log(`bundling, once and not counted: ${bundleSeconds.toFixed(1)} s`);
      });
      console.log('short-video-maker: renders by Remotion, with its settings as they come');
      console.log(
        'MoneyPrinterTurbo: not run, for moviepy, by which it composes, comes from neither npm nor Debian',
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function renderSample(input: RenderSceneInput, scratch: string): Promise<number> {
  await renderScene(input, { scratch, signal: new AbortController().signal });
  return input.scene.endFrame - input.scene.startFrame;
}

/** Only what cannot be had is forgiven; what fails while it is measured is a failure. */
async function orNotRun(compare: () => Promise<void>): Promise<void> {
  try {
    await compare();
  } catch (error) {
    if (!(error instanceof NotToBeHad)) throw error;
    console.log(`not run: ${error.message}`);
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
