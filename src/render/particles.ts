// Specks in the air: dust, snow, rain, embers, bokeh, stars. Each is a small sprite of light added to the frame at a
// sub-pixel place that depends on nothing but the seed and the time.

import { createRandom } from '../domain/random.ts';
import type { Particles } from '../domain/scene-art.ts';
import { addLight, type LightShape, paintLight } from './light.ts';
import type { PictureMemory, Planes } from './picture-memory.ts';

interface Kind {
  /** At density 1, for any frame size. */
  count: number;
  /** Radius in pixels of a 1080-line frame, smallest and largest. */
  radius: [number, number];
  /** Share of the frame's short side per second: sideways and down (negative = up), smallest and largest. */
  drift: [number, number];
  fall: [number, number];
  /** Brightness 0..256, smallest and largest. */
  gain: [number, number];
  /** Added to blue- and red-difference, as shares of the brightness. */
  tint: [u: number, v: number];
  /** Sideways swing as a share of the short side, and its speed in radians per second. */
  swing: number;
  swingSpeed: number;
  /** 0 = steady light … 1 = goes out in between. */
  flicker: number;
  shape: LightShape;
  /** Share of the frame's height, from the top, where they live. */
  reach: number;
}

const kinds: Record<Particles['kind'], Kind> = {
  dust: {
    count: 70,
    radius: [3, 15],
    drift: [-0.012, 0.02],
    fall: [-0.028, -0.006],
    gain: [30, 120],
    tint: [-0.06, 0.05],
    swing: 0.006,
    swingSpeed: 0.8,
    flicker: 0.5,
    shape: 'glow',
    reach: 1,
  },
  snow: {
    count: 200,
    radius: [2, 8],
    drift: [-0.02, 0.03],
    fall: [0.06, 0.17],
    gain: [90, 230],
    tint: [0, 0],
    swing: 0.014,
    swingSpeed: 1.4,
    flicker: 0,
    shape: 'glow',
    reach: 1,
  },
  rain: {
    count: 230,
    radius: [34, 64],
    drift: [-0.2, -0.17],
    fall: [1.5, 2.1],
    gain: [18, 66],
    tint: [0.02, 0],
    swing: 0,
    swingSpeed: 0,
    flicker: 0,
    shape: 'streak',
    reach: 1,
  },
  embers: {
    count: 60,
    radius: [2, 7],
    drift: [-0.02, 0.05],
    fall: [-0.14, -0.05],
    gain: [110, 250],
    tint: [-0.45, 0.32],
    swing: 0.02,
    swingSpeed: 1.9,
    flicker: 0.7,
    shape: 'glow',
    reach: 1,
  },
  bokeh: {
    count: 22,
    radius: [18, 62],
    drift: [-0.01, 0.012],
    fall: [-0.012, 0.004],
    gain: [10, 34],
    tint: [-0.12, 0.1],
    swing: 0.008,
    swingSpeed: 0.5,
    flicker: 0.6,
    shape: 'disc',
    reach: 1,
  },
  stars: {
    count: 140,
    radius: [1.4, 3.4],
    drift: [0, 0],
    fall: [0, 0],
    gain: [50, 220],
    tint: [0.04, 0],
    swing: 0,
    swingSpeed: 0,
    flicker: 0.6,
    shape: 'glow',
    reach: 0.6,
  },
};

const spriteSizes = 5;

export interface ParticleField {
  /** Adds the particles as they are at `seconds`, to rows `firstRow`..`endRow - 1` (even). */
  draw(target: Planes, seconds: number, firstRow: number, endRow: number): void;
}

/** Paints the sprites into the memory and places the particles. `frame` is what they will be drawn into. */
export function createParticles(
  pictures: PictureMemory,
  particles: Particles,
  frame: { width: number; height: number },
): ParticleField {
  const kind = kinds[particles.kind];
  const random = createRandom(particles.seed);
  const short = Math.min(frame.width, frame.height);
  const between = ([from, to]: [number, number]) => from + (to - from) * random();
  const sprites = Array.from({ length: spriteSizes }, (_, size) => {
    const radius =
      (kind.radius[0] + ((kind.radius[1] - kind.radius[0]) * size) / (spriteSizes - 1)) * (short / 1080);
    return { radius, light: paintLight(pictures, kind.shape, radius) };
  });
  const specks = Array.from({ length: Math.round(kind.count * particles.density) }, () => {
    // More small ones than large ones.
    const size = Math.floor(random() ** 1.8 * spriteSizes);
    const nearness = size / spriteSizes;
    return {
      sprite: sprites[size]!,
      x: random(),
      y: random() * kind.reach,
      drift: between(kind.drift) * (0.6 + nearness),
      fall: between(kind.fall) * (0.6 + nearness),
      gain: between(kind.gain) * (kind.shape === 'disc' ? 1.2 - nearness : 1),
      phase: random() * 2 * Math.PI,
    };
  });

  return {
    draw(target, seconds, firstRow, endRow) {
      for (const speck of specks) {
        const { light, radius } = speck.sprite;
        const margin = 2 * radius + 8;
        const spanX = frame.width + 2 * margin;
        const spanY = frame.height * kind.reach + 2 * margin;
        const swing = kind.swing * Math.sin(seconds * kind.swingSpeed + speck.phase);
        const x = wrap(speck.x * spanX + (speck.drift * seconds + swing) * short, spanX) - margin;
        const y = wrap(speck.y * spanY + speck.fall * seconds * short, spanY) - margin;
        const steadiness = 1 - kind.flicker * (0.5 + 0.5 * Math.sin(seconds * 2.1 + speck.phase * 3));
        const gain = Math.round(speck.gain * steadiness);
        addLight(pictures, target, light, { x, y, gain, tint: kind.tint, firstRow, endRow });
      }
    },
  };
}

function wrap(value: number, span: number): number {
  return ((value % span) + span) % span;
}
