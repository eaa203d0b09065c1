// Pays for makers under test: what the engine does with receipts, without a database. Answers and remote ids are kept by the
// call's name, so that a step that is repeated pays nothing twice.
import { toAppError } from '../../src/domain/errors.ts';
import type { Answered, PaidCall, Pay } from '../../src/ports/paid-calls.ts';

export interface Purse {
  pay: Pay;
  /** Calls that were settled, in order. */
  paid: { name: string; estimateMicroUsd: number; costMicroUsd: number }[];
  /** Codes of the errors that sends and collections ended in. */
  failed: string[];
}

export function createPurse(): Purse {
  const answers = new Map<string, Answered>();
  const remoteIds = new Map<string, string>();
  const paid: Purse['paid'] = [];
  const failed: string[] = [];

  async function answerOf(call: PaidCall): Promise<Answered> {
    const { name } = call;
    const remoteId = remoteIds.get(name);
    const sent = remoteId === undefined ? await call.send() : { remoteId };
    if ('answer' in sent) return sent;
    remoteIds.set(name, sent.remoteId);
    const collected = await call.collect!(sent.remoteId);
    if (!('failed' in collected)) return collected;
    remoteIds.delete(name);
    throw collected.failed;
  }

  return {
    paid,
    failed,
    async pay(call) {
      const { name, estimateMicroUsd } = call;
      const kept = answers.get(name);
      if (kept !== undefined) return kept.answer;
      try {
        const answered = await answerOf(call);
        answers.set(name, answered);
        paid.push({ name, estimateMicroUsd, costMicroUsd: answered.costMicroUsd });
        return answered.answer;
      } catch (error) {
        failed.push(toAppError(error).code);
        throw error;
      }
    },
  };
}
