// Users' uploaded images and clips: what is known of each; the bytes are in the blob store. Every call names the user;
// an asset of somebody else's is as good as absent.
import type { Asset, MediaFacts } from '../domain/user-media.ts';

export interface NewAsset extends MediaFacts {
  userId: string;
  /** Of bytes that the blob store has, and that were touched (StepStore.touchBlob) before they were written. */
  digest: string;
  bytes: number;
}

export interface AssetPage {
  assets: Asset[];
  /** Opaque; absent on the last page. */
  nextCursor?: string;
}

export interface AssetStore {
  /** Keeps garbage collection away from the bytes for as long as the asset exists. */
  add(asset: NewAsset): Promise<Asset>;
  find(userId: string, assetId: string): Promise<Asset | undefined>;
  /** Newest first, keyset-paginated. Throws `request_invalid` for a cursor that we did not make. */
  list(userId: string, query: { limit: number; cursor?: string }): Promise<AssetPage>;
  /**
   * Forgets the asset; its bytes go with the next garbage collection unless another asset, a step result or a job's file
   * names them. Throws `not_found`.
   */
  remove(userId: string, assetId: string): Promise<void>;
}
