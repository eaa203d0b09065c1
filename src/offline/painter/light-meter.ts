// Measures how bright the composited picture is behind each caption position, on every fourth pixel.
import type { LayerBox, SceneArtInfo } from '../../domain/scene-art.ts';

const pitch = 4;
/** Parts of a layer that lie behind captions: the frame shows about its middle 93 %. */
const bands = { top: [0.1, 0.3], middle: [0.4, 0.6], bottom: [0.68, 0.88] } as const;
const sides = [0.12, 0.88] as const;

export interface LightMeter {
  /** Lays a planar layer, the part in `box`, over what was added before. */
  add(planar: Uint8Array, layer: { box: LayerBox; alpha: boolean }): void;
  /** Mean of the composited luma plane (16 black … 235 white). */
  read(): SceneArtInfo['luma'];
}

export function createLightMeter({ width, height }: { width: number; height: number }): LightMeter {
  const columns = Math.floor(width / pitch);
  const rows = Math.floor(height / pitch);
  const seen = new Float32Array(columns * rows);
  return {
    add(planar, { box, alpha }) {
      const mask = alpha ? planar.subarray(box.width * box.height * 1.5) : undefined;
      const [top, left] = [box.top / pitch, box.left / pitch];
      for (let row = 0; row < box.height / pitch; row++) {
        for (let column = 0; column < box.width / pitch; column++) {
          const from = row * pitch * box.width + column * pitch;
          const at = (top + row) * columns + left + column;
          const cover = mask ? mask[from]! / 255 : 1;
          seen[at]! += (planar[from]! - seen[at]!) * cover;
        }
      }
    },
    read() {
      const mean = ([from, to]: readonly [number, number]) => {
        let sum = 0;
        let count = 0;
        for (let row = Math.floor(from * rows); row < to * rows; row++) {
          for (let column = Math.floor(sides[0] * columns); column < sides[1] * columns; column++) {
            sum += seen[row * columns + column]!;
            count++;
          }
        }
        return Math.round((10 * sum) / count) / 10;
      };
      return { bottom: mean(bands.bottom), middle: mean(bands.middle), top: mean(bands.top) };
    },
  };
}
