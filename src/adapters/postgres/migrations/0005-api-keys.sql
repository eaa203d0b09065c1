-- API keys of users' machines: never the secret, only its keyed hash.
-- Works with: 0004
CREATE TABLE api_keys (
  key_id       uuid        PRIMARY KEY,
  user_id      text        NOT NULL,
  prefix       text        NOT NULL UNIQUE,
  hash         bytea       NOT NULL,
  scopes       text[]      NOT NULL CHECK (cardinality(scopes) > 0),
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz
);
CREATE INDEX api_keys_user ON api_keys (user_id);

-- Roles belong to the whole server: another database may be making the same one at this moment.
DO $$
BEGIN
  IF to_regrole('aiprod_tenant') IS NULL THEN
    BEGIN
      CREATE ROLE aiprod_tenant NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
END
$$;
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON api_keys TO aiprod_tenant
  USING (user_id = current_setting('aiprod.user_id', true))
  WITH CHECK (user_id = current_setting('aiprod.user_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys TO aiprod_tenant;
