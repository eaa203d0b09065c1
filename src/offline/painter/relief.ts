// Roughness: where uneven ground catches light and lies in shade, as a tile that is laid over shapes.
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { type Colour, toRgb } from './colour.ts';
import { cloudNoise } from './noise.ts';
import type { Brush, Stage } from './stage.ts';

const reliefSide = 512;

let reliefAlpha: { lit: Uint8Array; shade: Uint8Array } | undefined;

/** Where rough ground lit from the upper left is brighter or darker than even ground; a tile, made once. */
function reliefMaps(): { lit: Uint8Array; shade: Uint8Array } {
  if (reliefAlpha) return reliefAlpha;
  const lit = new Uint8Array(reliefSide * reliefSide);
  const shade = new Uint8Array(reliefSide * reliefSide);
  const d = 1.5 / reliefSide;
  for (let y = 0; y < reliefSide; y++) {
    for (let x = 0; x < reliefSide; x++) {
      const u = x / reliefSide;
      const v = y / reliefSide;
      const slope =
        (cloudNoise(u + d, v + d * 0.6) - cloudNoise(u - d, v - d * 0.6)) * 9 +
        (cloudNoise(u * 2, v * 2) - 0.5) * 0.3;
      const at = y * reliefSide + x;
      if (slope > 0) lit[at] = Math.min(255, slope * 255);
      else shade[at] = Math.min(255, -slope * 255);
    }
  }
  reliefAlpha = { lit, shade };
  return reliefAlpha;
}

function tinted(alpha: Uint8Array, colour: Colour, strength: number): Canvas {
  const canvas = createCanvas(reliefSide, reliefSide);
  const brush = canvas.getContext('2d');
  const image = brush.createImageData(reliefSide, reliefSide);
  const [r, g, b] = toRgb(colour);
  for (let i = 0; i < alpha.length; i++) {
    image.data[i * 4] = r;
    image.data[i * 4 + 1] = g;
    image.data[i * 4 + 2] = b;
    image.data[i * 4 + 3] = alpha[i]! * strength;
  }
  brush.putImageData(image, 0, 0);
  return canvas;
}

/**
 * Roughens what lies inside the current clip. `size` is how wide one tile is drawn in pixels, `steep` > 1 stretches it
 * downwards (rock), < 1 flattens it (ground, water).
 */
export function roughen(
  brush: Brush,
  stage: Stage,
  name: string,
  look: {
    lit: Colour;
    shade: Colour;
    strength: number;
    size: number;
    steep: number;
    top: number;
    bottom: number;
  },
): void {
  if (look.strength <= 0) return;
  const maps = reliefMaps();
  // Light from the right needs the tile mirrored.
  const mirror = stage.light.x > 0.5 ? -1 : 1;
  for (const [alpha, colour] of [
    [maps.shade, look.shade],
    [maps.lit, look.lit],
  ] as const) {
    const pattern = brush.createPattern(tinted(alpha, colour, look.strength), 'repeat');
    brush.save();
    const scale = look.size / reliefSide;
    brush.translate(stage.seed(name) % 997, look.top);
    brush.transform(mirror * scale, 0, mirror * 0.25 * scale, look.steep * scale, 0, 0);
    brush.fillStyle = pattern;
    const inverse = 1 / scale;
    brush.fillRect(
      -4 * stage.width * inverse,
      0,
      8 * stage.width * inverse,
      ((look.bottom - look.top) * inverse) / look.steep,
    );
    brush.restore();
  }
}
