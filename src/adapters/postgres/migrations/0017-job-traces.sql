-- With what the trace goes on in which a job was created: a W3C traceparent. Null = there is none, or a version before wrote the row.
-- Works with: 0004
ALTER TABLE jobs ADD COLUMN trace_parent text;
