-- What may be worked on now, in the order in which it is chosen.
-- Works with: 0004
CREATE INDEX CONCURRENTLY IF NOT EXISTS jobs_in_turn ON jobs (turn, job_id) WHERE status = 'pending' AND NOT parked;
