// Every scene's art: painted, or made of the user's own media. Media that cannot be had is replaced by a painting and
// named as a degradation; with `strict` it fails the job.
import { AppError, type ErrorCode } from '../domain/errors.ts';
import { letterboxHeight } from '../domain/scene-art.ts';
import type { Scene } from '../domain/storyboard.ts';
import { styleLooks } from '../domain/styles.ts';
import type { FrameFormat, Timeline } from '../domain/timeline.ts';
import type { SceneMedia } from '../domain/user-media.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { Kitchen } from './kitchen.ts';
import { fetchMediaStep } from './steps/fetch-media.ts';
import { illustrateStep, type SceneArt } from './steps/illustrate.ts';
import { prepareMediaStep } from './steps/prepare-media.ts';
import { type TakenMedia, takeAssetStep } from './steps/take-asset.ts';

/** A scene's art, or the media of which it will be made once the scene's length is known. */
type Beginning = { art: SceneArt } | { taken: TakenMedia; media: SceneMedia };

export interface Picture {
  art: SceneArt;
  /** Of the user's own media. */
  supplied?: { source: { asset_id: string } | { url: string }; digest: string; media_type: string };
}

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
      const paint = () => paintScene(request, scene, format, kitchen);
      if (media === undefined) return { art: await paint() };
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
      if ('art' in beginning) return beginning;
      const scene = scenes[index]!;
      const paint = () => paintScene(request, scene, timeline.format, kitchen);
      return orPaint(
        scene,
        request,
        kitchen,
        () => prepare(request, beginning, timeline, index, kitchen),
        paint,
      );
    }),
  );
}

function paintScene(
  { style, mood }: VideoRequest,
  { id, motif, keywords, energy, variant = 0, seed, text }: Scene,
  { width, height }: FrameFormat,
  { makers, run }: Kitchen,
): Promise<SceneArt> {
  const scene = { motif, keywords, energy, variant, seed, text };
  return run(illustrateStep(makers.visuals), { scene, style, mood, width, height }, id);
}

function take(media: SceneMedia, { id }: Scene, { makers, run, userMedia }: Kitchen): Promise<TakenMedia> {
  const { asset_id: assetId, url } = media;
  if (assetId !== undefined) return run(takeAssetStep(userMedia.findAsset), { assetId }, id);
  const step = fetchMediaStep(userMedia.fetcher, makers.tools);
  return run(step, { url: url!, jobId: userMedia.jobId }, id);
}

async function prepare(
  { style }: VideoRequest,
  { taken, media }: { taken: TakenMedia; media: SceneMedia },
  { format, scenes }: Timeline,
  index: number,
  { makers, run }: Kitchen,
): Promise<Picture> {
  const { width, height, fps } = format;
  const { id, startFrame, endFrame } = scenes[index]!;
  // The next scene's transition shows it past its end; whole seconds, so that a small change of timing changes nothing.
  const shown = (endFrame - startFrame) / fps + styleLooks[style].transitionMs / 1000;
  const input = {
    file: taken.file,
    mediaType: taken.facts.mediaType,
    fit: media.fit,
    focus: media.focus,
    frame: { width, height, fps },
    barHeight: letterboxHeight(format, styleLooks[style].letterbox),
    frames: taken.facts.kind === 'image' ? null : Math.ceil(shown) * fps,
  };
  const art = await run(prepareMediaStep(makers.tools), input, id);
  const source = media.asset_id === undefined ? { url: media.url! } : { asset_id: media.asset_id };
  return { art, supplied: { source, digest: taken.file.digest, media_type: taken.facts.mediaType } };
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

async function orPaint<Made>(
  { id }: Scene,
  { strict }: VideoRequest,
  { degrade }: Kitchen,
  make: () => Promise<Made>,
  paint: () => Promise<SceneArt>,
): Promise<Made | { art: SceneArt }> {
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
    return { art: await paint() };
  }
}
