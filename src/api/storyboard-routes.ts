// A job's storyboard over HTTP: read as planned or as edited, and edited, which makes a new revision of the video.
import { z } from 'zod';

import {
  editStoryboard,
  hasNewWords,
  refuseEditWhile,
  type StoryboardEdit,
  sameStoryboard,
  withVisibleText,
} from '../domain/edit-storyboard.ts';
import { AppError } from '../domain/errors.ts';
import { estimateWork } from '../domain/estimate.ts';
import type { Figure } from '../domain/figure.ts';
import type { Job } from '../domain/job.ts';
import type { Storyboard } from '../domain/storyboard.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import { digestOf, refuseUnknownAssets, refuseUnspeakable, toMedia } from './accept-request.ts';
import type { Api, ApiDeps } from './deps.ts';
import { bodyProblems, json, problems } from './responses.ts';
import { editStoryboardSchema, jobSchema, storyboardSchema, toJobView } from './schemas/index.ts';
import { jobParams } from './video-routes.ts';

type StoryboardDeps = Pick<
  ApiDeps,
  'jobStore' | 'stepStore' | 'blobStore' | 'assetStore' | 'voices' | 'directScenes' | 'expectCost' | 'tracer'
>;

const etagHeader = {
  etag: { type: 'string', description: 'Of the storyboard; send it as `If-Match` with your edit.' },
} as const;

export function addStoryboardRoutes(api: Api, deps: StoryboardDeps): void {
  const { jobStore, assetStore, expectCost, tracer } = deps;

  api.route({
    method: 'GET',
    url: '/v1/videos/:job_id/storyboard',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'getStoryboard',
      tags: ['videos'],
      summary: 'The scenes, as planned or as edited',
      params: jobParams,
      response: {
        200: json('The storyboard.', storyboardSchema, etagHeader),
        ...problems('not_found', 'state_conflict', 'storage_unavailable'),
      },
    },
    async handler(request, reply) {
      const storyboard = await getStoryboard(
        deps,
        await findJob(deps, request.userId, request.params.job_id),
      );
      reply.header('etag', etagOf(storyboard));
      return storyboard;
    },
  });

  api.route({
    method: 'PUT',
    url: '/v1/videos/:job_id/storyboard',
    config: { scope: 'videos:write' },
    schema: {
      operationId: 'editStoryboard',
      tags: ['videos'],
      summary: 'Edit the scenes',
      description:
        'Takes what GET gives, edited: words, pictures, media, sounds, order, title; scenes may come and go. A job that has ended runs again as a new revision, attempts from zero; what the edit does not touch is taken from before, and the files of the revision before can be read until there are new ones. A job that awaits approval goes on waiting, with a new estimate. A storyboard that is as it was changes nothing, nor does the same edit sent once more.\n\n' +
        'Words that are new are directed anew: `emphasis`, `effects` and `figure` follow them unless the edit changes these too. The request itself (`payload`) stays: with its `duration`, other words are spoken at another pace, in all scenes.\n\n' +
        'With `If-Match`, an edit of a storyboard that somebody else changed meanwhile answers 412.',
      params: jobParams,
      headers: z.looseObject({
        'if-match': z.string().optional().describe('The `ETag` of the storyboard that was edited.'),
      }),
      body: editStoryboardSchema,
      response: {
        200: json('The job as it is now.', jobSchema, etagHeader),
        ...problems(
          'not_found',
          'state_conflict',
          'storyboard_changed',
          'request_invalid',
          'script_unspeakable',
          'language_unsupported',
          ...bodyProblems,
          'encryption_key_unavailable',
          'limit_reached',
          'storage_unavailable',
        ),
      },
    },
    async handler(request, reply) {
      const { userId } = request;
      const found = await findJob(deps, userId, request.params.job_id);
      const { job } = found;
      // What is sent once more, because its answer was lost perhaps, has been done.
      const editDigest = digestOf({ job_id: job.jobId, edit: request.body });
      if (editDigest === found.editDigest) {
        reply.header('etag', etagOf(await getStoryboard(deps, found)));
        return toJobView(job);
      }
      refuseEditWhile(job.status);
      const before = await getStoryboard(deps, found);
      refuseOthersChange(request.headers['if-match'], etagOf(before));
      const storyboard = await acceptEdit(deps, job, before, toEdit(request.body));
      reply.header('etag', etagOf(storyboard));
      if (sameStoryboard(before, storyboard)) return toJobView(job);
      await refuseUnknownAssets(storyboard, userId, assetStore);
      const revised = requestFor(job, storyboard);
      return toJobView(
        await jobStore.revise(userId, job.jobId, {
          from: job.revision,
          storyboard,
          editDigest,
          estimatedMicroUsd: expectCost(revised).totalMicroUsd,
          videoMs: estimateWork(revised, {}).videoSeconds * 1000,
          traceParent: tracer?.traceParent(),
        }),
      );
    },
  });
}

