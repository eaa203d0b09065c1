// The user's own images and clips: upload, read, list, delete. What a file is, a media process says; its bytes go to the
// blob store.
import { rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

import { z } from 'zod';

import { AppError } from '../domain/errors.ts';
import { type Asset, mediaLimits, mediaTypes } from '../domain/user-media.ts';
import type { Api, ApiDeps } from './deps.ts';
import { receiveUpload, refuseTooLarge } from './receive-upload.ts';
import { bodyProblems, json, nothing, problems } from './responses.ts';
import { pageCursor, pageSize, strict } from './schemas/field-types.ts';
import { assetPageSchema, assetSchema, toAssetView } from './schemas/index.ts';

type AssetRouteDeps = Pick<ApiDeps, 'assetStore' | 'stepStore' | 'blobStore' | 'uploads'>;

const longestRestMs = 10_000;
const tags = ['assets'];
const params = z.object({ asset_id: z.uuid() });
const uploadTypes = [...mediaTypes, 'application/octet-stream'];

export async function addAssetRoutes(api: Api, deps: AssetRouteDeps): Promise<void> {
  addReadingRoutes(api, deps);
  // A scope of its own: only here bodies are not JSON.
  await api.register(async (scope) => addUploadRoute(scope as Api, deps));
}

function addUploadRoute(api: Api, { assetStore, stepStore, blobStore, uploads }: AssetRouteDeps): void {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(uploadTypes, (_, body, done) => done(null, body));
  api.addContentTypeParser('*', (_, __, done) =>
    done(
      new AppError('media_type_unsupported', 'This content type is not accepted for uploads.', {
        hint: `Send the file as the body, with Content-Type: ${mediaTypes.join(', ')}.`,
      }),
    ),
  );

  async function keep(userId: string, body: Readable): Promise<Asset> {
    const { path, digest, bytes } = await receiveUpload(body, uploads.folder);
    try {
      const facts = await uploads.probe(path);
      await stepStore.touchBlob(userId, digest);
      await blobStore.putFile(userId, path, facts.mediaType, { digest });
      return await assetStore.add({ userId, digest, bytes, ...facts });
    } finally {
      await rm(path, { force: true });
    }
  }

  api.route({
    method: 'POST',
    url: '/v1/assets',
    bodyLimit: mediaLimits.clipBytes,
    config: { scope: 'videos:write', body: 'upload' },
    schema: {
      operationId: 'uploadAsset',
      tags,
      summary: 'Upload an image or a clip',
      description:
        "The body is the file itself. It is looked at before it is accepted: what it is, by its bytes; that it can be decoded; images up to 25 MB and 50 million pixels, clips up to 200 MB, 3840 × 2160 pixels and 600 s. Name it in a scene's `media` by its `asset_id`.",
      consumes: uploadTypes,
      body: z.any().describe('The bytes of the file.'),
      response: {
        201: json('The asset.', assetSchema, {
          location: { type: 'string', description: "The asset's path." },
        }),
        ...problems(
          ...bodyProblems,
          'media_refused',
          'media_unreadable',
          'storage_full',
          'storage_unavailable',
          'step_timed_out',
          'media_process_died',
        ),
      },
    },
    async handler(request, reply) {
      const { body, headers, userId } = request;
      const file = body instanceof Readable ? body : Readable.from([]);
      reply.raw.once('finish', () => takeRest(request.raw));
      if (Number(headers['content-length'] ?? 0) > mediaLimits.clipBytes)
        refuseTooLarge(mediaLimits.clipBytes);
      const asset = await keep(userId, file);
      return reply.code(201).header('location', `/v1/assets/${asset.assetId}`).send(toAssetView(asset));
    },
  });
}

/** A sender that is refused midway reads the answer only once it has sent on for a while: some of the rest is taken. */
function takeRest(request: IncomingMessage): void {
  if (request.complete || request.readableEnded) return;
  request.resume();
  const { socket } = request;
  const impatience = setTimeout(() => socket.destroy(), longestRestMs);
  const stopWaiting = () => {
    clearTimeout(impatience);
    socket.off('close', stopWaiting);
  };
  request.once('end', stopWaiting);
  // Of a connection that is cut the request does not tell any more once it was answered.
  socket.once('close', stopWaiting);
}

function addReadingRoutes(api: Api, { assetStore }: AssetRouteDeps): void {
  api.route({
    method: 'GET',
    url: '/v1/assets',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'listAssets',
      tags,
      summary: 'List your assets',
      description: 'Newest first. Assets uploaded meanwhile do not move the pages that follow.',
      querystring: strict({
        limit: pageSize(100, 20).describe('Assets per page.'),
        cursor: pageCursor,
      }),
      response: { 200: json('One page of assets.', assetPageSchema), ...problems('request_invalid') },
    },
    async handler(request) {
      const { limit, cursor } = request.query;
      const page = await assetStore.list(request.userId, { limit, ...(cursor !== undefined && { cursor }) });
      return { assets: page.assets.map(toAssetView), next_cursor: page.nextCursor ?? null };
    },
  });

  api.route({
    method: 'GET',
    url: '/v1/assets/:asset_id',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'getAsset',
      tags,
      summary: 'Read one asset',
      params,
      response: { 200: json('The asset.', assetSchema), ...problems('not_found') },
    },
    async handler(request) {
      const asset = await assetStore.find(request.userId, request.params.asset_id);
      if (asset === undefined) throw new AppError('not_found', 'There is no such asset.');
      return toAssetView(asset);
    },
  });

  api.route({
    method: 'DELETE',
    url: '/v1/assets/:asset_id',
    config: { scope: 'videos:write' },
    schema: {
      operationId: 'deleteAsset',
      tags,
      summary: 'Delete an asset',
      description:
        'Jobs that have taken it up already finish with it; others paint the scene instead and say so, or fail when `strict`. Its bytes go once no job needs them.',
      params,
      response: { 204: nothing.describe('The asset is gone.'), ...problems('not_found', ...bodyProblems) },
    },
    async handler(request, reply) {
      await assetStore.remove(request.userId, request.params.asset_id);
      return reply.code(204).send();
    },
  });
}
