// What becomes of scenes whose media can be had, and of those whose media cannot.
import { describe, expect, test } from 'vitest';

import { requestOf } from '../../test/support/requests.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Degradation } from '../domain/job.ts';
import type { Scene } from '../domain/storyboard.ts';
import type { FrameFormat, Timeline } from '../domain/timeline.ts';
import type { Asset, SceneMedia } from '../domain/user-media.ts';
import type { StepContext } from '../engine/define-step.ts';
import type { InOrder, Makers } from '../ports/makers.ts';
import type { MediaTools, PrepareMediaInput } from '../ports/media-tools.ts';
import type { Visuals } from '../ports/providers.ts';
import type { Kitchen } from './kitchen.ts';
import { createMakersUsed } from './makers-used.ts';
import { beginPictures, finishPictures } from './pictures.ts';

const format: FrameFormat = { width: 1280, height: 720, fps: 24, aspect: '16:9', resolution: '720p' };
const how = { fit: 'contain', focus: { x: 0.5, y: 0.5 } } as const;
const image: Asset = {
  assetId: 'asset',
  digest: 'd1',
  bytes: 100,
  kind: 'image',
  mediaType: 'image/png',
  width: 640,
  height: 480,
  durationSeconds: null,
  createdAt: new Date(0),
};
const painted = { layers: [], particles: null, luma: { bottom: 1, middle: 1, top: 1 } };
const shown = { ...painted, luma: { bottom: 90, middle: 90, top: 90 } };

/** Paints. */
const painter: Visuals = {
  id: 'painter',
  version: '1',
  illustrate: async () => ({ info: painted, layers: [] }),
};

interface Circumstances {
  strict?: boolean;
  deleted?: boolean;
  fetchFails?: ErrorCode;
  visuals?: InOrder<Visuals>;
  /** By media type: what preparing a file fails with, or the luma of what it gives. */
  prepared?: Record<string, ErrorCode | number>;
}

/** Makes the pictures of one scene of 50 frames that has this media. */
async function picture(
  media: SceneMedia | undefined,
  { strict = false, deleted = false, fetchFails, visuals = [painter], prepared = {} }: Circumstances = {},
) {
  const asked: PrepareMediaInput[] = [];
  const degradations: Degradation[] = [];
  const logged: (ErrorCode | undefined)[] = [];
  const context = {
    keep: async ({ mediaType }) => ({ digest: 'kept', bytes: 1, media_type: mediaType }),
    open: async () => 'opened',
  } as Partial<StepContext> as StepContext;
  const tools: Partial<MediaTools> = {
    version: 'tools',
    probeMedia: async () => ({ ...image, kind: 'clip', mediaType: 'video/mp4', durationSeconds: 2 }),
    async prepareMedia(input) {
      asked.push(input);
      const outcome = prepared[input.mediaType];
      if (typeof outcome === 'string') throw new AppError(outcome, 'It has no end.');
      const luma = outcome === undefined ? shown.luma : { bottom: outcome, middle: outcome, top: outcome };
      return { info: { ...shown, luma }, layers: [] };
    },
  };
  const kitchen = {
    makers: {
      visuals,
      tools,
    } as Partial<Makers> as Makers,
    run: (step, input) => step.run(input, context),
    used: createMakersUsed(),
    userMedia: {
      jobId: 'job',
      findAsset: async (assetId) => (assetId === image.assetId && !deleted ? image : undefined),
      fetcher: {
        async fetch() {
          if (fetchFails !== undefined) throw new AppError(fetchFails, 'It failed.', { hint: 'Do better.' });
          return { path: 'fetched', mediaType: 'video/mp4' };
        },
      },
    },
    degrade: (degradation, because) => {
      logged.push(because?.code);
      if (strict) throw new AppError('degraded', degradation.cause);
      degradations.push(degradation);
    },
  } as Partial<Kitchen> as Kitchen;
  const scene = { id: 's01', text: 'One.', ...(media && { media }) } as Scene;
  const timeline = { format, scenes: [{ id: 's01', startFrame: 10, endFrame: 60 }] } as Timeline;
  const request = requestOf({ strict });
  const beginnings = await beginPictures(request, [scene], format, kitchen);
  const [made] = await finishPictures(request, [scene], beginnings, timeline, kitchen);
  const { art, ...more } = made!;
  return { info: art.info, ...more, asked, degradations, logged, used: kitchen.used.list() };
}

test('a scene without media is painted', async () => {
  expect(await picture(undefined)).toEqual({
    info: painted,
    credits: [],
    asked: [],
    degradations: [],
    logged: [],
    used: { pictures: ['painter@1'] },
  });
});

test('an asset is prepared for the frame, clear of the style’s bars', async () => {
  const { info, supplied, asked, degradations } = await picture({ asset_id: 'asset', ...how });
  expect(info).toEqual(shown);
  expect(supplied).toEqual({ source: { asset_id: 'asset' }, digest: 'd1', media_type: 'image/png' });
  expect(asked).toEqual([
    {
      source: 'opened',
      mediaType: 'image/png',
      ...how,
      frame: { width: 1280, height: 720, fps: 24 },
      barHeight: expect.any(Number),
      frames: null,
    },
  ]);
  expect(asked[0]!.barHeight).toBeGreaterThan(0);
  expect(degradations).toEqual([]);
});

test('of a clip as many whole seconds are kept as the scene and the next transition show', async () => {
  const url = 'https://clips.example.com/a.mp4';
  const { supplied, asked } = await picture({ url, ...how });
  expect(supplied).toEqual({ source: { url }, digest: 'kept', media_type: 'video/mp4' });
  // 50 frames and 0.7 s of transition: 2.8 s.
  expect(asked[0]!.frames).toBe(72);
});