type Found = NonNullable<Awaited<ReturnType<ApiDeps['jobStore']['findStoryboard']>>>;

async function findJob({ jobStore }: StoryboardDeps, userId: string, jobId: string): Promise<Found> {
  const found = await jobStore.findStoryboard(userId, jobId);
  if (found === undefined) throw new AppError('not_found', 'There is no such job.');
  return found;
}

/** As edited, else as planned, else as the finished video has it. Throws `state_conflict` before there is any. */
async function getStoryboard(
  { stepStore, blobStore }: StoryboardDeps,
  { job: { userId, jobId, files }, storyboard }: Found,
): Promise<Storyboard> {
  if (storyboard !== undefined) return storyboard;
  const runs = await stepStore.runs(userId, jobId);
  const planned = runs.findLast(({ step, outcome }) => step === 'plan' && outcome !== 'failed');
  const stored = planned && (await stepStore.find(userId, planned.stepKey));
  if (stored !== undefined) return stored.result as unknown as Storyboard;
  const file = files['storyboard.json'];
  if (file !== undefined) {
    const pieces = await (await blobStore.read(userId, file.digest)).toArray();
    return JSON.parse(Buffer.concat(pieces).toString()) as Storyboard;
  }
  if (planned !== undefined) {
    throw new AppError('not_found', 'The plan is not kept any more.', { hint: 'Retry the job for another.' });
  }
  throw new AppError('state_conflict', 'The job has no plan yet.', {
    hint: 'Wait until its stage is past plan; retry it if it failed there.',
  });
}

function etagOf(storyboard: Storyboard): string {
  return `"${digestOf(storyboard)}"`;
}

function refuseOthersChange(ifMatch: string | undefined, etag: string): void {
  if (ifMatch === undefined) return;
  // Proxies that compress answers make tags weak; ours name the content, whatever its encoding.
  const named = ifMatch.split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (named.includes('*') || named.includes(etag)) return;
  throw new AppError('storyboard_changed', 'The storyboard is not the one that was edited.', {
    hint: 'GET the storyboard again and make your changes there.',
  });
}

function toEdit({ scenes, ...body }: z.output<typeof editStoryboardSchema>): StoryboardEdit {
  return withVisibleText({
    ...body,
    scenes: scenes.map(({ media, figure, ...scene }) => ({
      ...scene,
      ...(figure && { figure: toFigure(figure) }),
      ...(media && { media: toMedia(media) }),
    })),
  });
}

type SentFigure = NonNullable<z.output<typeof editStoryboardSchema>['scenes'][number]['figure']>;

function toFigure({ from, ...figure }: SentFigure): Figure {
  return { ...figure, ...(from !== undefined && { from }) };
}

/** Throws what creating such a video throws, `request_invalid` for scenes that cannot be made. */
async function acceptEdit(
  { voices, directScenes }: StoryboardDeps,
  { request }: Job,
  before: Storyboard,
  edit: StoryboardEdit,
): Promise<Storyboard> {
  const language = edit.language ?? before.language;
  if (!hasNewWords(before, edit)) return editStoryboard(before, edit, undefined);
  const scenes = edit.scenes.map(({ text }) => ({ text }));
  refuseUnspeakable({ scenes, language }, voices());
  if (language !== before.language) refuseUnspokenByVoice(request, language, voices());
  const { style, mood, seed } = request;
  const directed = await directScenes({ script: '', scenes, style, mood, seed, language });
  return editStoryboard(before, edit, directed);
}

function refuseUnspokenByVoice(
  { voice }: VideoRequest,
  language: string,
  voices: ReturnType<ApiDeps['voices']>,
): void {
  const asked = voices.find((each) => each.voice === voice);
  if (asked === undefined || asked.languages.includes(language)) return;
  const detail = `the job's voice, ${asked.voice}, speaks ${asked.languages.join(', ')}`;
  throw new AppError('request_invalid', 'The voice does not speak the language of the words.', {
    hint: 'Create a new video for another voice.',
    errors: [{ pointer: '/language', detail }],
  });
}

/** The request that asks for just these scenes. */
function requestFor({ request }: Job, { scenes }: Storyboard): VideoRequest {
  return {
    ...request,
    script: '',
    scenes: scenes.map(({ text, media }) => ({ text, ...(media && { media }) })),
  };
}
