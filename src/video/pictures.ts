// Every scene's art: made by whoever illustrates, or of the user's own media. Media that cannot be had is replaced by a painting and
// named as a degradation; with `strict` it fails the job.
import { AppError, type ErrorCode } from '../domain/errors.ts';
import { letterboxHeight } from '../domain/scene-art.ts';
import type { Scene } from '../domain/storyboard.ts';
import { styleLooks } from '../domain/styles.ts';
import type { FrameFormat, Timeline } from '../domain/timeline.ts';
import { kindOf, type SceneMedia, type UserMediaType } from '../domain/user-media.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { BlobRef } from '../ports/blob-store.ts';
import type { InOrder } from '../ports/makers.ts';
import type { Credit, Visuals } from '../ports/providers.ts';
import { firstThatWorks } from './first-that-works.ts';
import type { Kitchen } from './kitchen.ts';
import { fetchMediaStep } from './steps/fetch-media.ts';
import { type FoundMedia, illustrateStep, type SceneArt } from './steps/illustrate.ts';
import { prepareMediaStep } from './steps/prepare-media.ts';
import { type TakenMedia, takeAssetStep } from './steps/take-asset.ts';

/** A scene's art, or the file of which it will be made once the scene's length is known. */
type Beginning =
  | { art: SceneArt }
  | { taken: TakenMedia; media: SceneMedia }
  | { found: FoundMedia; others: readonly Visuals[] };

export interface Picture {
  art: SceneArt;
  credits: Credit[];
  /** True = somebody else's work, shown as it came. */
  found?: boolean;
  /** Of the user's own media. */
  supplied?: { source: { asset_id: string } | { url: string }; digest: string; media_type: string };
}

/** In limited range black is 16. */
const blackLuma = 19;

/** After these, painting helps: the file is to blame, or where it was to be had. */
const replaceable: ReadonlySet<ErrorCode> = new Set([
  'media_refused',
  'media_unreadable',
  'media_unreachable',
  'media_process_died',
  'step_timed_out',
]);

/** What can be done before anything is spoken; one for each scene, in order. */
export function beginPictures(
  request: VideoRequest,
  scenes: Scene[],
  format: FrameFormat,
  kitchen: Kitchen,
): Promise<Beginning[]> {
  return Promise.all(
    scenes.map(async (scene): Promise<Beginning> => {
      const { media } = scene;
      const paint = () => illustrate(request, scene, format, kitchen, kitchen.makers.visuals);
      if (media === undefined) return paint();
      return orPaint(
        scene,
        request,
        kitchen,
        async () => ({ taken: await take(media, scene, kitchen), media }),
        paint,
      );
    }),
  );
}

/** `beginnings` is in the order of `scenes` and of the timeline. */
export function finishPictures(
  request: VideoRequest,
  scenes: Scene[],
  beginnings: Beginning[],
  timeline: Timeline,
  kitchen: Kitchen,
): Promise<Picture[]> {
  return Promise.all(
    beginnings.map(async (beginning, index): Promise<Picture> => {
      const scene = scenes[index]!;
      const finish = (found: Beginning) => finishFound(request, scene, found, timeline, index, kitchen);
      if (!('taken' in beginning)) return finish(beginning);
      const made = await orPaint(
        scene,
        request,
        kitchen,
        async () => ({ picture: await prepareTaken(request, beginning, timeline, index, kitchen) }),
        () => illustrate(request, scene, timeline.format, kitchen, kitchen.makers.visuals),
      );
      return 'picture' in made ? made.picture : finish(made);
    }),
  );
}

function illustrate(
  { style, mood }: VideoRequest,
  { id, motif, keywords, energy, variant = 0, seed, text }: Scene,
  { width, height }: FrameFormat,
  kitchen: Kitchen,
  visuals: InOrder<Visuals>,
): Promise<Beginning> {
  const input = { scene: { motif, keywords, energy, variant, seed, text }, style, mood, width, height };
  return firstThatWorks('pictures', visuals, kitchen, async (maker) => {
    const made = await kitchen.run(illustrateStep(maker), input, id);
    return 'art' in made ? made : { ...made, others: visuals.slice(visuals.indexOf(maker) + 1) };
  });
}

