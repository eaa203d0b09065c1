// The recipe: how a request becomes a video. Ordinary awaits over memoised steps; whoever reads this knows the product.
import { AppError } from '../domain/errors.ts';
import type { JobFiles, VideoFacts } from '../domain/job.ts';
import type { Report } from '../domain/report.ts';
import type { Scene, Storyboard } from '../domain/storyboard.ts';
import { type FrameFormat, keyFrameSeconds, type Timeline } from '../domain/timeline.ts';
import { frameSize, type VideoRequest } from '../domain/video-request.ts';
import type { BlobRef } from '../ports/blob-store.ts';
import type { Still } from '../ports/media-tools.ts';
import { chaptersOf } from './chapters.ts';
import type { Kitchen } from './kitchen.ts';
import { layOutTimeline, relativeToStart } from './lay-out-timeline.ts';
import { makeSound, musicFor } from './make-sound.ts';
import { type SuppliedMedia, writeManifest } from './manifest.ts';
import { narrateScenes, noteDuration, requestedMs } from './narrate-scenes.ts';
import { beginPictures, finishPictures, type Picture } from './pictures.ts';
import { planScenes } from './plan-scenes.ts';
import { assembleStep } from './steps/assemble.ts';
import { checkGlyphsStep } from './steps/check-glyphs.ts';
import { describeToolsStep } from './steps/describe-tools.ts';
import type { SceneArt } from './steps/illustrate.ts';
import { inspectStep } from './steps/inspect.ts';
import { makeThumbnailStep } from './steps/make-thumbnail.ts';
import { planBeatsStep } from './steps/plan-beats.ts';
import { publishStep } from './steps/publish.ts';
import { renderSceneStep } from './steps/render-scene.ts';

/** By then an opening title has come in. */
const titleStandsMs = 700;

export interface MadeVideo {
  files: JobFiles;
  report: Report;
  video: VideoFacts;
}

/**
 * Makes the video, or stops after planning when the plan still wants approval.
 * Throws AppErrors of the makers, `duration_impossible`, `glyph_missing` and `inspection_failed`.
 */
