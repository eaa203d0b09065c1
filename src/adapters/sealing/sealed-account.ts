// An account's rows with what was sealed in them opened. What does not open is left out, and named in its record.
import { AppError } from '../../domain/errors.ts';
import type { AccountJob, AccountReader } from '../../ports/account-archive.ts';
import type { Sealer } from '../../ports/sealer.ts';
import { contextOfJob, openValue } from './sealed-columns.ts';

/** Throws what `inner` throws; jobs fail with `encryption_key_unavailable` while the key cannot be reached. */
export function createSealedAccountReader(inner: AccountReader, sealer: Sealer): AccountReader {
  return {
    async open(userId) {
      const snapshot = await inner.open(userId);
      return {
        ...snapshot,
        async *jobs() {
          for await (const job of snapshot.jobs()) yield await openRecord(sealer, userId, job);
        },
      };
    },
  };
}

async function openRecord(sealer: Sealer, userId: string, job: AccountJob): Promise<AccountJob> {
  const unreadable: string[] = [];
  async function open(field: keyof typeof contextOfJob, stored: unknown): Promise<unknown> {
    try {
      return await openValue(sealer, userId, contextOfJob[field](job.jobId), stored);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'sealed_unreadable') throw error;
      unreadable.push(field);
      return null;
    }
  }
  const { request, storyboard, degradations, video } = job.record;
  const record = {
    ...job.record,
    request: await open('request', request),
    storyboard: await open('storyboard', storyboard),
    degradations: await open('degradations', degradations),
    video: video && { ...video, title: await open('title', (video as { title: unknown }).title) },
  };
  return { ...job, record: unreadable.length === 0 ? record : { ...record, unreadable } };
}
