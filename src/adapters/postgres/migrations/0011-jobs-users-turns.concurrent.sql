-- The last turn that a user's waiting jobs have.
-- Works with: 0004
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_users_turns ON jobs (user_id, turn) WHERE status = 'pending';
