// From a validated body to the complete request that a job keeps: what schemas cannot know is checked here.
import { createHash } from 'node:crypto';

import { chooseLanguage } from '../domain/choose-language.ts';
import { AppError, type FieldError } from '../domain/errors.ts';
import type { SceneMedia } from '../domain/user-media.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { AssetStore } from '../ports/asset-store.ts';
import type { Voice } from '../ports/providers.ts';
import type { CreateVideo } from './schemas/index.ts';

/**
 * Throws `script_unspeakable`, `language_unsupported` (asked for, or detected when none was), `request_invalid` (unknown or
 * unfitting voice).
 */
export function acceptRequest(body: CreateVideo, voices: Voice[]): VideoRequest {
  const spoken = refuseUnspeakable(body, voices);
  refuseUnfittingVoice(spoken, body, voices);
  const { script, scenes, duration, language, voice, budget_micro_usd, webhook_url, captions, ...rest } =
    body;
  return {
    ...rest,
    script: script ?? '',
    captions: {
      enabled: captions.enabled,
      position: captions.position,
      ...(captions.style !== undefined && { style: captions.style }),
    },
    ...(scenes !== undefined && { scenes: scenes.map(toScene) }),
    ...(duration !== undefined && { duration }),
    ...(language !== undefined && { language }),
    ...(voice !== undefined && { voice }),
    ...(budget_micro_usd !== undefined && { budget_micro_usd }),
    ...(webhook_url !== undefined && { webhook_url }),
  };
}

type Words = Pick<CreateVideo, 'script' | 'scenes' | 'language'>;

/** The language that the words are spoken in. Throws `script_unspeakable`, `language_unsupported`. */
export function refuseUnspeakable(body: Words, voices: Voice[]): string {
  refuseSilent(body);
  const spoken = chooseLanguage(body.language, wordsOf(body));
  refuseUnspokenLanguage(spoken, body, voices);
  return spoken;
}

/** Throws `request_invalid` that names every scene whose asset the user does not have. */
export async function refuseUnknownAssets(
  { scenes = [] }: Pick<VideoRequest, 'scenes'>,
  userId: string,
  assetStore: Pick<AssetStore, 'find'>,
): Promise<void> {
  const named = new Set(scenes.flatMap(({ media }) => media?.asset_id ?? []));
  const missing = new Set<string>();
  for (const assetId of named) {
    if ((await assetStore.find(userId, assetId)) === undefined) missing.add(assetId);
  }
  if (missing.size === 0) return;
  throw new AppError('request_invalid', 'A scene names an asset that you do not have.', {
    hint: 'POST /v1/assets uploads one; GET /v1/assets lists yours.',
    errors: scenes.flatMap(({ media }, index) =>
      media?.asset_id !== undefined && missing.has(media.asset_id)
        ? [{ pointer: `/scenes/${index}/media/asset_id`, detail: 'is not one of your assets' }]
        : [],
    ),
  });
}

type SentScene = NonNullable<CreateVideo['scenes']>[number];

function toScene({ text, media }: SentScene) {
  return media === undefined ? { text } : { text, media: toMedia(media) };
}

export function toMedia({ asset_id, url, fit, focus }: NonNullable<SentScene['media']>): SceneMedia {
  return { fit, focus, ...(asset_id !== undefined && { asset_id }), ...(url !== undefined && { url }) };
}

/** Names something by its content: what is equal has equal digests, however its JSON was written. */
export function digestOf(content: object): string {
  const sorted = JSON.stringify(content, (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(sorted).digest('hex');
}

function refuseSilent({ script, scenes }: Words): void {
  const texts =
    scenes?.map((scene, index) => ({ text: scene.text, pointer: `/scenes/${index}/text` })) ??
    (script === undefined ? [] : [{ text: script, pointer: '/script' }]);
  const errors: FieldError[] = texts
    .filter(({ text }) => !/[\p{L}\p{N}]/u.test(text))
    .map(({ pointer }) => ({ pointer, detail: 'has no letter and no digit' }));
  if (errors.length === 0) return;
  const what = scenes === undefined ? 'The script holds' : 'A scene holds';
  throw new AppError('script_unspeakable', `${what} nothing that can be spoken: no letter, no digit.`, {
    hint: 'Write the words that the narrator shall say.',
    errors,
  });
}

/** What will be spoken, as the planner sees it. */
function wordsOf({ script, scenes }: Words): string {
  return scenes === undefined ? (script ?? '') : scenes.map(({ text }) => text).join('\n\n');
}

function refuseUnspokenLanguage(language: string, body: Words, voices: Voice[]): void {
  const spoken = [...new Set(voices.flatMap(({ languages }) => languages))].sort();
  if (spoken.includes(language)) return;
  if (body.language !== undefined) {
    throw new AppError('language_unsupported', `No voice speaks "${language}".`, {
      hint: `Languages with a voice: ${spoken.join(', ')}.`,
      errors: [{ pointer: '/language', detail: `must be one of: ${spoken.join(', ')}` }],
    });
  }
  const name = nameOf(language);
  throw new AppError('language_unsupported', `The words are in ${name}, which no voice speaks.`, {
    hint: `If they are in another language, say which with language. Languages with a voice: ${spoken.join(', ')}.`,
    errors: [
      {
        pointer: body.scenes === undefined ? '/script' : '/scenes',
        detail: `is in ${name} ("${language}"), which no voice speaks; send language if it is not`,
      },
    ],
  });
}

function refuseUnfittingVoice(
  language: string,
  { voice, language: asked }: CreateVideo,
  voices: Voice[],
): void {
  if (voice === undefined) return;
  const fitting = voices.filter(({ languages }) => languages.includes(language));
  if (fitting.some((each) => each.voice === voice)) return;
  const known = voices.find((each) => each.voice === voice);
  const detail = known
    ? `speaks ${known.languages.join(', ')}, not ${language}`
    : `must be one of: ${fitting.map((each) => each.voice).join(', ')}`;
  const unasked = known && asked === undefined;
  throw new AppError(
    'request_invalid',
    known ? 'The voice does not speak the language of the words.' : 'There is no such voice.',
    {
      hint: unasked
        ? `The words look like ${nameOf(language)}. Send language if they are not, or leave voice out for the default one.`
        : 'GET /v1/voices lists all voices and their languages.',
      errors: [{ pointer: '/voice', detail }],
    },
  );
}

function nameOf(language: string): string {
  return new Intl.DisplayNames('en', { type: 'language' }).of(language)!;
}
