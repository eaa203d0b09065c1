// The recipe: how a request becomes a video. Ordinary awaits over memoised steps; whoever reads this knows the product.
import { AppError } from '../domain/errors.ts';
import type { JobFiles, VideoFacts } from '../domain/job.ts';
import { possibleDurations } from '../domain/possible-duration.ts';
import type { Report } from '../domain/report.ts';
import type { Scene, Storyboard } from '../domain/storyboard.ts';
import type { FrameFormat, TimedScene, Timeline } from '../domain/timeline.ts';
import { frameSize, limits, type VideoRequest } from '../domain/video-request.ts';
import type { MusicInput } from '../ports/providers.ts';
import { choosePace } from './fit-duration.ts';
import type { Kitchen } from './kitchen.ts';
import { layOutTimeline, relativeToStart } from './lay-out-timeline.ts';
import { type SuppliedMedia, writeManifest } from './manifest.ts';
import { beginPictures, finishPictures, type Picture } from './pictures.ts';
import { assembleStep } from './steps/assemble.ts';
import { checkGlyphsStep } from './steps/check-glyphs.ts';
import { composeMusicStep } from './steps/compose-music.ts';
import { describeToolsStep } from './steps/describe-tools.ts';
import { findEffectStep } from './steps/find-effect.ts';
import type { SceneArt } from './steps/illustrate.ts';
import { inspectStep } from './steps/inspect.ts';
import { makeThumbnailStep } from './steps/make-thumbnail.ts';
import { mixAudioStep } from './steps/mix-audio.ts';
import { type Narration, narrateStep } from './steps/narrate.ts';
import { planStep } from './steps/plan.ts';
import { planBeatsStep } from './steps/plan-beats.ts';
import { publishStep } from './steps/publish.ts';
import { renderSceneStep } from './steps/render-scene.ts';

