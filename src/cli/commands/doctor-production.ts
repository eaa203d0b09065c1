// aiprod doctor --production: asks every service that the configuration names, all at once, whether it lets us in and do our
// work.
import type { Config } from '../../config/config.ts';
import { AppError, toAppError } from '../../domain/errors.ts';
import type { Checkup } from '../../ports/checkup.ts';
import type { Finding } from './findings.ts';

const withinMs = 20_000;

export async function checkProduction(config: Config): Promise<Finding[]> {
  const { productionCheckups } = await import('../../compose/checkups.ts');
  const asked = (await productionCheckups(config)).map(ask);
  return [...describeChoices(config), ...(await Promise.all(asked))];
}

/** What nobody has to be asked about. */
function describeChoices({ database, blobs, queue, providers, dataFolder, roles }: Config): Finding[] {
  const { order } = providers;
  const named = Object.entries(order).map(([capability, makers]) => `${capability}: ${makers.join(', ')}`);
  const delivery =
    queue.kind === 'postgres' ? 'the database' : `Pub/Sub, ${queue.push ? 'pushed' : 'pulled'}`;
  return [
    {
      name: 'settings',
      ok: true,
      detail: `${Object.entries(roles)
        .filter(([, has]) => has)
        .map(([role]) => role)
        .join(' and ')}; jobs by ${delivery}; bytes in ${
        blobs.kind === 'disk' ? `${dataFolder}, which all instances must share` : `gs://${blobs.bucketName}`
      }`,
    },
    { name: 'makers', ok: true, detail: named.join('; ') },
    ...(database.url === undefined
      ? [
          {
            name: 'database',
            ok: false,
            missing: true,
            detail: 'DATABASE_URL is not set: the embedded database serves one machine, without backups',
            advice: 'Set it: docs/operations/postgresql.md.',
          },
        ]
      : []),
  ];
}

async function ask({ name, check }: Checkup): Promise<Finding> {
  const signal = AbortSignal.timeout(withinMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new AppError('step_timed_out', 'There was no answer.')));
  });
  try {
    return { name, ok: true, detail: await Promise.race([check(signal), late]) };
  } catch (error) {
    const { code, publicMessage, hint, cause } = toAppError(error);
    const detail = code === 'internal' ? ((cause as Error)?.message ?? publicMessage) : publicMessage;
    const missing = code === 'not_found' || code === 'forbidden';
    return { name, ok: false, missing, detail, ...(hint !== undefined && { advice: hint }) };
  }
}
