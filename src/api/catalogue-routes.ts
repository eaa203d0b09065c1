// What can be asked for, and what a request would take, without running anything.
import { estimateWork } from '../domain/estimate.ts';
import { presets } from '../domain/presets.ts';
import { moodTraits, styleLooks } from '../domain/styles.ts';
import {
  aspectRatios,
  captionPositions,
  captionStyles,
  frameRates,
  frameSize,
  limits,
  moods,
  resolutions,
  styles,
} from '../domain/video-request.ts';
import { acceptRequest, refuseUnknownAssets } from './accept-request.ts';
import type { Api, ApiDeps } from './deps.ts';
import { bodyProblems, json, problems } from './responses.ts';
import {
  createVideoSchema,
  estimateSchema,
  presetsSchema,
  stylesSchema,
  voicesSchema,
} from './schemas/index.ts';

const tags = ['catalogue'];

export function addCatalogueRoutes(
  api: Api,
  {
    stepStore,
    assetStore,
    voices,
    providers,
    expectCost,
  }: Pick<ApiDeps, 'stepStore' | 'assetStore' | 'voices' | 'providers' | 'expectCost'>,
): void {
  api.route({
    method: 'GET',
    url: '/v1/styles',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'listStyles',
      tags,
      summary: 'Styles, moods, captions, sizes and limits',
      response: { 200: json('Everything that can be asked for.', stylesSchema), ...problems() },
    },
    handler: async () => ({
      styles: styles.map((style) => {
        const { title, description, captions } = styleLooks[style];
        return { style, title, description, captions };
      }),
      moods: moods.map((mood) => {
        const { title, description } = moodTraits[mood];
        return { mood, title, description };
      }),
      caption_styles: [...captionStyles],
      caption_positions: [...captionPositions],
      aspect_ratios: [...aspectRatios],
      resolutions: [...resolutions],
      frame_sizes: aspectRatios.flatMap((aspect) =>
        resolutions.map((resolution) => ({
          aspect_ratio: aspect,
          resolution,
          ...frameSize(aspect, resolution),
        })),
      ),
      fps: [...frameRates],
      limits: {
        script_characters: limits.scriptChars,
        scenes: limits.scenes,
        min_duration: limits.minDurationSeconds,
        max_duration: limits.maxDurationSeconds,
      },
    }),
  });

  api.route({
    method: 'GET',
    url: '/v1/presets',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'listPresets',
      tags,
      summary: 'Sets of fields for common uses',
      description: 'Put the `request` of one beside your `script` in the body of `POST /v1/videos`.',
      response: { 200: json('Every preset.', presetsSchema), ...problems() },
    },
    handler: async () => ({
      presets: Object.entries(presets).map(([preset, facts]) => ({ preset, ...facts })),
    }),
  });

  api.route({
    method: 'GET',
    url: '/v1/voices',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'listVoices',
      tags,
      summary: 'Voices and the languages they speak',
      response: { 200: json('Every voice.', voicesSchema), ...problems() },
    },
    handler: async () => ({ voices: voices() }),
  });

  api.route({
    method: 'POST',
    url: '/v1/estimates',
    config: { scope: 'videos:read' },
    schema: {
      operationId: 'estimateVideo',
      tags,
      summary: 'What a request would take',
      description: 'Checks the request as creating would, and runs nothing.',
      body: createVideoSchema,
      response: {
        200: json('The estimate.', estimateSchema),
        ...problems('request_invalid', 'script_unspeakable', 'language_unsupported', ...bodyProblems),
      },
    },
    async handler(request) {
      const accepted = acceptRequest(request.body, voices());
      await refuseUnknownAssets(accepted, request.userId, assetStore);
      const cost = expectCost(accepted);
      const estimate = estimateWork(accepted, await stepStore.medianDurations());
      return {
        words: estimate.words,
        scenes: estimate.scenes,
        frames: estimate.frames,
        video_seconds: estimate.videoSeconds,
        possible_duration: estimate.possibleSeconds,
        work_seconds: estimate.workSeconds,
        basis: estimate.basis,
        cost_micro_usd: cost.totalMicroUsd,
        cost_by_provider: cost.byProvider,
        providers,
      };
    },
  });
}