export async function makeVideo(
  request: VideoRequest,
  kitchen: Kitchen,
): Promise<MadeVideo | 'awaiting_approval'> {
  const { makers, run, progress } = kitchen;
  const format = formatOf(request);

  const storyboard = await planScenes(request, kitchen);
  const { scenes } = storyboard;
  if (!kitchen.approved) return 'awaiting_approval';

  const glyphCoverage = await checkGlyphs(request, storyboard, kitchen);
  progress.expect('plan', kitchen.storyboard === undefined ? 2 : 1);
  progress.expect('narrate', scenes.length);
  progress.expect('illustrate', scenes.length + scenes.filter(({ media }) => media !== undefined).length);
  progress.expect('compose_music', request.audio.music ? 2 : 0);
  progress.expect('render', scenes.length + 2);
  progress.expect('inspect', 1);

  const beginnings = beginPictures(request, scenes, format, kitchen);
  // Met below: sound need not wait for pictures.
  beginnings.catch(() => {});
  const narrations = await narrateScenes(request, storyboard, kitchen);
  const draft = layOutTimeline(scenes, narrations, format, requestedMs(request));
  const music = request.audio.music ? musicFor(request, draft) : null;
  const rhythm = music && { style: request.style, ...(await run(planBeatsStep(makers.music[0]), music)) };
  const timeline = rhythm ? layOutTimeline(scenes, narrations, format, requestedMs(request), rhythm) : draft;
  const met = noteDuration(request, timeline, narrations, kitchen);

  const [sound, { pictures, rendered }] = await Promise.all([
    makeSound(request, timeline, music, narrations, kitchen),
    makePictures(request, storyboard, timeline, beginnings, kitchen),
  ]);
  const supplied = suppliedMedia(pictures, scenes);
  const shownAsSent = scenes.filter((_, index) => {
    const picture = pictures[index]!;
    return picture.found || picture.supplied;
  });

  const chapters = chaptersOf(scenes, timeline.scenes, format.fps);
  const thumbnail = run(makeThumbnailStep(makers.tools), {
    stills: stillsOf(
      rendered.map((scene) => scene.video),
      timeline,
      request.title_cards,
    ),
  });
  // Met below: joining need not wait for it.
  thumbnail.catch(() => {});
  const { video } = await run(assembleStep(makers.tools), {
    format,
    scenes: rendered.map((scene) => scene.video),
    mix: sound.mix.mix,
    title: storyboard.title,
    language: storyboard.language,
    comment: 'Made with AIPROD',
    chapters,
  });

  const [report, { image }, facts] = await Promise.all([
    run(inspectStep(makers.tools), {
      video,
      narration: sound.mix.narration,
      music: sound.mix.music,
      timeline,
      requestedDurationMs: requestedMs(request) ?? null,
      durationMet: met,
      loudnessLufs: request.audio.loudness_lufs,
      captions: request.captions.enabled,
      glyphCoverage,
      chapters: chapters.length,
      ...(shownAsSent.length > 0 && { userPictures: shownAsSent.map(({ id }) => id) }),
    }),
    thumbnail,
    run(describeToolsStep(makers.tools), {
      style: request.style,
      captionStyle: request.captions.style ?? null,
      captions: request.captions.enabled ? scenes.map(({ text }) => text).join('\n') : '',
      title: request.title_cards ? storyboard.title : '',
      language: storyboard.language,
    }),
  ]);
  refuseMissedGates(report);

  const manifest = writeManifest({
    request,
    makers,
    used: kitchen.used,
    credits: [...pictures.flatMap(({ credits }) => credits), ...sound.credits],
    storyboard,
    timeline,
    voice: narrations[0]!.voice,
    score: sound.score,
    facts,
    history: kitchen.history(),
    media: {
      narration: narrations.map(({ audio }) => audio.digest),
      pictures: pictures.map(({ art: { layers, clip } }) =>
        [...layers, ...(clip ? [clip] : [])].map(({ digest }) => digest),
      ),
      music: sound.score?.audio.digest ?? null,
      effects: sound.effects.map(({ audio }) => audio.digest),
      mix: sound.mix.mix.digest,
      scenes: rendered.map((scene) => scene.video.digest),
      video: video.digest,
      thumbnail: image.digest,
      ...(supplied && { supplied }),
    },
  });
  const texts = await run(publishStep, { timeline, storyboard, report, manifest });

  const { mix } = sound;
  return {
    files: {
      'video.mp4': video,
      'thumbnail.jpg': image,
      'narration.wav': mix.narration,
      ...(mix.music && { 'music.wav': mix.music }),
      ...(mix.effects && { 'effects.wav': mix.effects }),
      ...texts,
    },
    report,
    video: {
      title: storyboard.title,
      width: format.width,
      height: format.height,
      fps: format.fps,
      duration: report.duration,
      bytes: video.bytes,
    },
  };
}

async function checkGlyphs(request: VideoRequest, storyboard: Storyboard, kitchen: Kitchen): Promise<number> {
  const { makers, run, degrade } = kitchen;
  const text = storyboard.scenes.map((scene) => scene.text).join('\n');
  const { coverage, missing } = await run(checkGlyphsStep(makers.tools), {
    text,
    language: storyboard.language,
  });
  if (missing.length === 0 || !request.captions.enabled) return coverage;
  const shown = missing.slice(0, 8).join(' ');
  if (request.strict) {
    throw new AppError('glyph_missing', `No bundled font can draw: ${shown}`, {
      hint: 'Leave these characters out, switch captions off, or send strict: false.',
    });
  }
  degrade({
    capability: 'captions',
    cause: `No bundled font can draw: ${shown}`,
    remedy: 'Leave these characters out of the script or switch captions off.',
  });
  return coverage;
}