/** A requested duration counts as met within this. */
const durationToleranceMs = 500;
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

  const { script, scenes: given, style, mood, language, seed, duration } = request;
  const planned = { script, style, mood, seed, ...pickDefined({ scenes: given, language, duration }) };
  const storyboard = await run(planStep(makers.language), planned);
  const { scenes } = storyboard;
  if (!kitchen.approved) return 'awaiting_approval';

  const glyphCoverage = await checkGlyphs(request, storyboard, kitchen);
  progress.expect('plan', 2);
  progress.expect('narrate', scenes.length);
  progress.expect('illustrate', scenes.length + scenes.filter(({ media }) => media !== undefined).length);
  progress.expect('compose_music', request.audio.music ? 2 : 0);
  progress.expect('render', scenes.length + 1);
  progress.expect('inspect', 2);

  const beginnings = beginPictures(request, scenes, format, kitchen);
  // Met below: sound need not wait for pictures.
  beginnings.catch(() => {});
  const narrations = await narrate(request, storyboard, kitchen);
  const draft = layOutTimeline(scenes, narrations, format, requestedMs(request));
  const music = request.audio.music ? musicFor(request, draft) : null;
  const rhythm = music && { style, ...(await run(planBeatsStep(makers.music), music)) };
  const timeline = rhythm ? layOutTimeline(scenes, narrations, format, requestedMs(request), rhythm) : draft;
  const met = noteDuration(request, timeline, narrations, kitchen);

  const [sound, { pictures, rendered }] = await all([
    makeSound(request, timeline, music, narrations, kitchen),
    makePictures(request, storyboard, timeline, beginnings, kitchen),
  ]);
  const supplied = suppliedMedia(pictures, scenes);

  const chapters = chaptersOf(scenes, timeline.scenes, format.fps);
  const { video } = await run(assembleStep(makers.tools), {
    format,
    scenes: rendered.map((scene) => scene.video),
    mix: sound.mix.mix,
    title: storyboard.title,
    language: storyboard.language,
    comment: 'Made with AIPROD',
    chapters,
  });

  const [report, { image }, facts] = await all([
    run(inspectStep(makers.tools), {
      video,
      narration: sound.mix.narration,
      music: sound.mix.music,
      timeline,
      requestedDurationMs: met ? (requestedMs(request) ?? null) : null,
      loudnessLufs: request.audio.loudness_lufs,
      captions: request.captions.enabled,
      glyphCoverage,
      chapters: chapters.length,
      ...(supplied && { userPictures: Object.keys(supplied) }),
    }),
    run(makeThumbnailStep(makers.tools), {
      video,
      atMs: thumbnailTimes(timeline),
      titleMs: request.title_cards ? titleMoment(timeline) : null,
    }),
    run(describeToolsStep(makers.tools), {
      style,
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

/** Speaks every scene; a second time at another pace when that is what the requested duration takes. */
async function narrate(
  request: VideoRequest,
  storyboard: Storyboard,
  kitchen: Kitchen,
): Promise<Narration[]> {
  const { makers, run } = kitchen;
  const { language, scenes } = storyboard;
  const speakAll = (pace: number) =>
    all(
      scenes.map(({ id, text }) => {
        const input = { text, language, pace, ...pickDefined({ voice: request.voice }) };
        return run(narrateStep(makers.speech, request.voice), input, pace === 1 ? id : `${id}@${pace}`);
      }),
    );
  const natural = await speakAll(1);
  noteUnspoken(natural, kitchen);
  const wantedMs = requestedMs(request);
  if (wantedMs === undefined) return natural;
  const speechMs = natural.reduce((sum, { durationMs }) => sum + durationMs, 0);
  if (request.strict) refuseImpossibleDuration(wantedMs, speechMs, scenes.length);
  const pace = choosePace(speechMs, scenes.length, wantedMs);
  if (pace === 1) return natural;
  kitchen.progress.expect('narrate', 2 * scenes.length);
  return speakAll(pace);
}

/** Words that are shown but not heard are said so. */
function noteUnspoken(narrations: Narration[], { degrade }: Kitchen): void {
  const words = [...new Set(narrations.flatMap(({ unspoken }) => unspoken))];
  if (words.length === 0) return;
  const shown = words
    .slice(0, 8)
    .map((word) => (word.length > 24 ? `${word.slice(0, 24).toWellFormed()}…` : word));
  degrade({
    capability: 'voice',
    cause: `The voice cannot say, or not wholly: ${shown.join(' ')}${words.length > 8 ? ' …' : ''}`,
    remedy: 'Write these words in the letters of the script’s language, and long numbers in words.',
  });
}

function refuseImpossibleDuration(wantedMs: number, speechMs: number, scenes: number): void {
  const { shortestMs, longestMs } = possibleDurations(speechMs, scenes);
  if (wantedMs >= shortestMs - durationToleranceMs && wantedMs <= longestMs + durationToleranceMs) return;
  const from = Math.max(limits.minDurationSeconds, Math.ceil(shortestMs / 1000));
  const to = Math.min(limits.maxDurationSeconds, Math.floor(longestMs / 1000));
  const ask =
    from > to
      ? `It takes at least ${from} s: shorten the script`
      : `Ask for ${from} to ${to} s, change the script`;
  throw new AppError(
    'duration_impossible',
    `This narration cannot fill ${wantedMs / 1000} s at a natural pace.`,
    {
      hint: `${ask}, or send strict: false for the nearest possible length.`,
    },
  );
}

/** Whether the requested duration is met; if not, says so as a degradation. */
function noteDuration(
  request: VideoRequest,
  timeline: Timeline,
  narrations: Narration[],
  { degrade }: Kitchen,
): boolean {
  const wantedMs = requestedMs(request);
  if (wantedMs === undefined || Math.abs(timeline.durationMs - wantedMs) <= durationToleranceMs) return true;
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const words = narrations.reduce((sum, narration) => sum + narration.words.length, 0);
  const way = timeline.durationMs > wantedMs ? 'Shorten the script' : 'Write a longer script';
  degrade({
    capability: 'duration',
    cause: `${words} ${words === 1 ? 'word' : 'words'} cannot be spoken naturally in ${seconds(wantedMs)} s; made ${seconds(timeline.durationMs)} s.`,
    remedy: `${way}, or ask for about ${Math.round(timeline.durationMs / 1000)} s.`,
  });
  return false;
}

/** The score is written for the scenes as first laid out; cuts then move to its beats, not its beats to them. */
function musicFor({ mood, style, seed }: VideoRequest, { durationMs, scenes, format }: Timeline): MusicInput {
  const sections = scenes.map(({ startFrame, energy }) => ({
    startMs: (startFrame * 1000) / format.fps,
    energy,
  }));
  return { mood, style, durationMs, sections, seed };
}

async function makeSound(
  request: VideoRequest,
  timeline: Timeline,
  music: MusicInput | null,
  narrations: Narration[],
  kitchen: Kitchen,
) {
  const { makers, run, progress } = kitchen;
  const { audio } = request;
  const { durationMs, scenes } = timeline;
  const cues = audio.effects ? timeline.effects : [];
  progress.expect('find_effects', cues.length);

  const [score, effects] = await all([
    music && run(composeMusicStep(makers.music), music),
    all(
      cues.map(async ({ kind, durationMs: lengthMs, startMs, intensity, role, seed: cueSeed }, index) => {
        const input = { kind, durationMs: lengthMs, seed: cueSeed };
        const effect = await run(findEffectStep(makers.soundEffects), input, `${index + 1}`);
        return { audio: effect.audio, startMs, intensity, role };
      }),
    ),
  ]);
  const mix = await run(mixAudioStep(makers.tools), {
    durationMs,
    narration: scenes.map(({ speechStartMs }, index) => ({
      audio: narrations[index]!.audio,
      startMs: speechStartMs,
    })),
    speech: scenes.map(({ speechStartMs, speechEndMs }) => ({ startMs: speechStartMs, endMs: speechEndMs })),
    music: score?.audio ?? null,
    effects,
    loudnessLufs: audio.loudness_lufs,
  });
  return { score, effects, mix };
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
  const rendered = await all(
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

function requestedMs({ duration }: VideoRequest): number | undefined {
  return duration === undefined ? undefined : duration * 1000;
}

function chaptersOf(scenes: Scene[], timed: TimedScene[], fps: number) {
  return timed.map(({ startFrame, endFrame }, index) => ({
    title: chapterTitle(scenes[index]!.text),
    startMs: (startFrame * 1000) / fps,
    endMs: (endFrame * 1000) / fps,
  }));
}

/** The scene's first words, at most 40 characters. */
function chapterTitle(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  const characters = [...flat];
  if (characters.length <= 40) return flat;
  const cut = characters.slice(0, 40).join('');
  const space = cut.lastIndexOf(' ');
  return `${space > 15 ? cut.slice(0, space) : cut}…`;
}

/** Just before the first word, when the title stands there and no caption yet; null when words come too soon. */
function titleMoment({ scenes }: Timeline): number | null {
  const firstWordMs = scenes[0]?.words[0]?.startMs ?? 0;
  return firstWordMs >= titleStandsMs + 100 ? firstWordMs - 60 : null;
}

/** The middle of each of the first five scenes: after the cut, before the next. */
function thumbnailTimes({ scenes, format }: Timeline): number[] {
  return scenes
    .slice(0, 5)
    .map(({ startFrame, endFrame }) => ((startFrame + endFrame) / 2) * (1000 / format.fps));
}

function pickDefined<T extends Record<string, unknown>>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}

/** Promise.all under a short name; typed for tuples and lists alike. */
function all<T extends readonly unknown[] | []>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  return Promise.all(work);
}
