-- What retention removes: jobs that ended long ago.
-- Works with: 0004
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_ended ON jobs (completed_at) WHERE completed_at IS NOT NULL;