/** What a maker found is prepared; when it cannot be, the next maker is asked. */
async function finishFound(
  request: VideoRequest,
  scene: Scene,
  beginning: Beginning,
  timeline: Timeline,
  index: number,
  kitchen: Kitchen,
): Promise<Picture> {
  if ('art' in beginning) return { art: beginning.art, credits: [] };
  if ('taken' in beginning) return prepareTaken(request, beginning, timeline, index, kitchen);
  const { found, others } = beginning;
  const [next, ...rest] = others;
  const { file } = found;
  const mediaType = file.media_type as UserMediaType;
  const shown = { fit: 'cover', focus: { x: 0.5, y: 0.5 } } as const;
  try {
    const art = await prepare(request, { file, mediaType, ...shown }, timeline, index, kitchen);
    refuseBlack(art);
    return { art, credits: found.credits, found: true };
  } catch (error) {
    if (!(error instanceof AppError) || !replaceable.has(error.code)) throw error;
    if (next === undefined) throw error.kind === 'invalid' ? ofNoUse(error) : error;
    const degradation = {
      capability: 'pictures',
      cause: `${next.id} stands in for a picture that cannot be used: ${error.publicMessage}`,
      remedy: 'Retry the job later, or send strict: true to have it fail instead.',
    };
    kitchen.degrade(degradation, error);
    const instead = await illustrate(request, scene, timeline.format, kitchen, [next, ...rest]);
    return finishFound(request, scene, instead, timeline, index, kitchen);
  }
}

/** It is not the user's file that is at fault. */
function ofNoUse(cause: AppError): AppError {
  const detail = `The picture that was made for a scene cannot be used. ${cause.publicMessage}`;
  return new AppError('provider_answer_invalid', detail, { cause });
}

/** Nothing is to be seen in it; a user's own would be shown all the same. */
function refuseBlack({ info: { luma } }: SceneArt): void {
  if (Math.max(luma.bottom, luma.middle, luma.top) < blackLuma)
    throw new AppError('media_refused', 'The picture is black.');
}

function take(media: SceneMedia, { id }: Scene, { makers, run, userMedia }: Kitchen): Promise<TakenMedia> {
  const { asset_id: assetId, url } = media;
  if (assetId !== undefined) return run(takeAssetStep(userMedia.findAsset), { assetId }, id);
  const step = fetchMediaStep(userMedia.fetcher, makers.tools);
  return run(step, { url: url!, jobId: userMedia.jobId }, id);
}

async function prepareTaken(
  request: VideoRequest,
  { taken, media }: { taken: TakenMedia; media: SceneMedia },
  timeline: Timeline,
  index: number,
  kitchen: Kitchen,
): Promise<Picture> {
  const { file, facts } = taken;
  const { fit, focus } = media;
  const art = await prepare(
    request,
    { file, mediaType: facts.mediaType, fit, focus },
    timeline,
    index,
    kitchen,
  );
  const source = media.asset_id === undefined ? { url: media.url! } : { asset_id: media.asset_id };
  return { art, credits: [], supplied: { source, digest: file.digest, media_type: facts.mediaType } };
}

function prepare(
  { style }: VideoRequest,
  {
    file,
    mediaType,
    fit,
    focus,
  }: Pick<SceneMedia, 'fit' | 'focus'> & { file: BlobRef; mediaType: UserMediaType },
  { format, scenes }: Timeline,
  index: number,
  { makers, run }: Kitchen,
): Promise<SceneArt> {
  const { width, height, fps } = format;
  const { id, startFrame, endFrame } = scenes[index]!;
  // The next scene's transition shows it past its end; whole seconds, so that a small change of timing changes nothing.
  const shown = (endFrame - startFrame) / fps + styleLooks[style].transitionMs / 1000;
  const input = {
    file,
    mediaType,
    fit,
    focus,
    frame: { width, height, fps },
    barHeight: letterboxHeight(format, styleLooks[style].letterbox),
    frames: kindOf(mediaType) === 'image' ? null : Math.ceil(shown) * fps,
  };
  return run(prepareMediaStep(makers.tools), input, id);
}

/** The error, saying in which scene. */
function named(error: AppError, id: string): AppError {
  const { code, publicMessage, hint, stage } = error;
  return new AppError(code, `Scene ${id} cannot show its media. ${publicMessage}`, {
    ...(hint !== undefined && { hint }),
    ...(stage !== undefined && { stage }),
    cause: error,
  });
}

async function orPaint<Made, Painted>(
  { id }: Scene,
  { strict }: VideoRequest,
  { degrade }: Kitchen,
  make: () => Promise<Made>,
  paint: () => Promise<Painted>,
): Promise<Made | Painted> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof AppError) || !replaceable.has(error.code)) throw error;
    if (strict) throw named(error, id);
    degrade({
      capability: 'pictures',
      cause: `Scene ${id} was painted instead of showing its media: ${error.publicMessage}`,
      remedy: error.hint ?? 'Check the file, upload it and name it by its asset_id.',
    });
    return paint();
  }
}
