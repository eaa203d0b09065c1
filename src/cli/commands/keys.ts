// aiprod keys: makes, lists and revokes API keys directly in the database, so that the first one needs no login.
import { readConfig } from '../../config/config.ts';
import { scopes as allScopes, type Scope } from '../../domain/caller.ts';
import { CommandError, type ExitCode, exitCodes } from '../exit-codes.ts';

export const keysOptions = {
  user: { type: 'string' },
  scopes: { type: 'string' },
  name: { type: 'string' },
  expires: { type: 'string' },
} as const;

interface KeysValues {
  user?: string;
  scopes?: string;
  name?: string;
  expires?: string;
}

export async function keys([task, ...args]: string[], values: KeysValues): Promise<ExitCode> {
  if (task !== 'create' && Object.keys(values).length > 0)
    throw wrong('--user, --scopes, --name and --expires are for create.');
  if (task === 'create' && args.length === 0) {
    const wanted = readWanted(values);
    const { key, apiKey } = await withKeys(async (apiKeys, audit) => {
      const made = await apiKeys.create(wanted);
      const { keyId: target, userId, expiresAt } = made.apiKey;
      const facts = { scopes: wanted.scopes.join(','), expiresAt: expiresAt?.toISOString() ?? null };
      await audit({ action: 'api_key.create', userId, target, facts });
      return made;
    });
    process.stdout.write(`${key}\n`);
    process.stderr.write(`Key ${apiKey.keyId}. Keep it now: it is not shown again.\n`);
    return exitCodes.ok;
  }
  if (task === 'list' && args.length === 0) {
    const listed = await withKeys((apiKeys) => apiKeys.listAll());
    const lines = listed.map(({ keyId, userId, name, prefix, scopes, expiresAt, lastUsedAt, revokedAt }) => {
      const day = (date: Date | null) => date?.toISOString().slice(0, 10);
      const end = revokedAt ? `revoked ${day(revokedAt)}` : `expires ${day(expiresAt) ?? 'never'}`;
      return `${keyId}  aiprod_${prefix}_…  ${userId}  ${scopes.join(',')}  ${end}  used ${day(lastUsedAt) ?? 'never'}  ${name}\n`;
    });
    process.stdout.write(lines.join(''));
    return exitCodes.ok;
  }
  const [keyId] = args;
  if (task === 'revoke' && args.length === 1) {
    await withKeys(async (apiKeys, audit) => {
      const userId = await apiKeys.revokeAny(keyId!);
      await audit({ action: 'api_key.revoke', userId, target: keyId!, facts: {} });
    });
    process.stdout.write('Revoked.\n');
    return exitCodes.ok;
  }
  throw wrong('keys takes create, list or revoke ID.');
}

function readWanted({ user = '', scopes = '', name = '', expires }: KeysValues) {
  if (!/^[\x21-\x7e]{1,200}$/.test(user)) throw wrong('create needs --user, a name without spaces.');
  const given = scopes.split(',');
  const known = allScopes.filter((scope) => given.includes(scope));
  if (known.length === 0 || known.length !== given.length)
    throw wrong(`create needs --scopes, a list of ${allScopes.join(', ')}.`);
  if (expires !== undefined && !/^[1-9]\d{0,3}$/.test(expires))
    throw wrong('--expires takes a number of days, 1 to 9999.');
  if (!/^[\P{C}]{0,100}$/u.test(name)) throw wrong('--name takes at most 100 characters.');
  return {
    userId: user,
    name,
    scopes: known as Scope[],
    ...(expires !== undefined && { expiresInDays: Number(expires) }),
  };
}

function wrong(message: string): CommandError {
  return new CommandError(exitCodes.usage, message, 'aiprod keys --help');
}

/** Loaded only here: help and wrong options answer at once. */
async function withKeys<T>(
  work: Parameters<typeof import('../../compose/database-tasks.ts').withApiKeys<T>>[1],
) {
  const { withApiKeys } = await import('../../compose/database-tasks.ts');
  return withApiKeys(readConfig(), work);
}
