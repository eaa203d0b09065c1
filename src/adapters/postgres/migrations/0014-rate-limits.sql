-- How much of what they may ask in a minute callers have used. Unlogged: after a crash of the server counting begins anew.
-- Works with: 0004
CREATE UNLOGGED TABLE rate_limits (
  -- SHA-256 of who it is.
  caller   bytea       PRIMARY KEY,
  -- When nothing of it is used any more; such rows are as good as none.
  whole_at timestamptz NOT NULL,
  -- Whether the last request was let in.
  let_in   boolean     NOT NULL
) WITH (fillfactor = 50);
