// The smallest job that goes through every step, and waiting for its end over the API.
import { createApiClient } from '../../src/cli/api-client.ts';
import type { JobView } from '../../src/cli/views.ts';

/** Two scenes with words that call for a sound effect; 720p24 keeps it quick. */
export const smallRequest = {
  script: 'The storm came at night.\n\nThunder rolled over the sea.',
  style: 'cinematic',
  mood: 'dramatic',
  resolution: '720p',
  fps: 24,
  seed: 7,
};

/** The job once it has ended. Throws after two minutes. */
export function finished(url: string, jobId: string): Promise<JobView> {
  return createApiClient(url).follow(jobId, () => {}, AbortSignal.timeout(120_000));
}

/** Resolves when the job has reached the stage; throws when it ends before. */
export async function reached(url: string, jobId: string, stage: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const leave = new AbortController();
  createApiClient(url)
    .follow(
      jobId,
      (state) => {
        if (state.stage === stage) resolve();
      },
      leave.signal,
    )
    .then(({ status }) => reject(new Error(`the job was ${status} before ${stage}`)))
    .catch(reject);
  try {
    await promise;
  } finally {
    leave.abort();
  }
}
