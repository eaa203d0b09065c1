-- Users who were erased: nothing of them is stored any more. See docs/operations/personal-data.md.
-- Works with: 0004
CREATE TABLE erased_users (
  -- Says nothing without erasure_key, and then only of a user id that one guesses.
  user_hash    bytea       PRIMARY KEY,
  -- Only while the erasing is under way.
  user_id      text,
  requested_at timestamptz NOT NULL DEFAULT now(),
  -- When somebody is to work on it; null = finished.
  due_at       timestamptz DEFAULT now(),
  CHECK ((user_id IS NULL) = (due_at IS NULL))
);
ALTER TABLE erased_users ENABLE ROW LEVEL SECURITY;
CREATE POLICY others ON erased_users
  USING (current_user <> 'aiprod_tenant') WITH CHECK (current_user <> 'aiprod_tenant');

CREATE TABLE erasure_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  key bytea   NOT NULL
);
INSERT INTO erasure_key (key)
  VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

CREATE FUNCTION erased_user_hash(id text) RETURNS bytea LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
  SELECT sha256(key || sha256(key || convert_to(id, 'UTF8'))) FROM erasure_key
$$;

-- Held shared by whoever stores something of a user, alone by whoever marks the user as erased: what began before the mark
-- is committed when the erasing begins, and what begins after it sees it. Held while waiting for nothing else.
CREATE FUNCTION refuse_erased_user() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(hashtext('aiprod erasure'), hashtext(NEW.user_id));
  IF EXISTS (SELECT FROM erased_users WHERE user_hash = erased_user_hash(NEW.user_id)) THEN
    RAISE EXCEPTION 'This user was erased.' USING ERRCODE = 'UE001';
  END IF;
  RETURN NEW;
END $$;

-- Through these all else of a user comes: it names one of them, or is written under the lease of a job.
CREATE TRIGGER refuse_erased_user BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION refuse_erased_user();
CREATE TRIGGER refuse_erased_user BEFORE INSERT ON blobs FOR EACH ROW EXECUTE FUNCTION refuse_erased_user();
CREATE TRIGGER refuse_erased_user BEFORE INSERT ON assets FOR EACH ROW EXECUTE FUNCTION refuse_erased_user();
CREATE TRIGGER refuse_erased_user BEFORE INSERT ON api_keys FOR EACH ROW EXECUTE FUNCTION refuse_erased_user();
CREATE TRIGGER refuse_erased_user BEFORE INSERT ON user_keys FOR EACH ROW EXECUTE FUNCTION refuse_erased_user();
CREATE TRIGGER refuse_erased_user BEFORE INSERT ON webhook_endpoints
  FOR EACH ROW EXECUTE FUNCTION refuse_erased_user();
