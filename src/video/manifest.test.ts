// The ledger of a video: on what terms each thing is in it.
import { expect, test } from 'vitest';

import { requestOf } from '../../test/support/requests.ts';
import type { Credit } from '../ports/providers.ts';
import { createMakersUsed } from './makers-used.ts';
import { type ManifestInput, writeManifest } from './manifest.ts';

const rain: Credit = {
  title: 'Rain',
  author: 'jane',
  licence: 'CC BY 4.0',
  licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
  url: 'https://freesound.org/s/1/',
};
const song: Credit = { title: 'Score', author: 'Suno V5', licence: 'its terms', url: 'https://suno.example' };

function rightsWith(change: Pick<ManifestInput, 'credits'> & { supplied?: object }) {
  const used = createMakersUsed();
  used.note('voice', { id: 'offline/speaker', version: '3' });
  used.note('sound_effects', { id: 'offline/foley', version: '2' });
  used.note('sound_effects', { id: 'freesound/sound-effects', version: '1' });
  used.note('pictures', { id: 'offline/painter', version: '9' });
  const licence = 'BSD-like';
  const voice = {
    voice: 'rms',
    name: 'Rms',
    languages: ['en'],
    engine: 'flite',
    licence,
    description: 'male',
  };
  const fonts = [{ family: 'Inter', package: '@fontsource/inter', version: '5', licence: 'OFL-1.1' }];
  const input = {
    request: requestOf(),
    makers: { speech: [{ voices: () => [voice] }], tools: { version: '1' } },
    used,
    credits: change.credits,
    storyboard: { title: 'Rain', language: 'en', scenes: [] },
    timeline: { effects: [] },
    voice: 'rms',
    score: null,
    facts: { versions: {}, fonts },
    history: [],
    media: { supplied: change.supplied },
  };
  return writeManifest(input as unknown as ManifestInput).rights;
}

test('names the terms of the voice, of each capability, of the user’s pictures and of fonts', () => {
  expect(rightsWith({ credits: [], supplied: { s02: {} } })).toEqual([
    { item: 'voice rms', licence: 'BSD-like' },
    { item: 'pictures', licence: 'made by AIPROD from the request; yours' },
    { item: 'sound effects', licence: 'from freesound/sound-effects, offline/foley, on the terms of each' },
    { item: 'pictures of s02', licence: 'supplied by the user' },
    { item: 'font @fontsource/inter', licence: 'OFL-1.1' },
  ]);
});

test('credits every work of somebody else once, with where its licence is written', () => {
  const credited = rightsWith({ credits: [song, rain, { ...rain }] }).filter(
    ({ author }) => author !== undefined,
  );
  expect(credited).toEqual([
    { item: 'Score', licence: 'its terms', author: 'Suno V5', url: 'https://suno.example' },
    {
      item: 'Rain',
      licence: 'CC BY 4.0',
      licence_url: 'https://creativecommons.org/licenses/by/4.0/',
      author: 'jane',
      url: 'https://freesound.org/s/1/',
    },
  ]);
});
