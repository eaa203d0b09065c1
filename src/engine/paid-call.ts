// A paid call, at most once: receipt, send, remote id, collect, answer kept, settled. After a crash it goes on where the
// receipt says. It knows no provider, and judges only by the kind of error.
import { AppError, toAppError } from '../domain/errors.ts';
import type { Lease } from '../domain/job.ts';
import type { BlobRef, BlobStore } from '../ports/blob-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { MadeFile } from '../ports/made-file.ts';
import type { Answered, PaidAnswer, PaidCall } from '../ports/paid-calls.ts';
import type { Receipt, Receipts, SpendingLimits } from '../ports/receipts.ts';
import type { PassCrashPoint } from './crash-points.ts';
import { retryTransient } from './retry.ts';

export interface PaidCallDeps {
  lease: Lease;
  receipts: Receipts;
  limits: SpendingLimits;
  blobStore: BlobStore;
  clock: Clock;
  random: () => number;
  /** The attempt's own: a `send` that throws its reason was stopped before anything was sent. */
  signal: AbortSignal;
  /** The job's own scratch folder. */
  scratch: string;
  /** Stores a made file for good and names it. */
  keep(file: MadeFile): Promise<BlobRef>;
  crashPoint: PassCrashPoint;
  /** Told about every call that was settled by us. */
  onPaid(facts: { provider: string; costMicroUsd: number }): void;
}

/** Of what has to be written down because it was paid for: tried through a short outage, also when the job is stopped. */
const writing = {
  policy: { attempts: 6, baseDelayMs: 250 },
  signal: new AbortController().signal,
};

/** One call of the step that has this key. Contract: see ports/paid-calls.ts. */
export async function makePaidCall(
  { step, stepKey }: { step: string; stepKey: string },
  call: PaidCall,
  deps: PaidCallDeps,
): Promise<PaidAnswer> {
  const { lease, receipts, blobStore, clock, random, signal, crashPoint, limits, scratch } = deps;
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
      const stopped = signal.aborted && error === signal.reason;
      await write(() => {
        if (stopped) return receipts.refused(receiptId, 'stopped');
        if (kind === 'ambiguous' || kind === 'bug') return receipts.ambiguous(receiptId);
        return receipts.refused(receiptId, code);
      });
      throw error;
    });
    crashPoint(`after-send:${step}`);
    if ('answer' in sent) return keepAnswer(receiptId, sent);
    await write(() => receipts.accepted(receiptId, sent.remoteId));
    crashPoint(`after-accept:${step}`);
    return collect(receiptId, sent.remoteId);
  }

  async function collect(receiptId: string, remoteId: string): Promise<BlobRef> {
    if (call.collect === undefined)
      throw new Error(`${provider} has a remote id but nothing to collect it with`);
    const answered = await call.collect(remoteId);
    if ('failed' in answered) {
      await write(() => receipts.refused(receiptId, answered.failed.code));
      throw answered.failed;
    }
    crashPoint(`after-collect:${step}`);
    return keepAnswer(receiptId, answered);
  }

  async function keepAnswer(receiptId: string, { answer, costMicroUsd }: Answered): Promise<BlobRef> {
    const kept = await write(() => deps.keep(answer));
    const settled = await write(() => receipts.answered(receiptId, kept, costMicroUsd));
    deps.onPaid({ provider, costMicroUsd });
    crashPoint(`after-settle:${step}`);
    return settled;
  }

  function write<T>(work: () => Promise<T>): Promise<T> {
    return retryTransient(work, { ...writing, clock, random });
  }
}

function ambiguous(provider: string): AppError {
  return new AppError(
    'payment_ambiguous',
    `A request was sent to ${provider}, and what became of it is not known. It is not sent again, for it may have been paid.`,
    {
      provider,
      hint: 'Ask the operator to look at the account at the provider. Redriving the dead letter of a job that failed for it pays once more.',
    },
  );
}
