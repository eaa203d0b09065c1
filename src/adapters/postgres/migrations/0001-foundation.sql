-- Jobs, their events, dead letters, step results and the blobs these name. Times come from the database's clock.

-- The truth about each job. State moves only as src/domain/job.ts allows; worker writes carry lease_epoch.
CREATE TABLE jobs (
  job_id         uuid             PRIMARY KEY,
  user_id        text             NOT NULL,
  status         text             NOT NULL
    CHECK (status IN ('pending', 'processing', 'awaiting_approval', 'completed', 'failed', 'canceled')),
  stage          text,
  progress       double precision NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
  request        jsonb            NOT NULL,
  approved       boolean          NOT NULL DEFAULT false,
  -- Whole milliseconds, as page cursors carry them.
  created_at     timestamptz(3)   NOT NULL DEFAULT now(),
  started_at     timestamptz,
  completed_at   timestamptz,
  -- Claims that count; the first is not a retry.
  attempts       integer          NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  max_retries    integer          NOT NULL CHECK (max_retries >= 0),
  -- Not to be claimed before.
  due_at         timestamptz      NOT NULL DEFAULT now(),
  -- From when on the sweep may count the job as forgotten by the queue, and how often it has sent it again.
  resend_at      timestamptz      NOT NULL DEFAULT now(),
  resends        integer          NOT NULL DEFAULT 0,
  worker_id      text,
  lease_epoch    integer          NOT NULL DEFAULT 0,
  lease_until    timestamptz,
  -- Id of the newest event, and the progress it told.
  event_seq      integer          NOT NULL DEFAULT 0,
  event_progress double precision NOT NULL DEFAULT 0,
  error          jsonb,
  degradations   jsonb            NOT NULL DEFAULT '[]',
  cost           jsonb            NOT NULL,
  reuse          jsonb,
  report         jsonb,
  video          jsonb,
  files          jsonb            NOT NULL DEFAULT '{}',
  CHECK ((status = 'processing') = (lease_until IS NOT NULL)),
  CHECK ((status IN ('completed', 'failed', 'canceled')) = (completed_at IS NOT NULL))
) WITH (fillfactor = 80);

CREATE INDEX jobs_by_user ON jobs (user_id, created_at DESC, job_id DESC);
CREATE INDEX jobs_by_user_and_status ON jobs (user_id, status, created_at DESC, job_id DESC);
-- Also finds what is processing, which is little at a time; lease_until has no index so that heartbeats stay cheap
-- (HOT) updates.
CREATE INDEX jobs_by_status ON jobs (status);
CREATE INDEX jobs_pending ON jobs (resend_at) WHERE status = 'pending';

