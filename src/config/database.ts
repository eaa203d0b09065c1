// The part of the configuration that says where the database is and how it is reached. Read by config.ts only.
import { resolve } from 'node:path';

import { z } from 'zod';

const address = () =>
  z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
    .optional();

export const databaseSchema = {
  DATABASE_URL: address(),
  AIPROD_DATABASE_POOL: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(2)
    .max(200)
    .default(10),
  AIPROD_DATABASE_CA: z.string().min(1).optional(),
  AIPROD_DATABASE_REPLICA_URL: address(),
};
type DatabaseEnvironment = z.infer<z.ZodObject<typeof databaseSchema>>;

export interface DatabaseConfig {
  /** Undefined = start the embedded PostgreSQL in the data folder. */
  url: string | undefined;
  /** Most connections at a time, of the pool and of the replica's, each. */
  pool: number;
  /** Absolute path of a PEM file with the authorities that vouch for the servers; undefined = Node's own. */
  caFile: string | undefined;
  /** A streaming replica of `url`, for reading jobs; undefined = everything from `url`. */
  replicaUrl: string | undefined;
}

/** What is wrong with the settings together, each of which is right by itself. */
export function faultsOfDatabase(env: DatabaseEnvironment): string[] {
  const { DATABASE_URL: url, AIPROD_DATABASE_REPLICA_URL: replica, AIPROD_DATABASE_CA: ca } = env;
  if (url !== undefined) return [];
  return [
    ...(replica === undefined ? [] : ['AIPROD_DATABASE_REPLICA_URL: needs DATABASE_URL']),
    ...(ca === undefined ? [] : ['AIPROD_DATABASE_CA: needs DATABASE_URL']),
  ];
}

export function databaseConfig(env: DatabaseEnvironment): DatabaseConfig {
  const ca = env.AIPROD_DATABASE_CA;
  return {
    url: env.DATABASE_URL,
    pool: env.AIPROD_DATABASE_POOL,
    caFile: ca === undefined ? undefined : resolve(ca),
    replicaUrl: env.AIPROD_DATABASE_REPLICA_URL,
  };
}
