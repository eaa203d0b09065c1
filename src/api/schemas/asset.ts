// An uploaded image or clip, as the API shows it.
import { z } from 'zod';

import { type Asset, mediaTypes } from '../../domain/user-media.ts';
import { timestamp } from './field-types.ts';

export const assetSchema = z
  .object({
    asset_id: z.string().meta({ example: '01932c07-5a3e-7c11-9d2f-2b8a3f0c4d5e' }),
    kind: z.enum(['image', 'clip']),
    width: z.int().describe('Pixels, as shown: after the rotation that the file asks for.'),
    height: z.int(),
    duration: z.number().nullable().describe('Seconds; null for images.'),
    bytes: z.int(),
    media_type: z.enum(mediaTypes).describe('Told by the bytes, whatever `Content-Type` said.'),
    created_at: timestamp,
  })
  .meta({ id: 'Asset' });

export const assetPageSchema = z
  .object({
    assets: z.array(assetSchema),
    next_cursor: z.string().nullable().describe('Give it as `cursor` for the next page; null on the last.'),
  })
  .meta({ id: 'AssetPage' });

export function toAssetView(asset: Asset): z.output<typeof assetSchema> {
  return {
    asset_id: asset.assetId,
    kind: asset.kind,
    width: asset.width,
    height: asset.height,
    duration: asset.durationSeconds,
    bytes: asset.bytes,
    media_type: asset.mediaType,
    created_at: asset.createdAt.toISOString(),
  };
}
