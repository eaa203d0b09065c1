// Where the camera looks: for each moment of a scene and each depth, the part of a layer that fills the frame. Pure.

import { createRandom } from '../domain/random.ts';
import { styleLooks } from '../domain/styles.ts';
import type { StyleName } from '../domain/video-request.ts';

/** The part of a layer that fills the frame, in layer pixels. */
export interface View {
  /** Layer pixels per frame pixel. */
  scale: number;
  left: number;
  top: number;
}

export interface CameraInput {
  style: StyleName;
  seed: number;
  /** 0..1: how much is going on; the camera moves faster with it. */
  energy: number;
  durationSeconds: number;
  frame: { width: number; height: number };
}

export interface Camera {
  /** The view at `seconds` into the scene (also past its end) of a layer of this size and depth 0..1. */
  view(seconds: number, layer: { width: number; height: number; depth: number }): View;
}

/**
 * Moves are straight and even, far layers slower than near ones. What a scene's length allows is used, but never
 * faster than a calm eye follows; past the end the camera goes on within the layer's edges.
 */
export function createCamera({ style, seed, energy, durationSeconds, frame }: CameraInput): Camera {
  const move = styleLooks[style].camera;
  const random = createRandom(seed ^ 0x5eed);
  const side = random() < 0.5 ? -1 : 1;
  const zoomsOut = move === 'push' && random() < 0.25;
  const phases = [random(), random(), random(), random()].map((part) => part * 2 * Math.PI);
  const pace = 0.7 + 0.6 * energy;
  const length = Math.max(1, durationSeconds);
  // Shares of the frame's width, for the nearest layer over the whole scene.
  const travel = Math.min(
    { push: 0.012, drift: 0.055, parallax: 0.07, handheld: 0.03, still: 0 }[move],
    0.016 * pace * length,
  );
  const push = Math.min(
    { push: 0.085, drift: 0.015, parallax: 0.035, handheld: 0.03, still: 0.022 }[move],
    0.014 * pace * length,
  );
  const shake = move === 'handheld' ? 0.004 : 0;

  return {
    view(seconds, layer) {
      // -0.5 at the scene's start, 0.5 at its end.
      const progress = seconds / length - 0.5;
      const near = 0.3 + 0.7 * layer.depth;
      const widest = Math.min(layer.width / frame.width, layer.height / frame.height);
      const middle = 1 + (widest - 1) * 0.5;
      const zoom = push * (0.25 + 0.75 * layer.depth) * progress * (zoomsOut ? -1 : 1);
      const scale = Math.min(widest, middle * (1 - zoom));
      const sway = (k: number) =>
        shake *
        (Math.sin(seconds * 1.1 + phases[k]!) + 0.6 * Math.sin(seconds * 2.3 + phases[k + 2]!)) *
        (0.4 + 0.6 * layer.depth);
      const panX = (side * travel * near * progress + sway(0)) * frame.width;
      const panY = (0.35 * travel * near * (zoomsOut ? -progress : progress) + sway(1)) * frame.height;
      const roomX = (layer.width - frame.width * scale) / 2;
      const roomY = (layer.height - frame.height * scale) / 2;
      return {
        scale,
        left: roomX + Math.max(-roomX, Math.min(roomX, panX)),
        top: roomY + Math.max(-roomY, Math.min(roomY, panY)),
      };
    },
  };
}
