// What can be asked for, and what it would take.
import { z } from 'zod';

import {
  aspectRatios,
  captionPositions,
  captionStyles,
  frameRates,
  moods,
  resolutions,
  styles,
} from '../../domain/video-request.ts';
import { microUsd } from './field-types.ts';
import { payloadSchema } from './video-request.ts';

const named = { title: z.string(), description: z.string() };

export const stylesSchema = z
  .object({
    styles: z.array(z.object({ style: z.enum(styles), ...named, captions: z.enum(captionStyles) })),
    moods: z.array(z.object({ mood: z.enum(moods), ...named })),
    caption_styles: z.array(z.enum(captionStyles)),
    caption_positions: z.array(z.enum(captionPositions)),
    aspect_ratios: z.array(z.enum(aspectRatios)),
    resolutions: z.array(z.enum(resolutions)),
    frame_sizes: z
      .array(
        z.object({
          aspect_ratio: z.enum(aspectRatios),
          resolution: z.enum(resolutions),
          width: z.int(),
          height: z.int(),
        }),
      )
      .describe('Pixels of each aspect ratio and resolution.'),
    fps: z.array(z.literal(frameRates)),
    limits: z.object({
      script_characters: z.int(),
      scenes: z.int(),
      min_duration: z.number().describe('Seconds.'),
      max_duration: z.number().describe('Seconds.'),
    }),
  })
  .meta({ id: 'Styles' });

export const presetsSchema = z
  .object({
    presets: z.array(
      z.object({
        preset: z.string().meta({ example: 'short' }),
        ...named,
        request: payloadSchema
          .pick({
            style: true,
            mood: true,
            aspect_ratio: true,
            resolution: true,
            fps: true,
            title_cards: true,
            captions: true,
            audio: true,
          })
          .describe(
            'Members of a request: send them with your script, replaced where you want it otherwise.',
          ),
      }),
    ),
  })
  .meta({ id: 'Presets' });

export const voicesSchema = z
  .object({
    voices: z.array(
      z.object({
        voice: z.string().describe('What to send as `voice`.'),
        name: z.string(),
        languages: z.array(z.string()).describe('BCP 47 primary tags.'),
        engine: z.string(),
        licence: z.string(),
        description: z.string(),
      }),
    ),
  })
  .meta({ id: 'Voices' });

export const estimateSchema = z
  .object({
    words: z.int(),
    scenes: z.int(),
    frames: z.int(),
    video_seconds: z.number().describe('Length of the video: the requested one if there is one.'),
    possible_duration: z
      .object({ min: z.number(), max: z.number() })
      .describe(
        'Seconds that pace and pauses can make of this narration, told from its words; the voice decides. A `duration` outside of it is missed, or refused when `strict`.',
      ),
    work_seconds: z
      .number()
      .describe('Seconds that one processor works; work on two at once halves the wait.'),
    basis: z
      .enum(['measured', 'partly_measured', 'typical'])
      .describe("Whether this system's own step times were used for all, some or none of the steps."),
    cost_micro_usd: microUsd.describe(
      'Expected of the providers that are asked first; 0 when all of it is made here.',
    ),
    cost_by_provider: z.record(z.string(), microUsd),
    providers: z
      .record(z.string(), z.string())
      .describe('Who would make what.')
      .meta({ example: { voice: 'offline/flite' } }),
  })
  .meta({ id: 'Estimate' });
