// What inspection measured on the finished file, as the API shows it. The same shape as domain/report.ts.
import { z } from 'zod';

const span = z.object({ start: z.number(), end: z.number() });

export const reportSchema = z
  .object({
    duration: z.number().describe('Seconds.'),
    duration_error: z
      .number()
      .nullable()
      .describe('Seconds, measured minus requested; null when no duration was asked for.'),
    bytes: z.int(),
    container: z.string(),
    faststart: z.boolean(),
    video: z.object({
      codec: z.string(),
      profile: z.string(),
      width: z.int(),
      height: z.int(),
      fps: z.number(),
      frames: z.int(),
      pixel_format: z.string(),
      color: z.string(),
      bit_rate: z.number(),
    }),
    audio: z.object({
      codec: z.string(),
      sample_rate: z.int(),
      channels: z.int(),
      bit_rate: z.number(),
    }),
    chapters: z.int(),
    loudness: z.object({
      integrated_lufs: z.number(),
      true_peak_dbtp: z.number(),
      range_lu: z.number(),
      narration_to_music_lu: z.number().nullable().describe('While somebody speaks; null without music.'),
    }),
    silence: z.array(span),
    black: z.array(span),
    frozen: z.array(span),
    narration: z
      .array(z.object({ scene: z.string(), sentence: z.int(), presence: z.number() }))
      .describe(
        'How surely each sentence of a scene (the first is 1) is heard in the finished sound, 0 to 1.',
      ),
    captions: z.object({
      words: z.int(),
      offset_p95_ms: z.number().nullable(),
      glyph_coverage: z.number(),
    }),
    gates: z.array(
      z.object({ name: z.string(), passed: z.boolean(), measured: z.string(), required: z.string() }),
    ),
  })
  .meta({ id: 'Report', description: 'Measured on the finished file, not claimed.' });
