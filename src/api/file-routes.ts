// A finished job's files, whole or in part. Names are looked up in the job, never in a file system.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';

import { AppError } from '../domain/errors.ts';
import type { FileRef, Job } from '../domain/job.ts';
import { parseByteRange } from './byte-range.ts';
import type { Api, ApiDeps } from './deps.ts';
import { content, problems } from './responses.ts';
import { getJob, jobParams } from './video-routes.ts';

const fileNames = [
  'video.mp4',
  'thumbnail.jpg',
  'captions.vtt',
  'captions.srt',
  'words.json',
  'narration.wav',
  'music.wav',
  'effects.wav',
  'storyboard.json',
  'manifest.json',
  'report.json',
  'description.txt',
] as const;

/** Browsers may show and play the file, and nothing in it may run. */
const filePolicy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/** How long a signed URL is good for: the most that it may be, for a player asks it for ranges while it plays. */
const signedMs = 15 * 60_000;

const params = jobParams.extend({ name: z.enum(fileNames) });

export function addFileRoutes(api: Api, deps: Pick<ApiDeps, 'jobStore' | 'blobStore'>): void {
  async function sendFile(
    request: FastifyRequest<{ Params: z.output<typeof params> }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { job_id: jobId, name } = request.params;
    const file = getFile(await getJob(deps, request.userId, jobId), name);
    const etag = `"${file.digest}"`;
    reply.headers({
      etag,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'content-security-policy': filePolicy,
    });
    if (matchesEtag(request.headers['if-none-match'], etag)) return reply.code(304).send();
    const range = rangeOf(request, file, etag);
    if (range === 'unsatisfiable') {
      reply.header('content-range', `bytes */${file.bytes}`);
      throw new AppError(
        'range_not_satisfiable',
        `The file has ${file.bytes} bytes; the range lies outside.`,
      );
    }
    // A part of the bytes that the caller has by our ETag: the storage does not know it and would send the whole.
    const isOurs = request.method === 'HEAD' || request.headers['if-range'] === etag;
    const as = { fileName: name, mediaType: file.media_type, expiresMs: signedMs };
    const url = isOurs ? undefined : await deps.blobStore.signedUrl?.(request.userId, file.digest, as);
    if (url !== undefined) {
      reply.removeHeader('etag').removeHeader('accept-ranges').header('cache-control', 'private, no-store');
      return reply.redirect(url, 302);
    }
    reply.type(file.media_type).headers({
      'content-disposition': `inline; filename="${name}"`,
      'content-length': range ? range.end - range.start + 1 : file.bytes,
    });
    if (range) reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${file.bytes}`);
    if (request.method === 'HEAD') return reply.send();
    return reply.send(await deps.blobStore.read(request.userId, file.digest, range));
  }

  api.route({
    method: 'GET',
    url: '/v1/videos/:job_id/files/:name',
    exposeHeadRoute: false,
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'getVideoFile',
      tags: ['videos'],
      summary: 'Download a file of a finished job',
      description:
        'Whole, or one byte range of it. `ETag` is the SHA-256 of the bytes. When the bytes lie in Cloud Storage, the answer may be a redirect to them (follow it with the same `Range`, without your credentials); `HEAD`, `If-None-Match` and `If-Range` with our `ETag` are answered here. `music.wav` and `effects.wav` are there only when the video has music and effects. `description.txt` is text to publish the video with: its title, and the credits that licences ask for.',
      params,
      headers: z.looseObject({
        range: z
          .string()
          .optional()
          .describe('One range, such as `bytes=0-1023`; several are answered with the whole.'),
        'if-range': z
          .string()
          .optional()
          .describe('The range counts only if the file still has this `ETag`.'),
        'if-none-match': z.string().optional().describe('An `ETag` the caller has already.'),
      }),
      response: {
        200: content('The file.', mediaTypes, fileHeaders),
        206: content('The asked part.', mediaTypes, {
          ...fileHeaders,
          'content-range': { type: 'string', description: 'Which part of how much.' },
        }),
        302: z.undefined().meta({
          description: 'The bytes are at `Location` for 15 minutes, with an `ETag` of the storage.',
          headers: {
            location: { type: 'string', description: 'A signed URL; whoever has it can read the file.' },
          },
        }),
        304: z.undefined().describe('The caller has these bytes already.'),
        ...problems('not_found', 'state_conflict', 'range_not_satisfiable', 'storage_unavailable'),
      },
    },
    handler: sendFile as never,
  });

  api.route({
    method: 'HEAD',
    url: '/v1/videos/:job_id/files/:name',
    config: { scope: 'videos:read' },
    schema: { params, hide: true },
    handler: sendFile as never,
  });
}

const mediaTypes = [
  'video/mp4',
  'image/jpeg',
  'audio/wav',
  'text/vtt',
  'application/x-subrip',
  'text/plain',
  'application/json',
] as const;

const fileHeaders = {
  etag: { type: 'string', description: 'SHA-256 of the bytes, in quotes.' },
  'accept-ranges': { type: 'string', description: '`bytes`' },
  'content-disposition': { type: 'string', description: 'The file name to save under.' },
} as const;

/** Throws `state_conflict` while there are no files, `not_found` for a file that this video does not have. */
function getFile(job: Job, name: string): FileRef {
  if (Object.hasOwn(job.files, name)) return job.files[name]!;
  if (job.status === 'completed') throw new AppError('not_found', `This video has no ${name}.`);
  const hint =
    job.status === 'failed' || job.status === 'canceled'
      ? 'POST …/retry to try it again.'
      : 'Follow …/events and ask again when it is completed.';
  throw new AppError(
    'state_conflict',
    `The job is ${job.status}; its files are there once it is completed.`,
    {
      hint,
    },
  );
}

function rangeOf({ method, headers }: FastifyRequest, { bytes }: FileRef, etag: string) {
  const condition = headers['if-range'];
  if (method !== 'GET' || (condition !== undefined && condition !== etag)) return undefined;
  return parseByteRange(headers.range, bytes);
}

function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === etag);
}
