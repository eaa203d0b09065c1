// A layer's planes as large as the layer, from the part that its file holds.
import type { LayerInfo } from '../../src/domain/scene-art.ts';
import { planarBytes } from '../../src/render/planar.ts';

/** Y, U, V and, with alpha, A of width × height; what is outside the box is invisible. */
export function wholeLayer(planar: Uint8Array, { width, height, box, alpha }: LayerInfo): Uint8Array {
  const whole = new Uint8Array(planarBytes(width, height, alpha));
  let from = 0;
  let to = 0;
  for (const size of alpha ? [1, 2, 2, 1] : [1, 2, 2]) {
    const [across, down] = [box.width / size, box.height / size];
    for (let row = 0; row < down; row++) {
      const at = to + (box.top / size + row) * (width / size) + box.left / size;
      whole.set(planar.subarray(from + row * across, from + (row + 1) * across), at);
    }
    from += across * down;
    to += (width / size) * (height / size);
  }
  return whole;
}
