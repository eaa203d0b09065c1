// The bucket through Google's library, with its retries, waits and credentials set on purpose.

import { type Bucket, type File, IdempotencyStrategy, Storage } from '@google-cloud/storage';

import { isTransient } from './storage-errors.ts';

export interface BucketOptions {
  bucketName: string;
  /** Base URL instead of Google's own; on loopback requests bear no credentials. */
  endpoint: string | undefined;
  /** How often a failed request is sent again, and the longest wait before that (1 s at least). */
  retries: { most: number; longestWaitSeconds: number };
  /** A request without an answer for this long is given up. */
  deadlineMs: number;
}

/**
 * Every request may be sent twice: objects are created only where there is none (`ifGenerationMatch=0`), never change,
 * and are removed by name. So the library always retries, which also keeps it from switching retries off for all
 * requests while one without a precondition is under way.
 */
export function openBucket({ bucketName, endpoint, retries, deadlineMs }: BucketOptions): Bucket {
  const storage = new Storage({
    ...(endpoint !== undefined && {
      apiEndpoint: endpoint,
      useAuthWithCustomEndpoint: !isLoopback(endpoint),
    }),
    retryOptions: {
      autoRetry: true,
      idempotencyStrategy: IdempotencyStrategy.RetryAlways,
      maxRetries: retries.most,
      maxRetryDelay: retries.longestWaitSeconds,
      // In seconds. Past it the library forgets to answer at all: our own deadlines end sooner.
      totalTimeout: (4 * deadlineMs) / 1000,
      retryableErrorFn: isTransient,
    },
  });
  // Only resumable uploads heed it; all else is given up by deadlines of ours.
  storage.interceptors.push({
    request: (request) => ({ ...request, timeout: deadlineMs }) as ReturnType<Interceptor['request']>,
  });
  return storage.bucket(bucketName);
}

/** Where the bytes of this generation of the object are, with what opens them. */
export async function mediaAddress(
  file: File,
  generation: string | number,
): Promise<{ url: string; headers: Headers }> {
  const { apiEndpoint, authClient } = file.storage;
  const path = `/storage/v1/b/${file.bucket.name}/o/${encodeURIComponent(file.name)}`;
  const url = `${apiEndpoint}${path}?alt=media&generation=${generation}`;
  const headers = isLoopback(apiEndpoint) ? new Headers() : await authClient.getRequestHeaders(url);
  return { url, headers: new Headers(headers) };
}

/** Whom signed URLs name: a private endpoint is for us; whoever is sent to the URL comes from outside. */
export function hostOfSignedUrls(endpoint: string | undefined): string {
  return endpoint !== undefined && isLoopback(endpoint) ? endpoint : 'https://storage.googleapis.com';
}

type Interceptor = Storage['interceptors'][number];

function isLoopback(endpoint: string): boolean {
  return ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(endpoint).hostname);
}
