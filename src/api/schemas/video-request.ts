// What POST /v1/videos and /v1/estimates accept, and the completed form that a job carries as its payload.
import { z } from 'zod';

import { faultOfMediaUrl, mediaFits, mediaLimits } from '../../domain/user-media.ts';
import {
  aspectRatios,
  captionPositions,
  captionStyles,
  frameRates,
  limits,
  moods,
  resolutions,
  styles,
} from '../../domain/video-request.ts';
import {
  choice,
  countCharacters,
  faultOfText,
  flag,
  grouped,
  numberBetween,
  plainText,
  strict,
  text,
} from './field-types.ts';
import { webhookUrl } from './webhook.ts';

/** Fields of requests that other bodies share. */
export const videoFields = {
  style: choice(styles).describe('Palette, camera, caption look, transitions and grade. See GET /v1/styles.'),
  mood: choice(moods).describe('Harmony, tempo, instruments and colour temperature. See GET /v1/styles.'),
  duration: numberBetween(limits.minDurationSeconds, limits.maxDurationSeconds)
    .describe('Seconds. Left out: as long as the narration takes.')
    .meta({ example: 30 }),
  aspectRatio: choice(aspectRatios),
  resolution: choice(resolutions).describe('Names the shorter side of the picture.'),
  fps: z
    .literal(frameRates, { error: `must be one of: ${frameRates.join(', ')}` })
    .describe('Frames per second.'),
  language: plainText('a language tag such as en or fr')
    .regex(/^[a-z]{2,3}$/, 'must be a primary language tag such as en or fr: two or three lower-case letters')
    .describe('BCP 47 primary tag. Left out: detected from the script.')
    .meta({ example: 'en' }),
  voice: plainText('a voice of GET /v1/voices')
    .regex(/^[\x21-\x7e]{1,100}$/, 'must be a voice of GET /v1/voices')
    .describe("A voice of GET /v1/voices. Left out: the language's default."),
  captionsEnabled: flag(),
  captionStyle: choice(captionStyles).describe("Left out: the style's own."),
  captionPosition: choice(captionPositions),
  music: flag(),
  effects: flag(),
  loudness: numberBetween(-24, -12).describe('Integrated loudness of the finished sound, LUFS.'),
  budget: numberBetween(0, 1_000_000_000_000, { whole: true }).describe(
    'Most that may be spent on paid providers, millionths of a US dollar.',
  ),
  strict: flag().describe('True: any fallback is an error instead of a named degradation.'),
  rewrite: flag().describe(
    'True: the words may be rewritten for the ear and the duration. Where no planner can, they are kept and `degradations` says so.',
  ),
  titleCards: flag().describe(
    'The title over the opening and, quietly, over the silence at the end of several scenes.',
  ),
  approval: flag().describe('True: the job waits in `awaiting_approval` after planning.'),
  seed: numberBetween(0, 4_294_967_295, { whole: true }).describe(
    'Same request and seed, same video. Change it for another take.',
  ),
};

const metadata = z
  .record(
    z.string().superRefine((key, context) => {
      const characters = countCharacters(key);
      const fault =
        faultOfText(key) ??
        (characters < 1 || characters > 64 ? 'a key must have 1 to 64 characters' : undefined);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    }),
    plainText('a string; write numbers and lists as text')
      .superRefine((value, context) => {
        const characters = countCharacters(value);
        const fault =
          faultOfText(value) ??
          (characters > limits.metadataChars
            ? `has ${grouped(characters)} characters; at most ${limits.metadataChars} are allowed`
            : undefined);
        if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
      })
      .meta({ maxLength: limits.metadataChars }),
    { error: 'must be an object of strings, such as {"order": "A-1042"}' },
  )
  .refine(
    (entries) => Object.keys(entries).length <= limits.metadataKeys,
    `has too many keys; at most ${limits.metadataKeys} are allowed`,
  )
  .describe("Strings of the caller's own; echoed in the job's payload, never looked at.")
  .meta({ maxProperties: limits.metadataKeys, example: { order: 'A-1042' } });

const script = text(limits.scriptChars)
  .describe(
    'The words to speak, 1 to 20,000 characters (Unicode code points). Or use `scenes`. Control characters and direction overrides are left out.',
  )
  .meta({ example: 'The sea was quiet that morning. Then the wind turned.' });

const share = numberBetween(0, 1);

export const sceneMediaField = strict({
  asset_id: z.uuid('must be the asset_id of an asset').optional().describe('An asset of POST /v1/assets.'),
  url: plainText('an https:// URL')
    .superRefine((value, context) => {
      const fault = faultOfText(value) ?? faultOfMediaUrl(value);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
    })
    .optional()
    .describe(
      'An https URL of an image or clip on a public host, port 443, without redirects. Fetched once when the job runs.',
    )
    .meta({ maxLength: mediaLimits.urlChars, example: 'https://images.example.com/harbour.jpg' }),
  fit: choice(mediaFits)
    .default('cover')
    .describe('`cover` fills the frame and crops; `contain` shows all of it over a blurred copy.'),
  focus: strict({ x: share, y: share })
    .default({ x: 0.5, y: 0.5 })
    .describe('The point, as shares of width and height, that stays in the picture when `cover` crops.'),
}).superRefine((value, context) => {
  if ((value.asset_id === undefined) === (value.url === undefined)) {
    context.addIssue({ code: 'custom', message: 'needs exactly one of asset_id and url' });
  }
});

