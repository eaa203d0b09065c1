// Makes one small video through a service, looks at what comes of it, and removes it again, whatever happens.
import { createHash } from 'node:crypto';

import type { ApiClient, JobState } from '../api-client.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { JobView } from '../views.ts';
import { failed, judge, type Tell } from './check-server.ts';
import { readJson, type Target } from './target.ts';

const fileWithinMs = 60_000;
const mp4Brand = 'ftyp';

export interface VideoCheck {
  target: Target;
  client: Pick<ApiClient, 'create' | 'get' | 'follow' | 'remove'>;
  loginAsked: boolean;
  /** Fail rather than fall back. */
  strict: boolean;
  withinMs: number;
  onProgress(state: JobState): void;
}

/** Tells each finding as it is made; false when one failed. Throws the target's signal's reason, with the job removed. */
export async function checkVideo(check: VideoCheck, tell: Tell): Promise<boolean> {
  let ok = true;
  const look = async (name: string, ask: () => Promise<string>): Promise<boolean> => {
    const finding = await judge(name, ask);
    tell(finding);
    ok &&= finding.ok;
    return finding.ok;
  };
  let jobId = '';
  const isCreated = await look('create', async () => {
    jobId = (await check.client.create(requestAt(new Date(), check.strict))).job_id;
    return `job ${jobId}`;
  });
  if (!isCreated) return false;
  try {
    let made: JobView | undefined;
    const isMade = await look('video', async () => {
      made = await follow(check, jobId);
      return tellVideo(made);
    });
    if (isMade && made !== undefined) {
      const job = made;
      await look('report', async () => tellReport(job));
      await look('files', () => checkFiles(check.target, job));
      if (check.loginAsked) await look('privacy', () => checkPrivacy(check.target, jobId));
    }
  } finally {
    await look('delete', () => remove(check, jobId));
  }
  return ok;
}

/** Words that were never spoken before: what was made earlier would be reused, and nothing be tried. */
function requestAt(now: Date, strict: boolean): Record<string, unknown> {
  const [day, time] = now.toISOString().split(/[TZ]/);
  return {
    script: `This is a smoke test. It began on ${day} at ${time!.slice(0, 8)}.`,
    style: 'minimal',
    mood: 'calm',
    resolution: '720p',
    fps: 24,
    seed: now.getTime() % 1_000_000,
    strict,
    audio: { effects: false },
    metadata: { purpose: 'aiprod smoke' },
  };
}

async function follow({ target, client, withinMs, onProgress }: VideoCheck, jobId: string): Promise<JobView> {
  const late = AbortSignal.timeout(withinMs);
  try {
    return await client.follow(jobId, onProgress, AbortSignal.any([late, target.signal]));
  } catch (error) {
    target.signal.throwIfAborted();
    if (!late.aborted) throw error;
    const { status, stage } = await client.get(jobId);
    throw failed(
      `After ${withinMs / 1000} s the job is ${status}${stage === null ? '' : `, at ${stage}`}.`,
      status === 'pending'
        ? 'No worker takes it: docs/operations/runbook.md, QueueStalled.'
        : 'Give it longer with --within, or see docs/operations/troubleshooting.md.',
    );
  }
}

function tellVideo({ status, error, started_at, completed_at, video, degradations, cost }: JobView): string {
  if (status !== 'completed' || video === null)
    throw failed(`The job ended ${status}: ${error?.detail ?? 'no reason given'}`, error?.hint);
  const seconds = (Date.parse(completed_at!) - Date.parse(started_at!)) / 1000;
  const spent = cost.actual_micro_usd === 0 ? '' : `, for ${cost.actual_micro_usd} micro-USD`;
  const fallbacks = degradations.map(({ capability, cause }) => `; ${capability} fell back: ${cause}`);
  return `${video.duration.toFixed(1)} s of ${video.height}p made in ${seconds.toFixed(1)} s${spent}${fallbacks.join('')}`;
}

function tellReport({ report }: JobView): string {
  if (report === null) throw failed('The job is completed without a report.');
  const missed = report.gates.filter(({ passed }) => !passed);
  if (missed.length > 0) {
    const said = missed.map(({ name, measured, required }) => `${name}: ${measured}, required ${required}`);
    throw failed(`Gates are missed: ${said.join('; ')}`);
  }
  const { integrated_lufs: loudness } = report.loudness;
  return `${report.gates.length} gates passed; ${report.video.codec} and ${report.audio.codec}, ${loudness.toFixed(1)} LUFS`;
}

/** Every file, whole, by its digest; and a piece of the video, as players ask for it. */
async function checkFiles({ ask, apiKey: key }: Target, { job_id: jobId, files }: JobView): Promise<string> {
  const names = Object.keys(files);
  for (const name of ['video.mp4', 'thumbnail.jpg', 'captions.vtt', 'report.json', 'manifest.json'])
    if (files[name] === undefined) throw failed(`There is no ${name}.`);
  let bytes = 0;
  for (const name of names) {
    const { status, body } = await ask(pathOf(jobId, name), { key, withinMs: fileWithinMs });
    if (status !== 200) throw failed(`${name} answers ${status}, not 200.`);
    if (createHash('sha256').update(body).digest('hex') !== files[name]!.digest)
      throw failed(
        `${name} came with other bytes than were stored (${body.length} of ${files[name]!.bytes}).`,
      );
    bytes += body.length;
  }
  const range = await ask(pathOf(jobId, 'video.mp4'), { key, headers: { range: 'bytes=4-7' } });
  if (range.status !== 206 || range.body.toString('latin1') !== mp4Brand)
    throw failed(
      `A byte range of video.mp4 answers ${range.status} with ${range.body.length} bytes, not 206 with 4.`,
    );
  return `${names.length} files, ${(bytes / 1e6).toFixed(1)} MB, each with its digest`;
}

/** What is somebody's own must not be read by somebody who shows nothing. */
async function checkPrivacy({ ask }: Target, jobId: string): Promise<string> {
  for (const path of [`/v1/videos/${jobId}`, pathOf(jobId, 'video.mp4')])
    readJson(`${path} without a key`, await ask(path), 401);
  return 'job and files are refused to strangers';
}

async function remove({ client, target }: VideoCheck, jobId: string): Promise<string> {
  await client.remove(jobId);
  // Asked anew: an interrupt must not leave the job behind, but needs no proof that it is gone.
  if (target.signal.aborted) return 'the job is gone';
  const gone = await client.get(jobId).then(
    () => false,
    (error: unknown) => {
      if (error instanceof CommandError && error.code === 'not_found') return true;
      throw error;
    },
  );
  if (!gone) throw new CommandError(exitCodes.failed, 'The job was deleted and can still be read.');
  return 'the job is gone';
}

function pathOf(jobId: string, name: string): string {
  return `/v1/videos/${jobId}/files/${name}`;
}
