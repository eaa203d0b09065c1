-- Users' uploaded images and clips; their bytes are blobs, named from here for as long as the asset exists.

CREATE TABLE assets (
  asset_id   uuid             PRIMARY KEY,
  user_id    text             NOT NULL,
  digest     text             NOT NULL,
  bytes      bigint           NOT NULL CHECK (bytes > 0),
  kind       text             NOT NULL CHECK (kind IN ('image', 'clip')),
  media_type text             NOT NULL,
  width      integer          NOT NULL CHECK (width > 0),
  height     integer          NOT NULL CHECK (height > 0),
  -- Seconds; null for images.
  duration   double precision,
  -- Whole milliseconds, so that a page's cursor can name the moment exactly.
  created_at timestamptz(3)   NOT NULL DEFAULT now(),
  CHECK ((kind = 'clip') = (duration IS NOT NULL))
);
CREATE INDEX assets_by_user ON assets (user_id, created_at DESC, asset_id DESC);
CREATE INDEX assets_by_digest ON assets (user_id, digest);

CREATE TRIGGER assets_dropped AFTER DELETE ON assets
  REFERENCING OLD TABLE AS dropped FOR EACH STATEMENT EXECUTE FUNCTION note_dropped_references();
