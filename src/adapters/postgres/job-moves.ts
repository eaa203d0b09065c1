// The SQL by which a job moves: built from the transition table of domain/job.ts, so that no statement can move a job
// otherwise, and always together with its event and the notification of listeners.
import { type JobStatus, jobStatuses, type Transition, transitions } from '../../domain/job.ts';
import { jobColumns } from './job-row.ts';
import type { Statement } from './statements.ts';
import type { News } from './tell-listeners.ts';
import { nextTurn } from './turns.ts';
import { announce, messageIsDue, stateMessage, wasAnnounced } from './webhook-announcements.ts';

/** NOTIFY channel; the payload is the job id. */
export const jobChannel = 'aiprod_job';

/** Newest events that are kept per job: some three whole attempts. */
const keptEvents = 300;

/** `status = ANY(…)` over the states from which this transition may go. */
export function mayBe(transition: Transition): string {
  return isOneOf(transitions[transition].from);
}

function isOneOf(statuses: readonly JobStatus[]): string {
  return `status = ANY('{${statuses.join(',')}}')`;
}

/** `status = '…'` for SET. */
export function become(transition: Transition): string {
  return `status = '${transitions[transition].to}'`;
}

/** Statuses for which `holds` is true, as a condition. */
export function isStatusThat(holds: (status: JobStatus) => boolean): string {
  return isOneOf(jobStatuses.filter(holds));
}

/** Nobody holds the row any more. */
export const dropLease = 'lease_until = NULL, worker_id = NULL';

/** Due at `due` (SQL), and to be swept from then on. */
export function dueAt(due: string): string {
  return `due_at = ${due}, resend_at = ${due}, resends = 0`;
}

/** Waits in the queue anew, behind what its user has waiting there. */
export const takeTurn = `turn = ${nextTurn('jobs.user_id')}, parked = false`;

/** For `also` of a statement that begins a job: its minutes are of today, besides what it made today before. */
export const countMinutes = `
  INSERT INTO video_minutes AS v (job_id, user_id, day, video_ms)
  SELECT job_id, user_id, (now() AT TIME ZONE 'UTC')::date, video_ms FROM moved
  ON CONFLICT (job_id) DO UPDATE SET day = excluded.day,
    earlier_ms = CASE WHEN v.day = excluded.day THEN v.video_ms ELSE 0 END,
    video_ms = excluded.video_ms + CASE WHEN v.day = excluded.day THEN v.video_ms ELSE 0 END`;

/** For `also` of a statement that ends a job with a video: it counts as long as it is, however short its words looked. */
export const correctMinutes =
  'UPDATE video_minutes v SET video_ms = v.earlier_ms + moved.video_ms FROM moved WHERE v.job_id = moved.job_id';

/** As `also` of a statement that ends a job without a video: its minutes are given back, not those of earlier revisions. */
export const giveMinutesBack = {
  minutes: 'DELETE FROM video_minutes v USING moved WHERE v.job_id = moved.job_id AND v.earlier_ms = 0',
  minutes_before: `UPDATE video_minutes v SET video_ms = v.earlier_ms FROM moved
    WHERE v.job_id = moved.job_id AND v.earlier_ms > 0`,
};

/** For `also` of a statement that fails a job: its dead letter with id `id` (SQL), if `when` (SQL). */
export function leaveDeadLetter(id: string, when: string): string {
  return `
    INSERT INTO dead_letters (dead_letter_id, job_id, user_id, error, attempts)
    SELECT ${id}, job_id, user_id, error, attempts FROM moved WHERE ${when}`;
}

/** What runs from now on is part of the trace with this parent (SQL); null = as before. */
export function inTraceOf(parent: string): string {
  return `trace_parent = coalesce(${parent}, trace_parent)`;
}

/**
 * From an ended state back to pending as if new, in the trace of `traceParent` (SQL); `where` names the job, `more` is set
 * besides. Files of an earlier revision stay until there are others.
 */
export function againMove(
  transition: 'retry' | 'revise',
  where: string,
  traceParent: string,
  more = '',
): string {
  return `
    UPDATE jobs SET ${become(transition)}, ${dueAt('now()')}, ${takeTurn}, ${inTraceOf(traceParent)}, attempts = 0,
      stage = NULL, progress = 0,
      event_progress = 0, started_at = NULL, completed_at = NULL, error = NULL, degradations = '[]', reuse = NULL,
      event_seq = event_seq + 1${more}
    WHERE ${where} AND ${mayBe(transition)}
    RETURNING *`;
}

/** As `also` of a statement that lets a job run again: no operator is waited for any more. */
export const settleLetters = `UPDATE dead_letters d SET redriven_at = now() FROM moved
  WHERE d.job_id = moved.job_id AND d.redriven_at IS NULL`;

/**
 * A statement that runs `update` (an UPDATE or INSERT of one job that raises `event_seq` and returns every column),
 * writes the state event with what the row says now, tells listeners and the user's webhooks, prunes old events, runs `also`
 * (CTEs that may read `moved`) and returns the job's columns and `more` (SQL). No row = nothing moved.
 */
export function movingStatement(
  name: string,
  update: string,
  also: Record<string, string> = {},
  more?: string,
): Statement {
  const extra = Object.entries(also).map(([cte, sql]) => `, ${cte} AS (${sql})`);
  return {
    name,
    text: `
      WITH moved AS (${update}),
      ${eventOf('moved', `'state'`)},
      ${announce('moved', stateMessage)}
      ${extra.join('')}
      SELECT ${jobColumns}, approved, lease_epoch, ${wasAnnounced}${more === undefined ? '' : `, ${more}`} FROM moved`,
    news: (rows: MovedRow[]) => rows.flatMap(newsOfMove),
  };
}

interface MovedRow {
  job_id: string;
  announced: boolean;
}

/** For statements with the CTEs of `eventOf` and `announce`: what listeners are to be told of a job. */
export function newsOfMove({ job_id, announced }: MovedRow): News[] {
  return announced ? [newsOfJob({ job_id }), messageIsDue] : [newsOfJob({ job_id })];
}

/** Who listens for the job's events is to look. */
export const newsOfJob = ({ job_id }: { job_id: string }): News => ({ channel: jobChannel, payload: job_id });

/** CTEs that write the event of each row of `source` (columns of jobs) of type `type` (SQL). */
export function eventOf(source: string, type: string): string {
  return `
    event AS (
      INSERT INTO job_events (job_id, user_id, event_id, type, data)
      SELECT job_id, user_id, event_seq, ${type},
        jsonb_build_object('status', status, 'stage', stage, 'progress', progress)
          || CASE WHEN error IS NULL THEN '{}' ELSE jsonb_build_object('error', error) END
      FROM ${source}
    ),
    pruned AS (
      DELETE FROM job_events e USING ${source} m
      WHERE e.job_id = m.job_id AND e.event_id <= m.event_seq - ${keptEvents}
    )`;
}
