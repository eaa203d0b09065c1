-- When a job that was about to be created last named the webhook's URL. Null = none did, or a version before did not note it.
-- Works with: 0004
ALTER TABLE webhook_endpoints ADD COLUMN named_at timestamptz;
