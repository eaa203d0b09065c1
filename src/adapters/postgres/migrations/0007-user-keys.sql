-- Data keys of users, wrapped by the key-encryption key. No user may see them, their own neither: no grant, no policy for aiprod_tenant.
CREATE TABLE user_keys (
  user_id    text        NOT NULL,
  version    bigint      NOT NULL,
  wrapped    bytea       NOT NULL,
  kek_id     text        NOT NULL,
  -- The one for new data.
  is_current boolean     NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, version)
);
CREATE UNIQUE INDEX user_keys_current ON user_keys (user_id) WHERE is_current;
CREATE INDEX user_keys_by_kek ON user_keys (kek_id);
ALTER TABLE user_keys ENABLE ROW LEVEL SECURITY;
CREATE POLICY others ON user_keys
  USING (current_user <> 'aiprod_tenant') WITH CHECK (current_user <> 'aiprod_tenant');
-- One for all users: a version is never used again, not even after the user's keys were destroyed.
CREATE SEQUENCE user_key_versions MAXVALUE 281474976710655;
