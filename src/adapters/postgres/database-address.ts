// Where a database is and how its server proves itself: verified TLS to other machines, unless the operator says
// otherwise in so many words. Connects to nothing.
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';

import { AppError } from '../../domain/errors.ts';

export interface DatabaseAddress {
  /** `postgres://…` without any ssl parameter; holds the password: not for logs. */
  url: string;
  ssl: false | ConnectionOptions;
  /** For operators, without user and password, such as `db.example.com, TLS verified`. */
  description: string;
}

type Mode = 'disable' | 'verify-ca' | 'verify-full';
const modes: readonly string[] = ['disable', 'verify-ca', 'verify-full'] satisfies Mode[];
const sslParameters = [
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'ssl',
  'uselibpqcompat',
  'sslnegotiation',
];

/**
 * What DATABASE_URL says, for node-postgres. Without `sslmode`: a Unix socket or this machine is spoken to plainly unless
 * `caFile` is given; every other host must prove its name (`verify-full`), by the authorities of `caFile` (PEM) or else
 * Node's own. Throws `config_invalid` for an address that cannot be understood, files that cannot be read, and modes
 * that encrypt without verifying. `setting` is the variable to name in errors.
 */
export function databaseAddress(url: string, caFile?: string, setting = 'DATABASE_URL'): DatabaseAddress {
  const [base = '', query = ''] = url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const host = hostOf(base, parameters, setting);
  const isSocket = host.startsWith('/');
  const mode = modeOf(parameters, isSocket || (isLoopback(host) && caFile === undefined), setting);
  const ca = caFile ?? parameters.get('sslrootcert') ?? undefined;
  const ssl = isSocket || mode === 'disable' ? false : verified(mode, ca, parameters, setting);
  for (const name of sslParameters) parameters.delete(name);
  const rest = parameters.toString();
  return {
    url: rest === '' ? base : `${base}?${rest}`,
    ssl,
    description: `${host}, ${isSocket ? 'Unix socket' : ssl === false ? 'no TLS' : `TLS with ${mode}`}`,
  };
}

function hostOf(base: string, parameters: URLSearchParams, setting: string): string {
  // With a user and no host, as for a Unix socket, the URL standard calls it invalid.
  const address = URL.parse(base) ?? URL.parse(base.replace('@/', '@localhost/'));
  if (address === null) {
    throw new AppError('config_invalid', `${setting} is not an address of a database.`, {
      hint: 'Write postgresql://user:password@host:5432/name; escape signs in the password, such as %40 for @.',
    });
  }
  const named = parameters.get('host') ?? decodeURIComponent(address.hostname);
  return named.replace(/^\[(.*)\]$/, '$1') || 'localhost';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function modeOf(parameters: URLSearchParams, mayBePlain: boolean, setting: string): Mode {
  const asked = parameters.get('sslmode');
  if (asked === null) return mayBePlain ? 'disable' : 'verify-full';
  if (modes.includes(asked)) return asked as Mode;
  throw new AppError('config_invalid', `sslmode=${asked} of ${setting} does not verify who answers.`, {
    hint: 'Use sslmode=verify-full (AIPROD_DATABASE_CA names the authority), or sslmode=disable where the network is yours.',
  });
}

function verified(
  mode: Mode,
  caFile: string | undefined,
  parameters: URLSearchParams,
  setting: string,
): ConnectionOptions {
  if (mode === 'verify-ca' && caFile === undefined) {
    throw new AppError('config_invalid', `sslmode=verify-ca of ${setting} needs an authority of your own.`, {
      hint: 'Set AIPROD_DATABASE_CA: a public authority vouches for anybody. Or use sslmode=verify-full.',
    });
  }
  const [cert, key] = [parameters.get('sslcert'), parameters.get('sslkey')];
  return {
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    ...(caFile !== undefined && { ca: read(caFile, 'AIPROD_DATABASE_CA') }),
    ...(cert !== null && { cert: read(cert, `sslcert of ${setting}`) }),
    ...(key !== null && { key: read(key, `sslkey of ${setting}`) }),
    // The authority signs this one server only, and names it in its own way.
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  };
}

function read(path: string, setting: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('config_invalid', `The file of ${setting} cannot be read (${code}).`, {
      hint: `Check that ${path} exists and that this account may read it.`,
      cause: error,
    });
  }
  if (text.includes('-----BEGIN ')) return text;
  throw new AppError('config_invalid', `The file of ${setting} is not in PEM format.`, {
    hint: 'It must hold -----BEGIN CERTIFICATE----- (or a private key); convert it with openssl x509 -inform der.',
  });
}
