// Every picture of a scene as it is delivered: transition, camera, finishing, bars, figure, title, captions, in that order.
// It draws into one frame in the picture memory; encoding is not its business.
import { letterboxHeight } from '../domain/scene-art.ts';
import { styleLooks } from '../domain/styles.ts';
import type { RenderSceneInput } from '../ports/media-tools.ts';
import { mapBusyness } from './busy-map.ts';
import { captionLook } from './caption-look.ts';
import { createCaptions } from './captions.ts';
import { closingTimes, openingTimes } from './card-times.ts';
import { createFigureOverlay, figureTimes } from './figure-overlay.ts';
import { black, createFinishing } from './finishing.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';
import { safeArea } from './safe-area.ts';
import { loadScenePicture } from './scene-picture.ts';
import { createTitleCard, type TitleCardInput } from './title-card.ts';
import { createTransition, type Fade, planTransition } from './transitions.ts';

const fadeInMs = 450;
const longestFadeOutMs = 1_100;
const shortestFadeOutMs = 350;
const lightBehindCard = 0.42;

export interface SceneFrames {
  count: number;
  /** Where frames are drawn. */
  frame: Planes;
  /** Draws frame `index`, 0 ≤ index < count. */
  draw(index: number): void;
  /** Gives back native memory. */
  close(): void;
}

/** Reads the layers of the scene and, for a transition, of the one before it. */
export async function loadSceneFrames(
  pictures: PictureMemory,
  input: RenderSceneInput,
): Promise<SceneFrames> {
  const { format, style, mood, scene, index: sceneIndex, previous, language } = input;
  const { fps } = format;
  const look = styleLooks[style];
  const count = scene.endFrame - scene.startFrame;
  const frame = pictures.allocatePlanes(format.width, format.height);
  const barHeight = letterboxHeight(format, look.letterbox);
  const firstRow = barHeight;
  const endRow = format.height - barHeight;
  fillBlack(pictures, frame);

  const shared = { style, fps, frame: format };
  const plan = previous === null ? undefined : planTransition(style, sceneIndex, count, fps);
  const [current, before] = await Promise.all([
    loadScenePicture(pictures, { ...shared, scene, art: input.art, seed: input.seed }),
    plan === undefined || previous === null
      ? undefined
      : loadScenePicture(pictures, { ...shared, ...previous }),
  ]);
  const transition = plan && createTransition(pictures, { plan, style, frame: format, firstRow, endRow });
  const finishing = createFinishing(pictures, format, look.vignette);

  const drawn = { width: format.width, top: firstRow, bottom: endRow };
  const safe = safeArea(format, barHeight);
  const captions =
    input.captions === null || scene.words.length === 0
      ? null
      : createCaptions(pictures, {
          scene,
          look: captionLook({
            captionStyle: input.captions.style ?? look.captions,
            style,
            mood,
            frame: format,
            luma: input.art.info.luma[input.captions.position],
          }),
          position: input.captions.position,
          language,
          fps,
          drawn,
          safe,
        });
  const card = planCard(input, count);
  const title =
    card === undefined
      ? null
      : createTitleCard(pictures, {
          ...card,
          title: input.title,
          style,
          mood,
          language,
          frame: format,
          drawn,
          safe,
          luma: Math.max(input.art.info.luma.middle, input.art.info.luma.top),
          captions: captions?.area ?? null,
        });
  const moving = input.figure && figureTimes(input.figure, scene, fps, card);
  if (moving) current.draw(frame, moving.moveFrame, firstRow, endRow);
  const figure =
    input.figure && moving
      ? createFigureOverlay(pictures, {
          busy: mapBusyness(pictures, frame, { width: format.width, firstRow, endRow }, current.thingsIn),
          figure: input.figure,
          times: moving,
          style,
          mood,
          language,
          frame: format,
          drawn,
          safe,
          captions: captions?.area ?? null,
          seed: input.seed,
        })
      : null;
  const fadeIn = sceneIndex === 0 ? framesOf(fadeInMs, fps, count) : 0;
  const lightAt = input.last ? endingLight(input, count, card) : () => 1;
  const previousCount = previous === null ? 0 : previous.scene.endFrame - previous.scene.startFrame;

  const drawPicture = (index: number): Fade => {
    if (transition === undefined || before === undefined || index >= plan!.frames) {
      current.draw(frame, index, firstRow, endRow);
      return { gain: fadeIn === 0 ? 1 : Math.min(1, index / fadeIn), towards: black };
    }
    return transition.draw(frame, index, {
      drawOld: (target, i) => before.draw(target, previousCount + i, firstRow, endRow),
      drawNew: (target, i) => current.draw(target, i, firstRow, endRow),
    });
  };

  return {
    count,
    frame,
    draw(index) {
      const fade = drawPicture(index);
      const light = lightAt(index);
      finishing.apply(frame, firstRow, endRow, fade.gain * light, fade.towards);
      figure?.draw(frame, index);
      title?.draw(frame, index);
      captions?.draw(frame, index, light);
    },
    close() {
      current.close();
      before?.close();
    },
  };
}

/** The title opens the first scene and closes the last one of several. */
function planCard(
  { title, index, last, scene, format }: RenderSceneInput,
  count: number,
): Pick<TitleCardInput, 'kind' | 'times'> | undefined {
  if (title.trim() === '') return undefined;
  if (index === 0) return { kind: 'opening', times: openingTimes(count, format.fps) };
  const times = last ? closingTimes(scene, format.fps) : undefined;
  return times && { kind: 'closing', times };
}

/** Light 0..1 of the last scene's pictures: down to half behind a closing card, and out at the end. */
function endingLight(
  input: RenderSceneInput,
  count: number,
  card: Pick<TitleCardInput, 'kind' | 'times'> | undefined,
): (index: number) => number {
  const out = (index: number, frames: number) => Math.min(1, (count - 1 - index) / frames);
  if (card?.kind !== 'closing') {
    const frames = fadeOutFrames(input, count);
    return (index) => out(index, frames);
  }
  const { fromFrame, fadeInFrames, fadeOutFrames: frames } = card.times;
  return (index) => {
    const behind = Math.max(0, Math.min(1, (index - fromFrame + 1) / (1.5 * fadeInFrames)));
    return (1 - (1 - lightBehindCard) * behind) * out(index, frames);
  };
}

/** Over what is left after the last word, within limits. */
function fadeOutFrames({ scene, format }: RenderSceneInput, count: number): number {
  const sceneMs = (count * 1000) / format.fps;
  const lastWordMs = scene.words.at(-1)?.endMs ?? sceneMs - longestFadeOutMs;
  const restMs = Math.max(shortestFadeOutMs, Math.min(longestFadeOutMs, sceneMs - lastWordMs));
  return framesOf(restMs, format.fps, count);
}

function framesOf(ms: number, fps: number, count: number): number {
  return Math.min(Math.round((ms * fps) / 1000), Math.floor(count / 2));
}

function fillBlack(pictures: PictureMemory, { y, u, v, stride, height }: Planes): void {
  const bytes = pictures.bytes();
  bytes.fill(black, y, y + stride * height);
  bytes.fill(128, u, u + (stride * height) / 4);
  bytes.fill(128, v, v + (stride * height) / 4);
}
