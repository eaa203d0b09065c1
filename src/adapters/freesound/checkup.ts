// Whether Freesound accepts the key: a search for one sound, which counts as one of the day's requests there.
import { z } from 'zod';

import type { Checkup } from '../../ports/checkup.ts';
import { refusalOf, type SearchDeps } from './search.ts';

const answerSchema = z.object({ count: z.number() });

export function createFreesoundCheckup({
  client,
  baseUrl,
  apiKey,
}: Pick<SearchDeps, 'client' | 'baseUrl' | 'apiKey'>): Checkup {
  return {
    name: 'freesound',
    async check(signal) {
      const { count } = await client.call({
        method: 'GET',
        url: new URL(`${baseUrl.href.replace(/\/+$/, '')}/apiv2/search/?query=rain&page_size=1&fields=id`),
        headers: { authorization: `Token ${apiKey}` },
        paid: false,
        deadlineMs: 10_000,
        mostBytes: 100_000,
        signal,
        read: { as: 'json', parse: (body) => answerSchema.parse(body) },
        classify: (status, body) => refusalOf(status, body, client.provider),
      });
      return `${count} sounds of rain`;
    },
  };
}
