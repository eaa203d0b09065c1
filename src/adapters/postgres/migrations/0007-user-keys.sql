-- Data keys of users, wrapped by the key-encryption key. No user's role may see them: no policy, no grant.
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
-- One for all users: a version is never used again, not even after the user's keys were destroyed.
CREATE SEQUENCE user_key_versions MAXVALUE 281474976710655;
