// The picture of one scene without words: its clip, its layers under its camera, and what drifts in the air.
import type { TimedScene } from '../domain/timeline.ts';
import type { StyleName } from '../domain/video-request.ts';
import type { SceneArtFiles } from '../ports/media-tools.ts';
import { createCamera } from './camera.ts';
import { openClipPicture } from './clip-picture.ts';
import { loadLayers } from './layers.ts';
import { createParticles } from './particles.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';
import type { Area } from './safe-area.ts';

export interface ScenePictureInput {
  scene: TimedScene;
  art: SceneArtFiles;
  seed: number;
  style: StyleName;
  fps: number;
  frame: { width: number; height: number };
}

export interface ScenePicture {
  /** Draws frame `index` of the scene (past its end too), rows `firstRow`..`endRow - 1`, both even. */
  draw(target: Planes, index: number, firstRow: number, endRow: number): void;
  /** Of an area of what was last drawn, the share where things stand; of a clip nobody knows: 0. */
  thingsIn(area: Area): number;
  /** Gives back native memory. */
  close(): void;
}

export async function loadScenePicture(
  pictures: PictureMemory,
  { scene, art, seed, style, fps, frame }: ScenePictureInput,
): Promise<ScenePicture> {
  const camera = createCamera({
    style,
    seed,
    energy: scene.energy,
    durationSeconds: (scene.endFrame - scene.startFrame) / fps,
    frame,
  });
  const layers = art.info.layers.length === 0 ? undefined : await loadLayers(pictures, art, frame);
  const particles = art.info.particles && createParticles(pictures, art.info.particles, frame);
  const clip = art.info.clip && openClipPicture(pictures, art.clip!, art.info.clip);
  return {
    draw(target, index, firstRow, endRow) {
      const seconds = index / fps;
      clip?.draw(target, index, firstRow, endRow);
      layers?.draw(target, camera, seconds, firstRow, endRow);
      particles?.draw(target, seconds, firstRow, endRow);
    },
    thingsIn: (area) => layers?.thingsIn(area) ?? 0,
    close: () => clip?.close(),
  };
}
