-- What waits for a place of its user, the first in turn first.
-- Works with: 0004
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_parked ON jobs (user_id, turn, job_id) WHERE status = 'pending' AND parked;
