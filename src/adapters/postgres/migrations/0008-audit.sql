-- The audit log: appended to by a role that can do nothing else, every entry chained to the one before. See docs/operations/audit.md.
-- Works with: 0004
CREATE TABLE audit_log (
  seq        bigint      PRIMARY KEY,
  at         timestamptz NOT NULL,
  action     text        NOT NULL,
  outcome    text        NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
  actor      jsonb,
  from_ip    text,
  request_id text,
  user_id    text,
  target     text,
  facts      jsonb       NOT NULL,
  hash       bytea       NOT NULL
);
CREATE INDEX audit_log_at ON audit_log (at);
CREATE INDEX audit_log_user ON audit_log (user_id, seq);

-- The last entry: what is missing after it was cut off. key_check tells whether a process has the key that the log began with.
CREATE TABLE audit_head (
  one       boolean PRIMARY KEY DEFAULT true CHECK (one),
  seq       bigint  NOT NULL,
  hash      bytea   NOT NULL,
  key_check bytea
);
INSERT INTO audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- The last entry that retention removed; no row = none was.
CREATE TABLE audit_start (
  one    boolean     PRIMARY KEY DEFAULT true CHECK (one),
  seq    bigint      NOT NULL,
  hash   bytea       NOT NULL,
  cut_at timestamptz NOT NULL,
  mac    bytea       NOT NULL
);

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit log can only be added to.' USING ERRCODE = '42501';
END
$$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- Retention: removes the entries up to cut_seq and leaves the anchor that the program has signed. The trigger is off only in here.
CREATE FUNCTION audit_cut(cut_seq bigint, cut_hash bytea, cut_time timestamptz, cut_mac bytea) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE removed bigint;
BEGIN
  PERFORM FROM audit_head FOR UPDATE;
  INSERT INTO audit_start AS s (seq, hash, cut_at, mac) VALUES (cut_seq, cut_hash, cut_time, cut_mac)
    ON CONFLICT (one) DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash, cut_at = EXCLUDED.cut_at, mac = EXCLUDED.mac;
  ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only;
  DELETE FROM audit_log WHERE seq <= cut_seq;
  GET DIAGNOSTICS removed = ROW_COUNT;
  ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only;
  RETURN removed;
END
$$;

-- Called again after a restore, which brings no rights.
CREATE FUNCTION audit_grant() RETURNS void LANGUAGE sql SET search_path FROM CURRENT AS $$
  GRANT INSERT, SELECT (seq, hash) ON audit_log TO aiprod_auditor;
  GRANT SELECT, UPDATE (seq, hash, key_check) ON audit_head TO aiprod_auditor;
  REVOKE ALL ON FUNCTION audit_cut(bigint, bytea, timestamptz, bytea) FROM PUBLIC;
$$;
SELECT audit_grant();
