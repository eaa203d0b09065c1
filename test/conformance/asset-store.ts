// What every AssetStore must do: assets belong to one user, pages do not move, and bytes live as long as they are named.
import { describe, expect, it } from 'vitest';

import type { NewAsset } from '../../src/ports/asset-store.ts';
import { createClaimed, newDigest, newUser, type StoresUnderTest } from './stores-under-test.ts';

const graceMs = 3_600_000;

function imageOf(overrides: Partial<NewAsset> = {}): NewAsset {
  return {
    userId: newUser(),
    digest: newDigest(),
    bytes: 12_345,
    kind: 'image',
    mediaType: 'image/png',
    width: 640,
    height: 480,
    durationSeconds: null,
    ...overrides,
  };
}

const clip = { kind: 'clip', mediaType: 'video/mp4', durationSeconds: 2.5, bytes: 4_000_000_000 } as const;

export function describeAssetStore(get: () => StoresUnderTest): void {
  describe('AssetStore', () => {
    it('finds what was added, for the same user only', async () => {
      const { assetStore } = get();
      const { userId, ...facts } = imageOf(clip);
      const asset = await assetStore.add({ userId, ...facts });
      expect(asset).toMatchObject(facts);
      expect(asset.createdAt).toBeInstanceOf(Date);
      expect(await assetStore.find(userId, asset.assetId)).toEqual(asset);
      expect(await assetStore.find(newUser(), asset.assetId)).toBeUndefined();
      expect(await assetStore.find(userId, 'no-uuid')).toBeUndefined();
    });

    it('lists the newest first, page by page, for the same user only', async () => {
      const { assetStore } = get();
      const userId = newUser();
      const added: string[] = [];
      for (let i = 0; i < 5; i++) added.unshift((await assetStore.add(imageOf({ userId }))).assetId);
      const seen: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await assetStore.list(userId, { limit: 2, ...(cursor !== undefined && { cursor }) });
        seen.push(...page.assets.map(({ assetId }) => assetId));
        await assetStore.add(imageOf({ userId }));
        cursor = page.nextCursor;
        if (cursor === undefined) break;
      }
      expect(seen).toEqual(added);
      expect(await assetStore.list(newUser(), { limit: 2 })).toEqual({ assets: [] });
      await expect(assetStore.list(userId, { limit: 2, cursor: 'made-up' })).rejects.toMatchObject({
        code: 'request_invalid',
      });
    });

    it('forgets what its user removes, once', async () => {
      const { assetStore } = get();
      const { userId, ...facts } = imageOf();
      const { assetId } = await assetStore.add({ userId, ...facts });
      await expect(assetStore.remove(newUser(), assetId)).rejects.toMatchObject({ code: 'not_found' });
      await assetStore.remove(userId, assetId);
      expect(await assetStore.find(userId, assetId)).toBeUndefined();
      await expect(assetStore.remove(userId, assetId)).rejects.toMatchObject({ code: 'not_found' });
      await expect(assetStore.remove(userId, 'no-uuid')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('keeps the bytes while an asset names them, however old, and not after', async () => {
      const stores = get();
      const image = imageOf();
      await stores.stepStore.touchBlob(image.userId, image.digest);
      const first = await stores.assetStore.add(image);
      const second = await stores.assetStore.add(image);
      expect(await collected(stores, image)).toBe(false);
      await stores.assetStore.remove(image.userId, first.assetId);
      expect(await collected(stores, image)).toBe(false);
      await stores.assetStore.remove(image.userId, second.assetId);
      expect(await collected(stores, image)).toBe(true);
    });

    it('keeps the bytes of a removed asset while a job’s step names them', async () => {
      const stores = get();
      const lease = await createClaimed(stores);
      const image = imageOf({ userId: lease.userId });
      const { assetId } = await stores.assetStore.add(image);
      const step = { stepKey: newDigest(), step: 'take-asset', result: {}, blobs: [image.digest] };
      await stores.stepStore.putIfAbsent(lease, step);
      const run = { stepId: 'take-asset:s01', step: 'take-asset', stepKey: step.stepKey, durationMs: 1 };
      const facts = { outcome: 'ran', reason: 'first_time', changed: [], parts: {}, at: new Date() } as const;
      await stores.stepStore.recordRun(lease, { ...run, ...facts, changed: [] });
      await stores.assetStore.remove(lease.userId, assetId);
      expect(await collected(stores, image)).toBe(false);
      await stores.jobStore.remove(lease.userId, lease.jobId);
      expect(await collected(stores, image)).toBe(true);
    });
  });
}

/** Whether garbage collection, long after, takes the bytes. */
async function collected(stores: StoresUnderTest, { userId, digest }: NewAsset): Promise<boolean> {
  await stores.letTimePass(2 * graceMs);
  let taken = false;
  await stores.stepStore.collectGarbage(graceMs, async (user, each) => {
    if (user === userId && each === digest) taken = true;
  });
  return taken;
}
