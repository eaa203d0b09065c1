// Whether the bucket lets us do what the blob store does: create an object only where there is none, read it, sign for it,
// remove it. Leaves nothing behind.
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';

import { AppError } from '../../domain/errors.ts';
import type { Checkup } from '../../ports/checkup.ts';
import { type BucketOptions, hostOfSignedUrls, openBucket } from './open-bucket.ts';
import { unlessSilent } from './silence.ts';
import { classified, statusOf } from './storage-errors.ts';

export interface BucketCheckupOptions extends BucketOptions {
  prefix: string;
  /** Whether URLs are to be signed. */
  sign: boolean;
}

export function createBucketCheckup(options: BucketCheckupOptions): Checkup {
  const { bucketName, prefix, deadlineMs, sign } = options;
  return {
    name: 'bucket',
    async check() {
      const file = openBucket(options).file(`${prefix}checkup-${randomUUID()}`);
      const ask = <T>(what: string, work: () => Promise<T>) =>
        classified(() => unlessSilent(deadlineMs, work)).catch((error) => {
          throw explain(what, error);
        });
      const create = () =>
        file.save('checkup', { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
      await ask('create objects', create);
      try {
        const second = await create().then(
          () => 200,
          (error) => statusOf(error),
        );
        if (second !== 412)
          throw new AppError('storage_unavailable', 'An object that exists was created again.');
        const [content] = await ask('read objects', () => file.download());
        if (content.toString() !== 'checkup') {
          throw new AppError('storage_unavailable', 'The bucket gave other bytes than it was given.');
        }
        const signs = sign && (await ask('sign URLs', () => signAndFetch(file)));
        return `${bucketName}: creates once, reads${signs ? ', signs' : ''}, removes`;
      } finally {
        const generation = file.metadata.generation;
        await ask('remove objects', () =>
          file.delete(generation === undefined ? {} : { ifGenerationMatch: generation }),
        );
      }
    },
  };

  async function signAndFetch(file: ReturnType<ReturnType<typeof openBucket>['file']>): Promise<boolean> {
    const [url] = await file.getSignedUrl({
      version: 'v4',
      action: 'read',
      expires: Date.now() + 60_000,
      host: hostOfSignedUrls(options.endpoint),
    });
    const answer = await fetch(url, { signal: AbortSignal.timeout(deadlineMs) });
    const body = await buffer(answer.body!);
    if (answer.ok && body.toString() === 'checkup') return true;
    throw new AppError('storage_unavailable', `A signed URL was answered with ${answer.status}.`, {
      hint: 'Check the clock of this machine and the rights of the account that signs.',
    });
  }
}

const rights: Record<string, string> = {
  'create objects': 'roles/storage.objectUser on the bucket',
  'read objects': 'roles/storage.objectUser on the bucket',
  'remove objects': 'roles/storage.objectUser on the bucket',
  'sign URLs': 'roles/iam.serviceAccountTokenCreator on itself, or set GOOGLE_APPLICATION_CREDENTIALS',
};

function explain(what: string, error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  const { hint = `Give the service account ${rights[what]}.` } = error;
  const isMissing = /does not exist|role/.test(hint);
  return new AppError(
    isMissing ? 'forbidden' : error.code,
    `It does not let us ${what}: ${error.publicMessage}`,
    {
      hint,
      cause: error.cause,
    },
  );
}
