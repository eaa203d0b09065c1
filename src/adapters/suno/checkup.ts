// Whether the Suno broker accepts the key, and how many credits are left. Costs nothing.
import { AppError } from '../../domain/errors.ts';
import type { Checkup } from '../../ports/checkup.ts';
import { type Broker, findCredits } from './broker.ts';

export function createSunoCheckup(broker: Broker): Checkup {
  return {
    name: 'suno',
    async check(signal) {
      const credits = await findCredits(broker, signal);
      if (credits > 0) return `${credits} credits left at ${broker.baseUrl.host}`;
      throw new AppError('provider_quota', 'There are no credits left.', {
        hint: 'Buy credits at the broker.',
      });
    },
  };
}
