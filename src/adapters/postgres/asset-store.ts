// Users' assets on PostgreSQL. The bytes are not here: a row only keeps garbage collection away from them.
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

import { AppError } from '../../domain/errors.ts';
import type { Asset, MediaKind, UserMediaType } from '../../domain/user-media.ts';
import type { AssetStore } from '../../ports/asset-store.ts';
import { isUuid } from './job-row.ts';
import { fromCursor, toCursor } from './page-cursor.ts';
import { type Executor, inTenant, rowsOf, type Statement, tenantRows } from './statements.ts';

const columns = 'asset_id, digest, bytes, kind, media_type, width, height, duration, created_at';

interface AssetRow {
  asset_id: string;
  digest: string;
  bytes: string;
  kind: MediaKind;
  media_type: UserMediaType;
  width: number;
  height: number;
  duration: number | null;
  created_at: Date;
}

// The blob's row is touched in the same statement: that makes garbage collection, which locks it, safe beside it.
const addAsset = {
  name: 'asset_add',
  text: `
    WITH kept AS (
      INSERT INTO blobs (user_id, digest, referenced) VALUES ($2, $3, true)
      ON CONFLICT (user_id, digest) DO UPDATE SET touched_at = now(), referenced = true, unwanted_since = NULL
    )
    INSERT INTO assets (asset_id, user_id, digest, bytes, kind, media_type, width, height, duration)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${columns}`,
};

const findAsset = {
  name: 'asset_find',
  text: `SELECT ${columns} FROM assets WHERE asset_id = $1 AND user_id = $2`,
};

const listAssets = (afterCursor: boolean): Statement => ({
  name: `asset_list${afterCursor ? '_after' : ''}`,
  text: `
    SELECT ${columns} FROM assets WHERE user_id = $1
      ${afterCursor ? 'AND (created_at, asset_id) < ($3::timestamptz, $4::uuid)' : ''}
    ORDER BY created_at DESC, asset_id DESC LIMIT $2`,
});

// Need not be kept for the usual grace period; whether somebody else names the bytes is looked at then.
const releaseBlob = {
  name: 'asset_release_blob',
  text: `
    UPDATE blobs SET unwanted_since = now()
    WHERE user_id = $2 AND digest = (SELECT digest FROM assets WHERE asset_id = $1 AND user_id = $2)`,
};

const removeAsset = {
  name: 'asset_remove',
  text: 'DELETE FROM assets WHERE asset_id = $1 AND user_id = $2 RETURNING asset_id',
};

/** False when the user has no such asset. */
export async function removeAssetRow(client: Executor, userId: string, assetId: string): Promise<boolean> {
  await rowsOf(client, releaseBlob, [assetId, userId]);
  return (await rowsOf(client, removeAsset, [assetId, userId])).length > 0;
}

/** Every method may throw `database_unavailable`. */
export function createAssetStore({ pool }: { pool: pg.Pool }): AssetStore {
  return {
    async add({ userId, digest, bytes, kind, mediaType, width, height, durationSeconds }) {
      const values = [uuidv7(), userId, digest, bytes, kind, mediaType, width, height, durationSeconds];
      const [row] = await tenantRows<AssetRow>(pool, userId, addAsset, values);
      return toAsset(row!);
    },

    async find(userId, assetId) {
      if (!isUuid(assetId)) return undefined;
      const [row] = await tenantRows<AssetRow>(pool, userId, findAsset, [assetId, userId]);
      return row && toAsset(row);
    },

    async list(userId, { limit, cursor }) {
      const values: unknown[] = [userId, limit + 1];
      if (cursor !== undefined) {
        const { createdAt, jobId: assetId } = fromCursor(cursor);
        values.push(createdAt, assetId);
      }
      const rows = await tenantRows<AssetRow>(pool, userId, listAssets(cursor !== undefined), values);
      const assets = rows.slice(0, limit).map(toAsset);
      const last = assets.at(-1);
      const more = rows.length > limit && last !== undefined;
      return {
        assets,
        ...(more && { nextCursor: toCursor({ createdAt: last.createdAt, jobId: last.assetId }) }),
      };
    },

    async remove(userId, assetId) {
      const removed =
        isUuid(assetId) &&
        (await inTenant(pool, userId, (client) => removeAssetRow(client, userId, assetId)));
      if (!removed) throw new AppError('not_found', 'There is no such asset.');
    },
  };
}

function toAsset(row: AssetRow): Asset {
  return {
    assetId: row.asset_id,
    digest: row.digest,
    bytes: Number(row.bytes),
    kind: row.kind,
    mediaType: row.media_type,
    width: row.width,
    height: row.height,
    durationSeconds: row.duration,
    createdAt: row.created_at,
  };
}
