-- Row security: work for one user runs as aiprod_tenant and meets that user's rows only, whatever its statements say. See docs/architecture.md.
-- Works with: 0004
-- Its own, because a policy that asks the job costs each event a look-up; null = written before, or by a version before.
ALTER TABLE job_events ADD COLUMN user_id text;

DO $$
DECLARE each text;
BEGIN
  FOREACH each IN ARRAY ARRAY[
    'jobs', 'idempotency_keys', 'job_events', 'dead_letters', 'step_results', 'step_runs', 'blobs', 'step_blobs', 'job_blobs',
    'assets', 'receipts'
  ] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', each);
    IF each <> 'job_events' THEN
      EXECUTE format('CREATE POLICY own ON %I TO aiprod_tenant
        USING (user_id = current_setting(''aiprod.user_id'', true))
        WITH CHECK (user_id = current_setting(''aiprod.user_id'', true))', each);
    END IF;
    EXECUTE format('CREATE POLICY others ON %I
      USING (current_user <> ''aiprod_tenant'') WITH CHECK (current_user <> ''aiprod_tenant'')', each);
  END LOOP;
END $$;
CREATE POLICY own ON job_events TO aiprod_tenant
  USING (user_id = current_setting('aiprod.user_id', true)
    OR (user_id IS NULL AND EXISTS (SELECT FROM jobs WHERE jobs.job_id = job_events.job_id)))
  WITH CHECK (user_id = current_setting('aiprod.user_id', true));

-- What the policy `own` protects, and no more. Called again after a restore, which brings no rights.
CREATE FUNCTION tenant_grant() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE each regclass;
BEGIN
  FOR each IN SELECT polrelid FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE polname = 'own' AND c.relnamespace = current_schema()::regnamespace
  LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO aiprod_tenant', each);
  END LOOP;
  -- What time it is in the queue concerns all.
  GRANT SELECT ON queue_clock TO aiprod_tenant;
END $$;
SELECT tenant_grant();
