// Paid calls of this vendor: in turn, once more where the first answer was of no use.
import { AppError } from '../../domain/errors.ts';
import type { PaidAnswer, PaidCall } from '../../ports/paid-calls.ts';
import type { WorkContext } from '../../ports/work-context.ts';

/** Throws what WorkContext.pay throws. */
export function pay(context: WorkContext, call: Omit<PaidCall, 'provider'>): Promise<PaidAnswer> {
  if (context.pay === undefined) throw new Error('Gemini is asked within jobs only');
  return context.pay({ provider: 'gemini', ...call });
}

/**
 * Asks, and asks once more when the answer is of no use. Each try is a call of its own name: an answer of no use was paid
 * for, and stays what it is however often the step is repeated.
 */
export async function askTwice<T>(name: string, ask: (name: string) => Promise<T>): Promise<T> {
  try {
    return await ask(name);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'provider_answer_invalid') throw error;
    return ask(`${name}-again`);
  }
}
