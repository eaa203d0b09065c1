// What was done for a job, step by step, and the plan it was done from.
import { z } from 'zod';

import { figureKinds } from '../../domain/figure.ts';
import { effectKinds, motifs } from '../../domain/storyboard.ts';
import { timestamp } from './field-types.ts';
import { sceneMediaSchema } from './video-request.ts';

export const stepsSchema = z
  .object({
    steps: z.array(
      z.object({
        step_id: z.string().meta({ example: 'narrate:s03' }),
        step: z.string(),
        outcome: z.enum(['ran', 'reused', 'failed']),
        reason: z.enum(['first_time', 'input_changed', 'blob_missing', 'reused']),
        changed: z.array(z.string()).describe('Parts of the input that differ from the run before.'),
        duration_ms: z.number(),
        at: timestamp,
        explanation: z.string().describe('The same in words.'),
      }),
    ),
  })
  .meta({ id: 'Steps' });

export const storyboardSchema = z
  .object({
    title: z.string(),
    language: z.string(),
    scenes: z.array(
      z.object({
        id: z.string().meta({ example: 's01' }),
        text: z.string(),
        motif: z.enum(motifs),
        keywords: z.array(z.string()),
        emphasis: z.array(z.int()).describe('Indexes of the words to stress.'),
        effects: z.array(
          z.object({
            kind: z.enum(effectKinds),
            at_word: z.int().describe('-1 = at the cut into the scene.'),
            role: z.enum(['bed', 'hit']),
            intensity: z.number(),
          }),
        ),
        energy: z.number().min(0).max(1),
        figure: z
          .object({
            kind: z.enum(figureKinds),
            value: z.number().describe('share: 0..1; gauge: degrees; compare: the second bar.'),
            from: z.number().optional().describe('Of compare: the first bar.'),
            label: z.string().meta({ example: '71%' }),
            unit: z.string(),
            at_word: z.int().describe('The word with which it begins to move.'),
          })
          .optional()
          .describe('A number of the words that is shown as a small moving figure.'),
        variant: z
          .int()
          .optional()
          .describe(
            'Which of the five ways to compose its motif the picture uses, from 0; 5 more each time that one comes again.',
          ),
        seed: z.int(),
        media: sceneMediaSchema.optional().describe('The user’s own picture.'),
      }),
    ),
  })
  .meta({ id: 'Storyboard', description: 'The planned scenes.' });