async function makePictures(
  request: VideoRequest,
  storyboard: Storyboard,
  timeline: Timeline,
  beginnings: ReturnType<typeof beginPictures>,
  kitchen: Kitchen,
) {
  const pictures = await finishPictures(request, storyboard.scenes, await beginnings, timeline, kitchen);
  const arts = pictures.map(({ art }) => art);
  const rendered = await Promise.all(
    timeline.scenes.map((_, index) => renderScene(request, storyboard, timeline, arts, index, kitchen)),
  );
  return { pictures, rendered };
}

/** The user's own media that are shown, by scene; undefined when there are none. */
function suppliedMedia(pictures: Picture[], scenes: Scene[]): SuppliedMedia | undefined {
  const entries = pictures.flatMap(({ supplied }, index) =>
    supplied ? [[scenes[index]!.id, supplied] as const] : [],
  );
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function renderScene(
  request: VideoRequest,
  storyboard: Storyboard,
  timeline: Timeline,
  arts: SceneArt[],
  index: number,
  { makers, run }: Kitchen,
) {
  const { style, mood, captions } = request;
  const { format, scenes } = timeline;
  const scene = scenes[index]!;
  const before = scenes[index - 1];
  const seedOf = (at: number) => storyboard.scenes[at]!.seed;
  return run(
    renderSceneStep(makers.tools),
    {
      format,
      style,
      mood,
      scene: relativeToStart(scene, format.fps),
      index,
      last: index === scenes.length - 1,
      title: request.title_cards && (index === 0 || index === scenes.length - 1) ? storyboard.title : '',
      language: storyboard.language,
      art: arts[index]!,
      previous: before
        ? {
            scene: { ...relativeToStart(before, format.fps), words: [] },
            art: arts[index - 1]!,
            seed: seedOf(index - 1),
          }
        : null,
      captions: captions.enabled ? { style: captions.style ?? null, position: captions.position } : null,
      figure: storyboard.scenes[index]!.figure ?? null,
      seed: seedOf(index),
    },
    scene.id,
  );
}

/** A video that misses a gate is not delivered. */
function refuseMissedGates(report: Report): void {
  const missed = report.gates.filter(({ passed }) => !passed);
  if (missed.length === 0) return;
  const story = missed
    .map(({ name, measured, required }) => `${name}: ${measured}, required ${required}`)
    .join('; ');
  throw new AppError(
    'inspection_failed',
    `The finished video missed ${missed.length} of its gates. ${story}`,
    {
      stage: 'inspect',
    },
  );
}

function formatOf({ aspect_ratio: aspect, resolution, fps }: VideoRequest): FrameFormat {
  return { ...frameSize(aspect, resolution), fps, aspect, resolution };
}

/** Just before the first word, when the title stands there and no caption yet; null when words come too soon. */
function titleMoment({ scenes }: Timeline): number | null {
  const firstWordMs = scenes[0]?.words[0]?.startMs ?? 0;
  return firstWordMs >= titleStandsMs + 100 ? firstWordMs - 60 : null;
}

/** Of the first scenes the whole picture nearest to the middle, which is decoded without those before it; and the title. */
function stillsOf(videos: BlobRef[], timeline: Timeline, titleCards: boolean): Still<BlobRef>[] {
  const { scenes, format } = timeline;
  const group = keyFrameSeconds * format.fps;
  const stills = scenes.slice(0, 5).map(({ startFrame, endFrame }, index) => {
    const middle = (endFrame - startFrame) / 2;
    const frame = middle < 0.75 * group ? middle : Math.round(middle / group) * group;
    return { video: videos[index]!, atMs: frame * (1000 / format.fps), isTitle: false };
  });
  const titleMs = titleCards ? titleMoment(timeline) : null;
  return titleMs === null ? stills : [{ video: videos[0]!, atMs: titleMs, isTitle: true }, ...stills];
}
