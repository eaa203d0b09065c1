-- Revisions of a job: the storyboard as its user edited it, sealed as the request is; null = as planned.
-- Works with: 0004
ALTER TABLE jobs ADD COLUMN revision integer NOT NULL DEFAULT 1;
ALTER TABLE jobs ADD COLUMN storyboard jsonb;
-- Of the newest edit as it was sent: the same once more changes nothing.
ALTER TABLE jobs ADD COLUMN edit_digest text;
-- Of video_ms: what earlier revisions made on that day.
ALTER TABLE video_minutes ADD COLUMN earlier_ms integer NOT NULL DEFAULT 0;
