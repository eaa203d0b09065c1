// The roles that a process takes on for one transaction: made where they are missing, or an administrator is told how. Roles
// belong to the server and not to the database: no migration makes them, and no backup brings them.
import type pg from 'pg';

import { AppError } from '../../domain/errors.ts';

const roles = [
  // One user's rows, and no others.
  'aiprod_tenant',
  // Appends to the audit log.
  'aiprod_auditor',
];

type Client = Pick<pg.ClientBase, 'query'>;

const look = `
  SELECT name, current_user AS login, to_regrole(name) IS NOT NULL AS exists,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR coalesce(pg_has_role(to_regrole(name),
      CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END), false) AS usable
  FROM unnest($1::text[]) AS name`;

/**
 * Afterwards the roles exist and the login can take them on. Safe beside others that do the same. Throws `config_invalid`
 * with the statements for an administrator where the login may not run them.
 */
export async function makeRoles(client: Client): Promise<void> {
  const statements = await statementsForRoles(client);
  for (const statement of statements) {
    try {
      await client.query(statement);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === '42501') throw await lackOfRoles(client, error);
      // Somebody was faster, perhaps on another database of this server.
      if (code !== '42710' && code !== '23505') throw error;
    }
  }
}

/** SQL that is still to be run so that the login can take on the roles; empty when all is well. */
export async function statementsForRoles(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; login: string; exists: boolean; usable: boolean }>(
    look,
    [roles],
  );
  return rows.flatMap(({ name, login, exists, usable }) => [
    ...(exists ? [] : [`CREATE ROLE ${name} NOLOGIN`]),
    ...(usable ? [] : [`GRANT ${name} TO "${login.replaceAll('"', '""')}"`]),
  ]);
}

async function lackOfRoles(client: Client, cause: unknown): Promise<AppError> {
  const statements = await statementsForRoles(client);
  return new AppError(
    'config_invalid',
    'The user of DATABASE_URL may not take on the roles that keep users apart.',
    {
      hint: `Let an administrator of the server run: ${statements.join('; ')};`,
      cause,
    },
  );
}
