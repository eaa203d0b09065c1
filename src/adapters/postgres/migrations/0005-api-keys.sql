-- API keys of users' machines: never the secret, only its keyed hash.
-- Works with: 0004
CREATE TABLE api_keys (
  key_id       uuid        PRIMARY KEY,
  user_id      text        NOT NULL,
  name         text        NOT NULL DEFAULT '',
  prefix       text        NOT NULL UNIQUE,
  hash         bytea       NOT NULL,
  scopes       text[]      NOT NULL CHECK (cardinality(scopes) > 0),
  created_at   timestamptz NOT NULL DEFAULT now(),
  expires_at   timestamptz,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  -- The key that a rotation put in its place.
  replaced_by  uuid
);
CREATE INDEX api_keys_user ON api_keys (user_id);

-- Work for one user runs as aiprod_tenant and sees what is theirs; all other work is not bound by it, the owner's or not.
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON api_keys TO aiprod_tenant
  USING (user_id = current_setting('aiprod.user_id', true))
  WITH CHECK (user_id = current_setting('aiprod.user_id', true));
CREATE POLICY others ON api_keys
  USING (current_user <> 'aiprod_tenant') WITH CHECK (current_user <> 'aiprod_tenant');
GRANT SELECT, INSERT, UPDATE, DELETE ON api_keys TO aiprod_tenant;
