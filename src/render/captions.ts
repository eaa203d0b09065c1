// The captions of a scene, frame by frame: which chunk is on screen, which word is spoken, and how solid it is.
import { msToFrame, type TimedScene } from '../domain/timeline.ts';
import { isUnspaced } from '../domain/tokens.ts';
import type { CaptionPosition } from '../domain/video-request.ts';
import { type CaptionChunk, chunkCaptions } from './caption-chunks.ts';
import { type CaptionLayout, layOutCaption } from './caption-layout.ts';
import type { CaptionLook } from './caption-look.ts';
import { captionPlace, paintCaption } from './caption-painter.ts';
import { createOverlay, type DrawnArea, type OverlayPlace } from './overlay.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';
import type { Area } from './safe-area.ts';
import { chooseTypeface, createRuler, isRightToLeft, letterScale } from './text.ts';

const fadeInMs = 70;
const fadeOutMs = 130;

export interface CaptionsInput {
  scene: TimedScene;
  look: CaptionLook;
  position: CaptionPosition;
  language: string;
  fps: number;
  drawn: DrawnArea;
  safe: Area;
}

export interface Captions {
  /** Chunks as laid out, in order of time. */
  chunks: { chunk: CaptionChunk; layout: CaptionLayout; place: OverlayPlace }[];
  /** Holds every caption of the scene; null = there are none. */
  area: Area | null;
  /** What is on screen at a frame of the scene; undefined = nothing. */
  stateAt(index: number): { chunk: number; word: number; opacity: number } | undefined;
  /** Blends the captions of frame `index` over the picture, by `opacity` 0..1. */
  draw(target: Planes, index: number, opacity: number): void;
}

export function createCaptions(pictures: PictureMemory, input: CaptionsInput): Captions {
  const { scene, position, language, fps, drawn, safe } = input;
  const look = { ...input.look, sizePx: Math.round(input.look.sizePx * letterScale(language)) };
  const frames = scene.endFrame - scene.startFrame;
  const text = scene.words.map((word) => word.text).join(' ');
  const typeface = chooseTypeface(text, language, look.face, look.weight);
  const widthAt100 = createRuler(typeface, 100);
  const lineWidth = Math.min(safe.right - safe.left, drawn.width * look.widest) - look.sizePx * 0.4;
  const space = widthAt100(' ');
  const chunks = chunkCaptions(scene.words, scene.emphasis, {
    fps,
    frames,
    mostWords: isUnspaced(language) ? Math.round(look.mostWords * 1.6) : look.mostWords,
    // Two lines never fill up evenly.
    capacity: (lineWidth / look.sizePx) * 100 * (look.mostLines === 2 ? 1.7 : 1),
    widthOf: (word) => widthAt100(word) + space,
  }).map((chunk) => {
    const rtl = isRightToLeft(language);
    const layout = layOutCaption({ chunk, look, position, safe, lineWidth, widthAt100, language, rtl });
    return { chunk, layout, place: captionPlace(layout, look, drawn) };
  });
  const mostPixels = Math.max(0, ...chunks.map(({ place }) => place.width * place.height));
  const overlay = createOverlay(pictures, mostPixels);
  const fadeIn = Math.max(1, msToFrame(fadeInMs, fps));
  const fadeOut = Math.max(1, msToFrame(fadeOutMs, fps));
  let painted = '';
  let reached = 0;

  const stateAt: Captions['stateAt'] = (index) => {
    // Frames come in order; start over when one does not.
    if (reached >= chunks.length || index < chunks[reached]!.chunk.fromFrame) reached = 0;
    while (reached < chunks.length - 1 && index >= chunks[reached + 1]!.chunk.fromFrame) reached++;
    const current = chunks[reached]?.chunk;
    if (current === undefined || index < current.fromFrame || index >= current.endFrame) return undefined;
    const word = current.words.findLastIndex(({ fromFrame }) => fromFrame <= index);
    const follows = chunks[reached - 1]?.chunk.endFrame === current.fromFrame;
    const isFollowed = chunks[reached + 1]?.chunk.fromFrame === current.endFrame;
    const rise = follows ? 1 : (index - current.fromFrame + 1) / (fadeIn + 1);
    const fall = isFollowed || current.endFrame === frames ? 1 : (current.endFrame - index) / (fadeOut + 1);
    return { chunk: reached, word, opacity: Math.min(1, 0.4 + 0.6 * rise, fall) };
  };

  return {
    chunks,
    area: around(chunks.map(({ layout }) => layout.area)),
    stateAt,
    draw(target, index, opacity) {
      const state = stateAt(index);
      if (state === undefined) return;
      const name = `${state.chunk}.${state.word}`;
      if (name !== painted) {
        const { layout, place } = chunks[state.chunk]!;
        const { rgba } = paintCaption(layout, look, typeface, place, state.word);
        overlay.put(rgba, place);
        painted = name;
      }
      overlay.draw(target, opacity * state.opacity);
    },
  };
}

function around(areas: Area[]): Area | null {
  if (areas.length === 0) return null;
  return {
    left: Math.min(...areas.map(({ left }) => left)),
    top: Math.min(...areas.map(({ top }) => top)),
    right: Math.max(...areas.map(({ right }) => right)),
    bottom: Math.max(...areas.map(({ bottom }) => bottom)),
  };
}
