// What a user may have under way and make in a day: asked before a job begins, under the user's lock (turns.ts).
import { AppError } from '../../domain/errors.ts';
import { mayBe } from './job-moves.ts';
import { type Executor, rowsOf } from './statements.ts';
import type { UserLimits } from './turns.ts';

// Counts no further than the limit.
const countWork = {
  name: 'user_limits_count',
  text: `
    SELECT
      (SELECT count(*) FROM (
        SELECT FROM jobs WHERE user_id = $1 AND ${mayBe('cancel')} LIMIT $2::int
      ) counted)::int AS jobs,
      coalesce((
        SELECT sum(video_ms) FROM video_minutes
        WHERE user_id = $1 AND day = (now() AT TIME ZONE 'UTC')::date
      ), 0)::float8 AS "videoMs"`,
};

const findEnded = {
  name: 'user_limits_ended',
  text: `SELECT video_ms FROM jobs WHERE job_id = $1 AND user_id = $2 AND ${mayBe('retry')}`,
};

/** As `refuseBeyondLimits`, of a job that may be tried again; says nothing of any other. */
export async function refuseRetryBeyondLimits(
  client: Executor,
  userId: string,
  jobId: string,
  limits: UserLimits,
): Promise<void> {
  const [job] = await rowsOf<{ video_ms: number }>(client, findEnded, [jobId, userId]);
  if (job !== undefined) await refuseBeyondLimits(client, userId, job.video_ms, limits);
}

/** Throws `limit_reached` when the user may not begin another job of `videoMs`. */
export async function refuseBeyondLimits(
  client: Executor,
  userId: string,
  videoMs: number,
  { jobsWaiting, dailyVideoMs }: UserLimits,
): Promise<void> {
  if (jobsWaiting === undefined && dailyVideoMs === undefined) return;
  const [row] = await rowsOf<{ jobs: number; videoMs: number }>(client, countWork, [
    userId,
    jobsWaiting ?? 0,
  ]);
  const work = row!;
  if (jobsWaiting !== undefined && work.jobs >= jobsWaiting) {
    throw new AppError('limit_reached', `You have ${jobsWaiting} videos that are not finished.`, {
      hint: 'Wait until some are finished, or cancel what you do not need; then send the request again.',
    });
  }
  if (dailyVideoMs !== undefined && work.videoMs + videoMs > dailyVideoMs) {
    const left = Math.max(0, dailyVideoMs - work.videoMs);
    const [allowed, leftSeconds] = [dailyVideoMs / 60_000, Math.floor(left / 1000)];
    throw new AppError('limit_reached', `You may make ${allowed} minutes of video per day.`, {
      hint: `Today ${leftSeconds} seconds are left: ask for a shorter video, or come again after midnight UTC.`,
    });
  }
}
