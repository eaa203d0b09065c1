// Asks the makers of one capability in their order until one can, and says so when it was not the first.
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { InOrder } from '../ports/makers.ts';
import type { Maker } from '../ports/providers.ts';
import type { Kitchen } from './kitchen.ts';
import type { Capability } from './makers-used.ts';

/** After these, another maker helps: this one cannot or may not, whatever is asked of it. */
const replaceable: ReadonlySet<ErrorCode> = new Set([
  'language_unsupported',
  'provider_unavailable',
  'provider_busy',
  'provider_answer_invalid',
  'provider_refused',
  'provider_credentials',
  'provider_quota',
  'payment_ambiguous',
  'budget_exceeded',
  'spending_cap_reached',
  'step_timed_out',
]);

/** Throws what the last maker throws, and at once what another maker would not change. With `strict` nothing is replaced. */
export async function firstThatWorks<M extends Maker, Made>(
  capability: Capability,
  makers: InOrder<M>,
  { degrade, used }: Pick<Kitchen, 'degrade' | 'used'>,
  make: (maker: M) => Promise<Made>,
): Promise<Made> {
  const [maker, ...others] = makers;
  try {
    const made = await make(maker);
    used.note(capability, maker);
    return made;
  } catch (error) {
    const [next, ...rest] = others;
    if (next === undefined || !(error instanceof AppError) || !replaceable.has(error.code)) throw error;
    const degradation = {
      capability,
      cause: `${next.id} stands in for ${maker.id}: ${error.publicMessage}`,
      remedy: error.hint ?? 'Retry the job later, or send strict: true to have it fail instead.',
    };
    degrade(degradation, error);
    return firstThatWorks(capability, [next, ...rest], { degrade, used }, make);
  }
}