describe('media that cannot be had', () => {
  test('are painted and named', async () => {
    const gone = await picture({ asset_id: 'asset', ...how }, { deleted: true });
    expect(gone.info).toEqual(painted);
    expect(gone.supplied).toBeUndefined();
    expect(gone.degradations).toEqual([
      {
        capability: 'pictures',
        cause: 'Scene s01 was painted instead of showing its media: The asset was deleted.',
        remedy: 'Upload it again.',
      },
    ]);
    for (const fetchFails of ['media_unreachable', 'media_refused', 'media_unreadable'] as const) {
      const lost = await picture({ url: 'https://a.example.com/', ...how }, { fetchFails });
      expect(lost).toMatchObject({ info: painted, degradations: [{ remedy: 'Do better.' }] });
    }
  });

  test('fail a strict job with the reason', async () => {
    const strict = { strict: true, fetchFails: 'media_unreachable' } as const;
    await expect(picture({ url: 'https://a.example.com/', ...how }, strict)).rejects.toMatchObject({
      code: 'media_unreachable',
    });
  });

  test('are not painted over when the fault is not theirs', async () => {
    const full = { fetchFails: 'storage_full' } as const;
    await expect(picture({ url: 'https://a.example.com/', ...how }, full)).rejects.toMatchObject({
      code: 'storage_full',
    });
  });
});

describe('a picture that a maker found', () => {
  const credits = [{ title: 'Sea', author: 'Ann', licence: 'CC0 1.0', url: 'https://example.com/' }];
  const finder = (id: string, mediaType: string): Visuals => ({
    id,
    version: '1',
    illustrate: async () => ({ picture: { path: 'found', mediaType }, credits }),
  });
  const first = finder('first', 'image/png');
  const second = finder('second', 'image/webp');

  test('is prepared for the whole frame, credited, and named as found', async () => {
    const made = await picture(undefined, { visuals: [first, painter] });
    expect(made).toMatchObject({ info: shown, credits, found: true, degradations: [] });
    expect(made.asked).toMatchObject([
      { source: 'opened', mediaType: 'image/png', fit: 'cover', focus: { x: 0.5, y: 0.5 }, frames: null },
    ]);
    expect(made.supplied).toBeUndefined();
  });

  test('that moves is kept as long as the scene and the next transition show it', async () => {
    const { asked } = await picture(undefined, { visuals: [finder('film', 'video/mp4'), painter] });
    expect(asked[0]!.frames).toBe(72);
  });

  test.each<ErrorCode>([
    'media_unreadable',
    'media_refused',
    'media_process_died',
    'step_timed_out',
  ])('and that cannot be prepared (%s) is painted instead, and that is said', async (code) => {
    const made = await picture(undefined, { visuals: [first, painter], prepared: { 'image/png': code } });
    expect(made).toMatchObject({ info: painted, credits: [] });
    expect(made.found).toBeUndefined();
    expect(made.degradations).toEqual([
      {
        capability: 'pictures',
        cause: 'painter stands in for a picture that cannot be used: It has no end.',
        remedy: expect.any(String),
      },
    ]);
    expect(made.logged).toEqual([code]);
  });

  test('and that is black is painted instead', async () => {
    const made = await picture(undefined, { visuals: [first, painter], prepared: { 'image/png': 16 } });
    expect(made).toMatchObject({ info: painted, degradations: [{ cause: expect.stringMatching(/black/) }] });
  });

  test('is looked for by the next maker first, painted last', async () => {
    const visuals = [first, second, painter] as const;
    const one = await picture(undefined, { visuals, prepared: { 'image/png': 'media_unreadable' } });
    expect(one).toMatchObject({ info: shown, found: true });
    expect(one.asked.map(({ mediaType }) => mediaType)).toEqual(['image/png', 'image/webp']);
    const none = { 'image/png': 'media_unreadable', 'image/webp': 'media_refused' } as const;
    const two = await picture(undefined, { visuals, prepared: none });
    expect(two).toMatchObject({ info: painted });
    expect(two.degradations.map(({ cause }) => cause.split(' ')[0])).toEqual(['second', 'painter']);
  });

  test.each<[ErrorCode | number, ErrorCode]>([
    ['media_unreadable', 'provider_answer_invalid'],
    [16, 'provider_answer_invalid'],
    ['media_process_died', 'media_process_died'],
  ])('and that cannot be prepared (%s) is %s when nobody is left to ask', async (outcome, code) => {
    const alone = { visuals: [first], prepared: { 'image/png': outcome } } as const;
    await expect(picture(undefined, alone)).rejects.toMatchObject({ code });
  });

  test('and that cannot be prepared fails a strict job', async () => {
    const strict = {
      strict: true,
      visuals: [first, painter],
      prepared: { 'image/png': 'media_unreadable' },
    } as const;
    await expect(picture(undefined, strict)).rejects.toMatchObject({ code: 'degraded' });
  });

  test('is not painted over when the fault is not its own', async () => {
    const full = { visuals: [first, painter], prepared: { 'image/png': 'storage_full' } } as const;
    await expect(picture(undefined, full)).rejects.toMatchObject({ code: 'storage_full' });
  });

  test('takes the place of the user’s own that cannot be had', async () => {
    const gone = { deleted: true, visuals: [first, painter] } as const;
    const made = await picture({ asset_id: 'asset', ...how }, gone);
    expect(made).toMatchObject({ info: shown, found: true, credits });
    expect(made.degradations).toHaveLength(1);
  });
});
