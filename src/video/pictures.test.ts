// What becomes of scenes whose media can be had, and of those whose media cannot.
import { describe, expect, test } from 'vitest';

import { requestOf } from '../../test/support/requests.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Degradation } from '../domain/job.ts';
import type { Scene } from '../domain/storyboard.ts';
import type { FrameFormat, Timeline } from '../domain/timeline.ts';
import type { Asset, SceneMedia } from '../domain/user-media.ts';
import type { StepContext } from '../engine/define-step.ts';
import type { Makers } from '../ports/makers.ts';
import type { MediaTools, PrepareMediaInput } from '../ports/media-tools.ts';
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
const shown = { ...painted, luma: { bottom: 9, middle: 9, top: 9 } };

/** Makes the pictures of one scene of 50 frames that has this media. */
async function picture(
  media: SceneMedia | undefined,
  { strict = false, deleted = false, fetchFails = undefined as ErrorCode | undefined } = {},
) {
  const asked: PrepareMediaInput[] = [];
  const degradations: Degradation[] = [];
  const context = {
    keep: async () => ({ digest: 'kept', bytes: 1, media_type: 'image/png' }),
    open: async () => 'opened',
  } as Partial<StepContext> as StepContext;
  const tools: Partial<MediaTools> = {
    version: 'tools',
    probeMedia: async () => ({ ...image, kind: 'clip', mediaType: 'video/mp4', durationSeconds: 2 }),
    async prepareMedia(input) {
      asked.push(input);
      return { info: shown, layers: [] };
    },
  };
  const kitchen = {
    makers: {
      visuals: [{ id: 'painter', version: '1', illustrate: async () => ({ info: painted, layers: [] }) }],
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
    degrade: (degradation) => void degradations.push(degradation),
  } as Partial<Kitchen> as Kitchen;
  const scene = { id: 's01', text: 'One.', ...(media && { media }) } as Scene;
  const timeline = { format, scenes: [{ id: 's01', startFrame: 10, endFrame: 60 }] } as Timeline;
  const request = requestOf({ strict });
  const beginnings = await beginPictures(request, [scene], format, kitchen);
  const [made] = await finishPictures(request, [scene], beginnings, timeline, kitchen);
  return { info: made!.art.info, supplied: made!.supplied, asked, degradations };
}

test('a scene without media is painted', async () => {
  expect(await picture(undefined)).toEqual({
    info: painted,
    supplied: undefined,
    asked: [],
    degradations: [],
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
    expect(gone).toMatchObject({ info: painted, supplied: undefined });
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