/** All words of a video together are bounded as those of one script are. */
export function refuseTooManyWords(scenes: { text: string }[], context: z.RefinementCtx): void {
  const characters = scenes.reduce((sum, scene) => sum + countCharacters(scene.text), 0);
  if (characters <= limits.scriptChars) return;
  context.addIssue({
    code: 'custom',
    message: `have ${grouped(characters)} characters (Unicode code points) together; at most ${grouped(limits.scriptChars)} are allowed`,
  });
}

const scenes = z
  .array(
    strict({
      text: text(limits.scriptChars),
      media: sceneMediaField
        .optional()
        .describe(
          "The caller's own image or clip, shown instead of a painted picture. Images are moved over gently; clips start again when they are shorter than the scene and lose their sound.",
        ),
    }),
    { error: 'must be a list of scenes, such as [{"text": "The sea was quiet."}]' },
  )
  .min(1, 'is empty; send at least one scene, or script')
  .max(limits.scenes, `has too many scenes; at most ${limits.scenes} are allowed`)
  .superRefine(refuseTooManyWords)
  .describe("The caller's own scene split; each text is spoken as it is. Instead of `script`.");

export const createVideoSchema = strict({
  script: script.optional(),
  scenes: scenes.optional(),
  style: videoFields.style.default('cinematic'),
  mood: videoFields.mood.default('neutral'),
  duration: videoFields.duration.optional(),
  aspect_ratio: videoFields.aspectRatio.default('16:9'),
  resolution: videoFields.resolution.default('1080p'),
  fps: videoFields.fps.default(30),
  language: videoFields.language.optional(),
  voice: videoFields.voice.optional(),
  title_cards: videoFields.titleCards.default(true),
  captions: strict({
    enabled: videoFields.captionsEnabled.default(true),
    style: videoFields.captionStyle.optional(),
    position: videoFields.captionPosition.default('bottom'),
  }).prefault({}),
  audio: strict({
    music: videoFields.music.default(true),
    effects: videoFields.effects.default(true),
    loudness_lufs: videoFields.loudness.default(-14),
  }).prefault({}),
  rewrite: videoFields.rewrite.default(false),
  budget_micro_usd: videoFields.budget.optional(),
  webhook_url: webhookUrl
    .optional()
    .describe(
      'Tell this URL of the job. Your webhook with this URL is used; without one, one is made that is told only of jobs which name it.',
    ),
  strict: videoFields.strict.default(false),
  approval: videoFields.approval.default(false),
  seed: videoFields.seed.default(1),
  metadata: metadata.default({}),
})
  .superRefine((value, context) => {
    if (value.script === undefined && value.scenes === undefined) {
      context.addIssue({ code: 'custom', path: ['script'], message: 'is required: send script or scenes' });
    } else if (value.script !== undefined && value.scenes !== undefined) {
      context.addIssue({ code: 'custom', path: ['scenes'], message: 'cannot be sent together with script' });
    }
  })
  .meta({
    id: 'CreateVideo',
    description:
      'Send `script` or `scenes`; everything else has a default. Unknown fields are refused by name.',
    example: {
      script: 'The sea was quiet that morning. Then the wind turned.',
      style: 'cinematic',
      mood: 'dramatic',
      duration: 30,
    },
  });

export type CreateVideo = z.output<typeof createVideoSchema>;

/** As accepted, every default filled in. */
export const sceneMediaSchema = z.object({
  asset_id: z.string().optional(),
  url: z.string().optional(),
  fit: z.enum(mediaFits),
  focus: z.object({ x: z.number(), y: z.number() }),
});

/** The request as accepted, every default filled in. Without limits: old jobs stay readable when limits change. */
export const payloadSchema = z
  .object({
    script: z.string().describe('Empty when `scenes` was used.'),
    scenes: z.array(z.object({ text: z.string(), media: sceneMediaSchema.optional() })).optional(),
    style: videoFields.style,
    mood: videoFields.mood,
    duration: z.number().optional().describe('Seconds.'),
    aspect_ratio: videoFields.aspectRatio,
    resolution: videoFields.resolution,
    fps: videoFields.fps,
    language: z.string().optional(),
    voice: z.string().optional(),
    title_cards: videoFields.titleCards.optional(),
    captions: z.object({
      enabled: videoFields.captionsEnabled,
      style: videoFields.captionStyle.optional(),
      position: videoFields.captionPosition,
    }),
    audio: z.object({ music: videoFields.music, effects: videoFields.effects, loudness_lufs: z.number() }),
    rewrite: videoFields.rewrite.optional(),
    budget_micro_usd: z.int().optional(),
    webhook_url: z.string().optional(),
    strict: videoFields.strict,
    approval: videoFields.approval,
    seed: z.int(),
    metadata: z
      .record(z.string(), z.string())
      .describe("The request's `metadata`, echoed here; the job's own `metadata` names its pipeline."),
  })
  .meta({ id: 'VideoRequest', description: 'What was asked, with every default filled in.' });