CREATE TABLE idempotency_keys (
  user_id     text        NOT NULL,
  key         text        NOT NULL,
  body_digest text        NOT NULL,
  job_id      uuid        NOT NULL REFERENCES jobs ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  created_at  timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_by_job ON idempotency_keys (job_id);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE job_events (
  job_id   uuid        NOT NULL REFERENCES jobs ON DELETE CASCADE,
  event_id integer     NOT NULL,
  type     text        NOT NULL CHECK (type IN ('state', 'stage', 'progress')),
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  data     jsonb       NOT NULL,
  PRIMARY KEY (job_id, event_id)
);

CREATE TABLE dead_letters (
  dead_letter_id uuid        PRIMARY KEY,
  job_id         uuid        NOT NULL REFERENCES jobs ON DELETE CASCADE,
  user_id        text        NOT NULL,
  error          jsonb       NOT NULL,
  attempts       integer     NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  redriven_at    timestamptz
);
CREATE INDEX dead_letters_open_first
  ON dead_letters ((redriven_at IS NOT NULL), created_at DESC, dead_letter_id DESC);
CREATE INDEX dead_letters_by_job ON dead_letters (job_id);

-- What finished steps made, per user; used_at is when a job last asked for it.
CREATE TABLE step_results (
  user_id        text        NOT NULL,
  step_key       text        NOT NULL,
  step           text        NOT NULL,
  result         jsonb       NOT NULL,
  blobs          text[]      NOT NULL,
  created_at     timestamptz NOT NULL DEFAULT now(),
  used_at        timestamptz NOT NULL DEFAULT now(),
  -- Set when the last job that named it was removed by its user: need not be kept for the whole grace period.
  unwanted_since timestamptz,
  PRIMARY KEY (user_id, step_key)
);
CREATE INDEX step_results_by_use ON step_results (used_at);
CREATE INDEX step_results_unwanted ON step_results (unwanted_since) WHERE unwanted_since IS NOT NULL;

CREATE TABLE step_runs (
  job_id      uuid        NOT NULL REFERENCES jobs ON DELETE CASCADE,
  step_id     text        NOT NULL,
  user_id     text        NOT NULL,
  step        text        NOT NULL,
  step_key    text        NOT NULL,
  outcome     text        NOT NULL CHECK (outcome IN ('ran', 'reused', 'failed')),
  reason      text        NOT NULL,
  changed     text[]      NOT NULL,
  duration_ms integer     NOT NULL CHECK (duration_ms >= 0),
  parts       jsonb       NOT NULL,
  at          timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (job_id, step_id)
);
CREATE INDEX step_runs_by_key ON step_runs (user_id, step_key);
CREATE INDEX step_runs_that_ran ON step_runs (step, at DESC) WHERE outcome = 'ran';

-- Every blob that may exist in the blob store. Whoever adds a reference also touches the blob's row in the same
-- statement; that is what makes garbage collection, which locks the row, safe beside it.
CREATE TABLE blobs (
  user_id        text        NOT NULL,
  digest         text        NOT NULL,
  touched_at     timestamptz NOT NULL DEFAULT now(),
  -- False = perhaps named by nobody; garbage collection looks.
  referenced     boolean     NOT NULL DEFAULT false,
  unwanted_since timestamptz,
  PRIMARY KEY (user_id, digest)
);
CREATE INDEX blobs_unreferenced ON blobs (touched_at) WHERE NOT referenced;
CREATE INDEX blobs_unwanted ON blobs (unwanted_since) WHERE unwanted_since IS NOT NULL;

CREATE TABLE step_blobs (
  user_id  text NOT NULL,
  step_key text NOT NULL,
  digest   text NOT NULL,
  PRIMARY KEY (user_id, step_key, digest),
  FOREIGN KEY (user_id, step_key) REFERENCES step_results ON DELETE CASCADE
);
CREATE INDEX step_blobs_by_digest ON step_blobs (user_id, digest);

CREATE TABLE job_blobs (
  job_id  uuid NOT NULL REFERENCES jobs ON DELETE CASCADE,
  user_id text NOT NULL,
  digest  text NOT NULL,
  PRIMARY KEY (job_id, digest)
);
CREATE INDEX job_blobs_by_digest ON job_blobs (user_id, digest);

-- Whatever way a reference goes (also by cascade), its blob becomes one to look at. Locks in order of digest, as
-- every other writer of blobs does.
CREATE FUNCTION note_dropped_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE blobs b SET referenced = false
  FROM (
    SELECT user_id, digest FROM blobs
    WHERE (user_id, digest) IN (SELECT user_id, digest FROM dropped) AND referenced
    ORDER BY user_id, digest FOR UPDATE
  ) held
  WHERE b.user_id = held.user_id AND b.digest = held.digest;
  RETURN NULL;
END $$;
CREATE TRIGGER step_blobs_dropped AFTER DELETE ON step_blobs
  REFERENCING OLD TABLE AS dropped FOR EACH STATEMENT EXECUTE FUNCTION note_dropped_references();
CREATE TRIGGER job_blobs_dropped AFTER DELETE ON job_blobs
  REFERENCING OLD TABLE AS dropped FOR EACH STATEMENT EXECUTE FUNCTION note_dropped_references();
