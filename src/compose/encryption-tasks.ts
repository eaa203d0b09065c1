// What `aiprod encryption` does to the data keys in the database that the configuration names.
import type { Config } from '../config/config.ts';
import { withSealedData } from './with-database.ts';

/**
 * Wraps every data key under the present key-encryption key; with `dataKeys` every user gets a new one for new data besides.
 * Safe while AIPROD works and to repeat. Throws what opening the keys throws.
 */
export function rotateKeys(
  config: Config,
  { dataKeys: renew }: { dataKeys: boolean },
): Promise<{ rewrapped: number; renewed: number }> {
  return withSealedData(config, 'encryption', async ({ dataKeys, audit }) => {
    const rewrapped = await dataKeys.rewrapAll();
    const facts = { rewrapped, renewed: renew ? await dataKeys.renewAll() : 0 };
    await audit({ action: 'encryption.rotate', userId: null, target: null, facts });
    return facts;
  });
}
