// aiprod make: one script becomes one MP4, with a progress bar; Ctrl-C cancels the job.
import { readFile } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { type Config, readConfig } from '../../config.ts';
import { type Connection, connect } from '../connect.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import { createProgressBar } from '../progress-bar.ts';
import { formatReport } from '../report-table.ts';
import type { JobView } from '../views.ts';

export const makeOptions = {
  style: { type: 'string' },
  mood: { type: 'string' },
  duration: { type: 'string' },
  aspect: { type: 'string' },
  resolution: { type: 'string' },
  fps: { type: 'string' },
  language: { type: 'string' },
  voice: { type: 'string' },
  captions: { type: 'string' },
  seed: { type: 'string' },
  strict: { type: 'boolean' },
  'no-music': { type: 'boolean' },
  'no-effects': { type: 'boolean' },
  'no-captions': { type: 'boolean' },
  out: { type: 'string' },
  server: { type: 'string' },
} as const;

type Values = { [Name in keyof typeof makeOptions]?: string | boolean };

export async function make([scriptPath, ...rest]: string[], values: Values): Promise<ExitCode> {
  if (scriptPath === undefined || rest.length > 0) {
    throw new CommandError(
      exitCodes.usage,
      'make takes one script file, or - for standard input.',
      'aiprod make --help',
    );
  }
  const request = toRequest(await readScript(scriptPath), values);
  const name = scriptPath === '-' ? 'video' : basename(scriptPath, extname(scriptPath));
  const out = resolve(typeof values.out === 'string' ? values.out : `out/${name}.mp4`);
  const config: Config = readConfig();
  const connection = await connect(values.server as string | undefined, config);
  try {
    return await makeAndSave(request, out, connection);
  } finally {
    await connection.close();
  }
}

async function makeAndSave(
  request: Record<string, unknown>,
  out: string,
  { client }: Connection,
): Promise<ExitCode> {
  const { job_id: jobId } = await client.create(request);
  const bar = createProgressBar(process.stderr);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  let job: JobView;
  try {
    job = await client.follow(jobId, bar.update, interrupt.signal);
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    bar.end();
    const { status } = await client.cancel(jobId).catch(() => client.get(jobId));
    if (status !== 'completed') {
      process.stderr.write(`Canceled job ${jobId}. Finished steps are kept: making it again goes faster.\n`);
      return exitCodes.interrupted;
    }
    job = await client.get(jobId);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
  bar.end();
  if (job.status !== 'completed') {
    throw new CommandError(
      exitCodes.failed,
      job.error?.detail ?? `The job ended ${job.status}.`,
      job.error?.hint,
    );
  }
  await client.download(jobId, 'video.mp4', out);
  process.stdout.write(`${out}\n`);
  process.stderr.write(`${formatReport(job)}\n`);
  return exitCodes.ok;
}

async function readScript(path: string): Promise<string> {
  if (path === '-') return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CommandError(
      exitCodes.usage,
      `Cannot read the script ${path} (${code}).`,
      'Give the path of a text file.',
    );
  }
}

/** Option values go to the API as they are: it knows what is allowed and says so. */
function toRequest(script: string, values: Values): Record<string, unknown> {
  const numeric = (value: string | boolean | undefined) =>
    typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : value;
  const members = {
    script,
    style: values.style,
    mood: values.mood,
    duration: numeric(values.duration),
    aspect_ratio: values.aspect,
    resolution: values.resolution,
    fps: numeric(values.fps),
    language: values.language,
    voice: values.voice,
    seed: numeric(values.seed),
    strict: values.strict,
    captions: values['no-captions'] ? { enabled: false } : values.captions && { style: values.captions },
    audio: { ...(values['no-music'] && { music: false }), ...(values['no-effects'] && { effects: false }) },
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
