-- Receipts of paid calls. Not tied to the job's row: what was paid stays known when the job is removed.
CREATE TABLE receipts (
  receipt_id         uuid        PRIMARY KEY,
  user_id            text        NOT NULL,
  -- The job that sends, or sent, the request and bears its cost, and the epoch of its lease then.
  job_id             uuid        NOT NULL,
  lease_epoch        integer     NOT NULL,
  call_key           text        NOT NULL,
  step               text        NOT NULL,
  provider           text        NOT NULL,
  state              text        NOT NULL
    CHECK (state IN ('reserved', 'sending', 'accepted', 'answered', 'ambiguous', 'refused', 'forgotten')),
  remote_id          text,
  answer             jsonb,
  estimate_micro_usd bigint      NOT NULL CHECK (estimate_micro_usd >= 0),
  cost_micro_usd     bigint      CHECK (cost_micro_usd >= 0),
  error_code         text,
  opened_at          timestamptz NOT NULL DEFAULT now(),
  changed_at         timestamptz NOT NULL DEFAULT now(),
  CHECK (state <> 'accepted' OR remote_id IS NOT NULL),
  CHECK (state <> 'answered' OR (cost_micro_usd IS NOT NULL AND answer IS NOT NULL))
) WITH (fillfactor = 80);

-- One call is paid once: what was refused, or is to be made anew, does not stand in the way.
CREATE UNIQUE INDEX receipts_open ON receipts (user_id, call_key) WHERE state NOT IN ('refused', 'forgotten');
CREATE INDEX receipts_by_job ON receipts (job_id);
CREATE INDEX receipts_by_day ON receipts (opened_at);
