// How bright a picture is behind each caption position; captions choose their contrast by it.
import type { SceneArtInfo } from '../../domain/scene-art.ts';

const bands = { top: [0.1, 0.3], middle: [0.4, 0.6], bottom: [0.68, 0.88] } as const;
const sides = [0.12, 0.88] as const;
const pitch = 4;

/** Means of a luma plane (16 black … 235 white), rows `stride` bytes apart. */
export function measureLuma(
  luma: Uint8Array,
  { width, height, stride = width }: { width: number; height: number; stride?: number },
): SceneArtInfo['luma'] {
  const mean = ([from, to]: readonly [number, number]) => {
    let sum = 0;
    let count = 0;
    for (let row = Math.floor(from * height); row < to * height; row += pitch) {
      for (let column = Math.floor(sides[0] * width); column < sides[1] * width; column += pitch) {
        sum += luma[row * stride + column]!;
        count++;
      }
    }
    return Math.round((10 * sum) / count) / 10;
  };
  return { bottom: mean(bands.bottom), middle: mean(bands.middle), top: mean(bands.top) };
}
