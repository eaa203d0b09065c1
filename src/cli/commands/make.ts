// aiprod make: one script becomes one MP4, with a progress bar; Ctrl-C cancels the job.
import { readConfig } from '../../config/config.ts';
import { type Connection, connect } from '../connect.ts';
import { creditsIn } from '../credits.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';
import { catchInterrupts } from '../interrupts.ts';
import { placeMedia, planScenes } from '../own-media.ts';
import { createProgressBar } from '../progress-bar.ts';
import { formatReport } from '../report-table.ts';
import { prepareOutput, readScript } from '../script-file.ts';
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
  media: { type: 'string', multiple: true },
  fit: { type: 'string' },
  seed: { type: 'string' },
  webhook: { type: 'string' },
  rewrite: { type: 'boolean' },
  strict: { type: 'boolean' },
  'no-music': { type: 'boolean' },
  'no-effects': { type: 'boolean' },
  'no-captions': { type: 'boolean' },
  'no-title': { type: 'boolean' },
  out: { type: 'string' },
  server: { type: 'string' },
} as const;

type Values = {
  [Name in keyof typeof makeOptions]?: Name extends 'media'
    ? string[]
    : (typeof makeOptions)[Name]['type'] extends 'string'
      ? string
      : boolean;
};

export async function make([scriptPath, ...rest]: string[], values: Values): Promise<ExitCode> {
  if (scriptPath === undefined || rest.length > 0) {
    throw new CommandError(
      exitCodes.usage,
      'make takes one script file, or - for standard input.',
      'aiprod make --help',
    );
  }
  const config = readConfig();
  const script = await readScript(scriptPath);
  if (values.fit !== undefined && values.media === undefined) {
    throw new CommandError(exitCodes.usage, '--fit says how --media is shown.', 'aiprod make --help');
  }
  const plan = values.media && (await planScenes(script, values.media));
  const request = { ...(plan === undefined && { script }), ...toRequest(values) };
  const out = await prepareOutput(values.out, scriptPath);
  using interrupts = catchInterrupts();
  const connection = await connect(values.server, config);
  try {
    const scenes = plan && (await placeMedia(plan, values.fit, connection.client.upload));
    const whole = { ...request, ...(scenes && { scenes }) };
    return await makeAndSave(whole, out, connection, interrupts.signal);
  } finally {
    await connection.close();
  }
}

async function makeAndSave(
  request: Record<string, unknown>,
  out: string,
  { client }: Connection,
  interrupt: AbortSignal,
): Promise<ExitCode> {
  if (interrupt.aborted) {
    process.stderr.write('Stopped before a job was made.\n');
    return exitCodes.interrupted;
  }
  const { job_id: jobId } = await client.create(request);
  const bar = createProgressBar(process.stderr);
  let job: JobView;
  try {
    job = await client.follow(jobId, bar.update, interrupt);
  } catch (error) {
    if (!interrupt.aborted) throw error;
    // The job may have ended before it could be canceled: then it is what it is.
    job = await client.cancel(jobId).catch(() => client.get(jobId));
    if (job.status === 'canceled') {
      bar.end();
      process.stderr.write(`Canceled job ${jobId}. Finished steps are kept: making it again goes faster.\n`);
      return exitCodes.interrupted;
    }
  } finally {
    bar.end();
  }
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
  const credits = creditsIn(await client.readText(jobId, 'description.txt'));
  if (credits !== '') process.stderr.write(`${credits}\n`);
  return exitCodes.ok;
}

/** Option values go to the API as they are: it knows what is allowed and says so. */
function toRequest(values: Values): Record<string, unknown> {
  const numeric = (value: string | undefined) =>
    value !== undefined && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
  const members = {
    style: values.style,
    mood: values.mood,
    duration: numeric(values.duration),
    aspect_ratio: values.aspect,
    resolution: values.resolution,
    fps: numeric(values.fps),
    language: values.language,
    voice: values.voice,
    seed: numeric(values.seed),
    webhook_url: values.webhook,
    rewrite: values.rewrite,
    strict: values.strict,
    captions: values['no-captions'] ? { enabled: false } : values.captions && { style: values.captions },
    title_cards: values['no-title'] ? false : undefined,
    audio: { ...(values['no-music'] && { music: false }), ...(values['no-effects'] && { effects: false }) },
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
