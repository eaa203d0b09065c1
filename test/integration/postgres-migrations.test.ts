// Migrations meet databases that others work with: no file locks a table for long, and a program of the version before
// goes on working beside the new one.
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

import { migrate } from '../../src/adapters/postgres/migrate.ts';
import { dangersOf } from '../support/migration-rules.ts';
import { openStores } from '../support/stores.ts';

const folder = new URL('../../src/adapters/postgres/migrations/', import.meta.url);
const files = (await readdir(folder)).sort();

describe('every migration', () => {
  test.each(files)('%s is safe beside running programs', async (file) => {
    expect(file).toMatch(/^\d{4}-[\w-]+(\.concurrent)?\.sql$/);
    expect(dangersOf(file, await readFile(new URL(file, folder), 'utf8'))).toEqual([]);
  });

  test('has a number of its own, one after another', () => {
    expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
  });
});

describe('the rules', () => {
  test.each([
    ['CREATE INDEX a ON jobs (stage)', '.concurrent.sql'],
    ['CREATE UNIQUE INDEX a ON jobs (stage)', '.concurrent.sql'],
    ['CREATE INDEX CONCURRENTLY a ON jobs (stage)', '.concurrent.sql'],
    ['ALTER TABLE jobs ADD COLUMN a uuid DEFAULT gen_random_uuid()', 'rewrites'],
    ['ALTER TABLE jobs ADD a timestamptz DEFAULT clock_timestamp()', 'rewrites'],
    ['ALTER TABLE jobs ADD COLUMN a int, ADD COLUMN b float8 DEFAULT random()', 'rewrites'],
    ['ALTER TABLE jobs ADD COLUMN a bigserial', 'rewrites'],
    ['ALTER TABLE jobs ADD COLUMN a int GENERATED ALWAYS AS (attempts + 1) STORED', 'rewrites'],
    ['ALTER TABLE jobs ADD COLUMN a int NOT NULL', 'default'],
    ['ALTER TABLE jobs ADD COLUMN a uuid REFERENCES assets', 'NOT VALID'],
    ['ALTER TABLE jobs ALTER COLUMN attempts TYPE bigint', 'rewrites'],
    ['ALTER TABLE jobs ALTER stage SET NOT NULL', 'NOT VALID'],
    ['ALTER TABLE jobs ADD CONSTRAINT c CHECK (attempts < 9)', 'NOT VALID'],
    ['ALTER TABLE jobs ADD UNIQUE (worker_id)', 'USING INDEX'],
    ['ALTER TABLE jobs DROP COLUMN stage', 'Unused since'],
    ['ALTER TABLE jobs RENAME COLUMN stage TO phase', 'Unused since'],
    ['DROP TABLE dead_letters', 'Unused since'],
    ['UPDATE jobs SET stage = NULL', 'a few at a time'],
    ['VACUUM FULL jobs', 'locks'],
    ['LOCK TABLE jobs', 'locks'],
  ])('refuse %s', (sql, advice) => {
    expect(dangersOf('0009-next.sql', `-- A comment; with a semicolon\n${sql};`).join('\n')).toContain(
      advice,
    );
  });

  test.each([
    'CREATE TABLE notes (a int PRIMARY KEY, b uuid REFERENCES jobs); CREATE INDEX n ON notes (b);',
    'ALTER TABLE jobs ADD COLUMN a int;',
    'ALTER TABLE jobs ADD COLUMN a timestamptz NOT NULL DEFAULT now();',
    "ALTER TABLE jobs ADD COLUMN a jsonb NOT NULL DEFAULT '{}';",
    'ALTER TABLE jobs ADD CONSTRAINT c CHECK (attempts < 9) NOT VALID;',
    'ALTER TABLE jobs VALIDATE CONSTRAINT c;',
    'ALTER TABLE jobs ADD UNIQUE USING INDEX i;',
    '-- Unused since: 0008\nALTER TABLE jobs DROP COLUMN stage;',
    'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN UPDATE jobs SET a = 1; END $$;',
  ])('let pass: %s', (sql) => {
    expect(dangersOf('0009-next.sql', sql)).toEqual([]);
  });

  test('refuse to drop what programs that may run beside still use', () => {
    const sql = 'ALTER TABLE jobs DROP COLUMN stage;';
    expect(dangersOf('0009-next.sql', `-- Unused since: 0009\n${sql}`)).toHaveLength(1);
    expect(dangersOf('0009-next.sql', `-- Unused since: 0008\n-- Works with: 0007\n${sql}`)).toHaveLength(1);
  });

  test('want one index in a file of its own', () => {
    const index = 'CREATE INDEX CONCURRENTLY IF NOT EXISTS a ON jobs (stage);';
    expect(dangersOf('0009-a.concurrent.sql', index)).toEqual([]);
    expect(dangersOf('0009-a.concurrent.sql', `${index} ${index}`)).toHaveLength(1);
    expect(dangersOf('0009-a.concurrent.sql', 'CREATE INDEX CONCURRENTLY a ON jobs (stage);')).toHaveLength(
      1,
    );
  });
});

test('a program of this version goes on, and starts, on the schema of the next', async () => {
  const stores = await openStores();
  const { pool, jobStore, leases, deadLetters, stepStore } = stores;
  try {
    // Statements are prepared before the schema changes under them.
    const [first, second] = [await stores.claimNew(), await stores.claimNew()];
    await leases.heartbeat(first, 30_000);
    await leases.setProgress(first, { stage: 'plan', progress: 0.1 });
    await jobStore.list('ann', { limit: 5 });

    const next = `
      ALTER TABLE jobs ADD COLUMN priority integer NOT NULL DEFAULT 0, ADD COLUMN note text;
      ALTER TABLE job_events ADD COLUMN note text;
      ALTER TABLE dead_letters ADD COLUMN note text;
      ALTER TABLE step_results ADD COLUMN note text;
      CREATE TABLE notes (job_id uuid PRIMARY KEY REFERENCES jobs ON DELETE CASCADE);`;
    expect(dangersOf('9999-next.sql', next)).toEqual([]);
    await pool.query(next);
    const known = files.length;
    await pool.query('INSERT INTO aiprod_migrations (version, name, works_with) VALUES (9999, $1, $2)', [
      '9999-next.sql',
      known,
    ]);
    await migrate(pool);

    await leases.heartbeat(first, 30_000);
    await leases.setProgress(first, { stage: 'render', progress: 0.6 });
    await leases.release(first);
    await leases.fail(second, {
      error: { type: 't', title: 't', status: 500, code: 'internal', detail: 'd', retryable: false },
      degradations: [],
      deadLetter: true,
    });
    const [letter] = await deadLetters.list(1);
    await deadLetters.redrive(letter!.deadLetterId);
    await stores.claimNew();
    expect((await jobStore.list('ann', { limit: 5 })).jobs).toHaveLength(3);
    expect(await jobStore.cancel('ann', first.jobId)).toMatchObject({ status: 'canceled' });
    expect(await jobStore.retry('ann', first.jobId)).toMatchObject({ status: 'pending' });
    await jobStore.remove('ann', second.jobId);
    await stepStore.collectGarbage(0, async () => {});
  } finally {
    await stores.close();
  }
});
