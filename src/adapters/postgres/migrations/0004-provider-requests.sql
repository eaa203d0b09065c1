-- Requests that cost no money but are counted by the provider: how many were made on the last day on which any was.
-- Works with: 0003
CREATE TABLE provider_requests (
  provider text    PRIMARY KEY,
  day      date    NOT NULL,
  requests integer NOT NULL CHECK (requests > 0)
);
