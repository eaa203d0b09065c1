// A see-through picture that lies over the frame: kept in the picture memory, blended as one rectangle.
import type { PictureMemory, Planes } from './picture-memory.ts';
import { halveAlpha, rgbaToPlanar } from './planar.ts';

/** Where an overlay lies, in frame pixels: `x`, `y` and `height` even, `width` a multiple of 16. */
export interface OverlayPlace {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Overlay {
  /** Replaces the picture by RGBA with straight alpha. */
  put(rgba: Uint8ClampedArray, place: OverlayPlace): void;
  /** Blends it over the frame; `opacity` 0..1. */
  draw(target: Planes, opacity: number): void;
}

/** The part of the frame that is drawn anew for every picture: all but the bars. `top` and `bottom` are even. */
export interface DrawnArea {
  width: number;
  top: number;
  bottom: number;
}

/** The smallest place for an overlay that holds the area and lies within the drawn area. */
export function placeOver(
  area: { left: number; top: number; right: number; bottom: number },
  drawn: DrawnArea,
): OverlayPlace {
  const limit = Math.floor(drawn.width / 16) * 16;
  const x = 2 * Math.max(0, Math.floor(area.left / 2));
  const y = Math.max(drawn.top, 2 * Math.floor(area.top / 2));
  const width = Math.min(limit, 16 * Math.ceil((area.right - x) / 16));
  const height = Math.min(drawn.bottom - y, 2 * Math.ceil((area.bottom - y) / 2));
  return { x: Math.max(0, Math.min(x, 2 * Math.floor((drawn.width - width) / 2))), y, width, height };
}

/** `mostPixels`: of the largest picture that will be put. */
export function createOverlay(pictures: PictureMemory, mostPixels: number): Overlay {
  const at = {
    y: pictures.allocate(mostPixels),
    u: pictures.allocate(mostPixels / 4),
    v: pictures.allocate(mostPixels / 4),
    alpha: pictures.allocate(mostPixels),
    halfAlpha: pictures.allocate(mostPixels / 4),
  };
  let placed: OverlayPlace | undefined;
  return {
    put(rgba, place) {
      const { width, height } = place;
      const full = width * height;
      if (full > mostPixels) throw new RangeError(`overlay of ${full} pixels, ${mostPixels} reserved`);
      const planar = rgbaToPlanar(rgba, width, height, { alpha: true });
      const quarter = full / 4;
      const alpha = planar.subarray(full + 2 * quarter);
      const bytes = pictures.bytes();
      bytes.set(planar.subarray(0, full), at.y);
      bytes.set(planar.subarray(full, full + quarter), at.u);
      bytes.set(planar.subarray(full + quarter, full + 2 * quarter), at.v);
      bytes.set(alpha, at.alpha);
      bytes.set(halveAlpha(alpha, width, height), at.halfAlpha);
      placed = place;
    },
    draw(target, opacity) {
      const strength = Math.round(256 * Math.max(0, Math.min(1, opacity)));
      if (placed === undefined || strength === 0) return;
      const { x, y, width, height } = placed;
      const half = target.stride / 2;
      const from = (y / 2) * half + x / 2;
      const { blendSprite } = pictures.kernels;
      blendSprite(target.y + y * target.stride + x, target.stride, at.y, at.alpha, width, height, strength);
      blendSprite(target.u + from, half, at.u, at.halfAlpha, width / 2, height / 2, strength);
      blendSprite(target.v + from, half, at.v, at.halfAlpha, width / 2, height / 2, strength);
    },
  };
}
