// A paid call, at most once: receipt, send, remote id, collect, answer kept, settled. After a crash it goes on where the
// receipt says. It knows no provider, and judges only by the kind of error.
import { AppError, toAppError } from '../domain/errors.ts';
import type { Lease } from '../domain/job.ts';
import type { BlobRef, BlobStore } from '../ports/blob-store.ts';
import type { MadeFile } from '../ports/made-file.ts';
import type { Answered, PaidAnswer, PaidCall } from '../ports/paid-calls.ts';
import type { Receipt, Receipts, SpendingLimits } from '../ports/receipts.ts';
import type { PassCrashPoint } from './crash-points.ts';

export interface PaidCallDeps {
  lease: Lease;
  receipts: Receipts;
  limits: SpendingLimits;
  blobStore: BlobStore;
  /** The job's own scratch folder. */
  scratch: string;
  /** Stores a made file for good and names it. */
  keep(file: MadeFile): Promise<BlobRef>;
  crashPoint: PassCrashPoint;
  /** Told about every call that was settled by us. */
  onPaid(facts: { provider: string; costMicroUsd: number }): void;
}

/** One call of the step that has this key. Contract: see ports/paid-calls.ts. */
export async function makePaidCall(
  { step, stepKey }: { step: string; stepKey: string },
  call: PaidCall,
  deps: PaidCallDeps,
): Promise<PaidAnswer> {
  const { lease, receipts, blobStore, crashPoint, limits, scratch } = deps;
  const { provider, estimateMicroUsd } = call;
  const facts = { callKey: `${stepKey}/${call.name}`, step, provider, estimateMicroUsd };
  const receipt = await receipts.open(lease, facts, limits);
  crashPoint(`after-reserve:${step}`);
  const answer = await settle(receipt);
  const path = await blobStore.localPath(lease.userId, answer.digest, scratch);
  return { path, mediaType: answer.media_type };

  async function settle(open: Receipt): Promise<BlobRef> {
    if (open.state === 'ambiguous') throw ambiguous(provider);
    if (open.state === 'reserved') return send(open.receiptId);
    if (open.state === 'accepted') return collect(open.receiptId, open.remoteId);
    if (await blobStore.has(lease.userId, open.answer.digest)) return open.answer;
    await receipts.forget(lease, open.receiptId);
    return settle(await receipts.open(lease, facts, limits));
  }

  async function send(receiptId: string): Promise<BlobRef> {
    await receipts.sending(lease, receiptId);
    crashPoint(`before-send:${step}`);
    const sent = await call.send().catch(async (error) => {
      const { kind, code } = toAppError(error);
      if (kind === 'ambiguous' || kind === 'bug') await receipts.ambiguous(receiptId);
      else await receipts.refused(receiptId, code);
      throw error;
    });
    crashPoint(`after-send:${step}`);
    if ('answer' in sent) return keepAnswer(receiptId, sent);
    await receipts.accepted(receiptId, sent.remoteId);
    crashPoint(`after-accept:${step}`);
    return collect(receiptId, sent.remoteId);
  }

  async function collect(receiptId: string, remoteId: string): Promise<BlobRef> {
    if (call.collect === undefined)
      throw new Error(`${provider} has a remote id but nothing to collect it with`);
    const answered = await call.collect(remoteId);
    if ('failed' in answered) {
      await receipts.refused(receiptId, answered.failed.code);
      throw answered.failed;
    }
    crashPoint(`after-collect:${step}`);
    return keepAnswer(receiptId, answered);
  }

  async function keepAnswer(receiptId: string, { answer, costMicroUsd }: Answered): Promise<BlobRef> {
    const kept = await deps.keep(answer);
    const settled = await receipts.answered(receiptId, kept, costMicroUsd);
    deps.onPaid({ provider, costMicroUsd });
    crashPoint(`after-settle:${step}`);
    return settled;
  }
}

function ambiguous(provider: string): AppError {
  return new AppError(
    'payment_ambiguous',
    `A request was sent to ${provider}, and what became of it is not known. It is not sent again, for it may have been paid.`,
    { provider, hint: 'Look at the account at the provider, then redrive the dead letter to pay once more.' },
  );
}
