-- Webhooks: endpoints of users, messages to them (the outbox), and the log of attempts.
-- Works with: 0004
CREATE TABLE webhook_endpoints (
  endpoint_id       uuid           PRIMARY KEY,
  user_id           text           NOT NULL,
  url               text           NOT NULL,
  description       text           NOT NULL DEFAULT '',
  -- Null = all.
  types             text[],
  -- Only of jobs that named this endpoint's URL.
  only_named_jobs   boolean        NOT NULL DEFAULT false,
  -- Sealed.
  secret            bytea          NOT NULL,
  previous_secret   bytea,
  previous_until    timestamptz,
  enabled           boolean        NOT NULL DEFAULT true,
  disabled_reason   text,
  -- Since when nothing has arrived; null = the last attempt arrived.
  failing_since     timestamptz,
  created_at        timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (user_id, url)
);

CREATE TABLE webhook_messages (
  message_id  uuid           PRIMARY KEY,
  endpoint_id uuid           NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  user_id     text           NOT NULL,
  -- Not tied to the job's row: that it ended stays told when it is removed.
  job_id      uuid,
  -- Of messages about one job the lower goes first: the event's number.
  job_order   integer        NOT NULL,
  type        text           NOT NULL,
  payload     jsonb          NOT NULL,
  state       text           NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'given_up')),
  -- Counted when taken.
  attempts    integer        NOT NULL DEFAULT 0,
  due_at      timestamptz    NOT NULL DEFAULT now(),
  lease_until timestamptz,
  created_at  timestamptz(3) NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE INDEX webhook_messages_pending ON webhook_messages (endpoint_id, job_id, job_order) WHERE state = 'pending';
CREATE INDEX webhook_messages_due ON webhook_messages (due_at) WHERE state = 'pending';
CREATE INDEX webhook_messages_by_endpoint ON webhook_messages (endpoint_id, created_at DESC, message_id DESC);
CREATE INDEX webhook_messages_by_age ON webhook_messages (created_at);

CREATE TABLE webhook_attempts (
  message_id  uuid        NOT NULL REFERENCES webhook_messages ON DELETE CASCADE,
  user_id     text        NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  attempt     integer     NOT NULL,
  status      integer,
  error       text,
  duration_ms integer     NOT NULL,
  answer      text        NOT NULL
);
CREATE INDEX webhook_attempts_by_message ON webhook_attempts (message_id, at);

-- The endpoint that the job's request named.
ALTER TABLE jobs ADD COLUMN webhook_id uuid;

-- Each user sees what is theirs.
ALTER TABLE webhook_endpoints ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON webhook_endpoints TO aiprod_tenant
  USING (user_id = current_setting('aiprod.user_id', true))
  WITH CHECK (user_id = current_setting('aiprod.user_id', true));
CREATE POLICY others ON webhook_endpoints
  USING (current_user <> 'aiprod_tenant') WITH CHECK (current_user <> 'aiprod_tenant');
ALTER TABLE webhook_messages ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON webhook_messages TO aiprod_tenant
  USING (user_id = current_setting('aiprod.user_id', true))
  WITH CHECK (user_id = current_setting('aiprod.user_id', true));
CREATE POLICY others ON webhook_messages
  USING (current_user <> 'aiprod_tenant') WITH CHECK (current_user <> 'aiprod_tenant');
ALTER TABLE webhook_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON webhook_attempts TO aiprod_tenant
  USING (user_id = current_setting('aiprod.user_id', true))
  WITH CHECK (user_id = current_setting('aiprod.user_id', true));
CREATE POLICY others ON webhook_attempts
  USING (current_user <> 'aiprod_tenant') WITH CHECK (current_user <> 'aiprod_tenant');
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_endpoints, webhook_messages, webhook_attempts TO aiprod_tenant;
