-- Turns, by which users share the queue; jobs that wait for a place of their user; minutes of video per user and day.
-- Works with: 0004
ALTER TABLE jobs ADD COLUMN turn bigint NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN parked boolean NOT NULL DEFAULT false;
-- What the job counts for the day's minutes.
ALTER TABLE jobs ADD COLUMN video_ms integer NOT NULL DEFAULT 0;

-- The queue's clock: the highest turn that was taken. One row.
CREATE TABLE queue_clock (turn bigint NOT NULL) WITH (fillfactor = 50);
INSERT INTO queue_clock VALUES (0);

-- Not tied to the job's row: what was made on a day stays counted when the job is removed.
CREATE TABLE video_minutes (
  job_id   uuid    PRIMARY KEY,
  user_id  text    NOT NULL,
  -- In UTC.
  day      date    NOT NULL,
  video_ms integer NOT NULL CHECK (video_ms >= 0)
);
CREATE INDEX video_minutes_by_day ON video_minutes (user_id, day);

-- Each user sees what is theirs; what time it is in the queue concerns all.
ALTER TABLE video_minutes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON video_minutes TO aiprod_tenant
  USING (user_id = current_setting('aiprod.user_id', true))
  WITH CHECK (user_id = current_setting('aiprod.user_id', true));
CREATE POLICY others ON video_minutes
  USING (current_user <> 'aiprod_tenant') WITH CHECK (current_user <> 'aiprod_tenant');
GRANT SELECT, INSERT, UPDATE, DELETE ON video_minutes TO aiprod_tenant;
GRANT SELECT ON queue_clock TO aiprod_tenant;
