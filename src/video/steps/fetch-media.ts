// Step: what the URL of a scene's media gives, once for the job.
import { defineStep } from '../../engine/define-step.ts';
import type { MediaFetcher } from '../../ports/media-fetcher.ts';
import type { MediaTools } from '../../ports/media-tools.ts';
import type { TakenMedia } from './take-asset.ts';

/** `jobId` is part of the key: another job asks the URL again, a retry of this one does not. */
export function fetchMediaStep(fetcher: MediaFetcher, tools: MediaTools) {
  return defineStep({
    name: 'fetch-media',
    stage: 'illustrate',
    version: '1',
    timeoutMs: 240_000,
    async run({ url }: { url: string; jobId: string }, context): Promise<TakenMedia> {
      const { path } = await fetcher.fetch(url, context);
      const facts = await tools.probeMedia({ source: path }, context);
      return { file: await context.keep({ path, mediaType: facts.mediaType }), facts };
    },
  });
}
