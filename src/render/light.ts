// Spots of light: painted once as sprites, added to a frame at sub-pixel places. Particles use them.
import type { PictureMemory, Planes } from './picture-memory.ts';

export type LightShape = 'glow' | 'disc' | 'streak';

interface Sprite {
  at: number;
  width: number;
  height: number;
}

/** The same spot for luma and, half as large, for chroma. */
export interface Light {
  full: Sprite;
  half: Sprite;
}

export interface LightPlace {
  /** Middle of the spot in frame pixels. */
  x: number;
  y: number;
  /** Brightness 0..256. */
  gain: number;
  /** Added to blue- and red-difference, as shares of the brightness. */
  tint: readonly [u: number, v: number];
  /** Rows `firstRow`..`endRow - 1` (even) are lit. */
  firstRow: number;
  endRow: number;
}

/** `radius` in frame pixels. */
export function paintLight(pictures: PictureMemory, shape: LightShape, radius: number): Light {
  return {
    full: paintSprite(pictures, shape, Math.max(1, radius)),
    half: paintSprite(pictures, shape, Math.max(0.8, radius / 2)),
  };
}

export function addLight(pictures: PictureMemory, target: Planes, light: Light, place: LightPlace): void {
  const { x, y, gain, tint, firstRow, endRow } = place;
  const add = (plane: number, size: number, { at, width, height }: Sprite, strength: number) => {
    pictures.kernels.addSprite(
      plane,
      target.stride / size,
      firstRow / size,
      endRow / size,
      at,
      width,
      height,
      Math.round((x / size - width / 2) * 65_536),
      Math.round((y / size - height / 2) * 65_536),
      Math.round(strength),
    );
  };
  add(target.y, 1, light.full, gain);
  if (tint[0] !== 0) add(target.u, 2, light.half, gain * tint[0]);
  if (tint[1] !== 0) add(target.v, 2, light.half, gain * tint[1]);
}

/** A sprite with the border of zeros that `addSprite` asks for. */
function paintSprite(pictures: PictureMemory, shape: LightShape, radius: number): Sprite {
  const width = Math.ceil((shape === 'streak' ? radius * 0.3 + 6 : radius * 2 + 2) / 8) * 8;
  const height = Math.ceil(radius * 2) + 2;
  const stride = width + 16;
  const at = pictures.allocate(stride * (height + 1));
  const bytes = pictures.bytes();
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const dx = column + 0.5 - width / 2;
      const dy = row + 0.5 - height / 2;
      bytes[at + (row + 1) * stride + 8 + column] = Math.round(255 * lightAt(shape, dx, dy, radius));
    }
  }
  return { at, width, height };
}

function lightAt(shape: LightShape, dx: number, dy: number, radius: number): number {
  if (shape === 'streak') {
    // Slanted as it falls: to the left on its way down.
    const along = dy / radius;
    const across = dx + dy * 0.105;
    const thick = Math.max(0.7, radius / 40);
    return Math.max(0, 1 - Math.abs(across) / thick) * Math.max(0, 1 - along * along);
  }
  const distance = Math.hypot(dx, dy) / radius;
  if (shape === 'glow') return Math.max(0, 1 - distance * distance) ** 2.5;
  const edge = Math.max(0, Math.min(1, (1 - distance) * radius * 0.35));
  return edge * (0.62 + 0.38 * distance ** 4);
}
