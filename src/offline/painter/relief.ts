// Roughness: where uneven ground catches light and lies in shade, as a tile that is laid over shapes.
import { type Canvas, createCanvas } from '@napi-rs/canvas';
import { type Colour, css } from './colour.ts';
import { cloudNoise } from './noise.ts';
import type { Brush, Stage } from './stage.ts';

const reliefSide = 512;

let masks: { lit: Canvas; shade: Canvas } | undefined;

/** Where rough ground lit from the upper left is brighter or darker than even ground; tiles, made once. */
function reliefMasks(): { lit: Canvas; shade: Canvas } {
  if (masks) return masks;
  const lit = createCanvas(reliefSide, reliefSide);
  const shade = createCanvas(reliefSide, reliefSide);
  const [bright, dark] = [lit, shade].map((canvas) =>
    canvas.getContext('2d').createImageData(reliefSide, reliefSide),
  );
  const d = 1.5 / reliefSide;
  for (let y = 0; y < reliefSide; y++) {
    for (let x = 0; x < reliefSide; x++) {
      const u = x / reliefSide;
      const v = y / reliefSide;
      const slope =
        (cloudNoise(u + d, v + d * 0.6) - cloudNoise(u - d, v - d * 0.6)) * 9 +
        (cloudNoise(u * 2, v * 2) - 0.5) * 0.3;
      const at = 4 * (y * reliefSide + x) + 3;
      (slope > 0 ? bright! : dark!).data[at] = Math.min(255, 255 * Math.abs(slope));
    }
  }
  lit.getContext('2d').putImageData(bright!, 0, 0);
  shade.getContext('2d').putImageData(dark!, 0, 0);
  masks = { lit, shade };
  return masks;
}

function tinted(mask: Canvas, colour: Colour): Canvas {
  const canvas = createCanvas(reliefSide, reliefSide);
  const brush = canvas.getContext('2d');
  brush.fillStyle = css(colour);
  brush.fillRect(0, 0, reliefSide, reliefSide);
  brush.globalCompositeOperation = 'destination-in';
  brush.drawImage(mask, 0, 0);
  brush.globalCompositeOperation = 'source-over';
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
    /** All of the width when left out. */
    left?: number;
    right?: number;
  },
): void {
  if (look.strength <= 0) return;
  const { lit, shade } = reliefMasks();
  const tile = tinted(shade, look.shade);
  tile.getContext('2d').drawImage(tinted(lit, look.lit), 0, 0);
  // Light from the right needs the tile mirrored.
  const mirror = stage.light.x > 0.5 ? -1 : 1;
  const scale = look.size / reliefSide;
  const slant = 0.25;
  const shift = stage.seed(name) % 997;
  // What of the endless tiling is seen, in its own pixels. Tiles are put together first and then laid on in one piece:
  // patterns cost seven times as much.
  const rows = Math.ceil((look.bottom - look.top) / (scale * look.steep));
  const { left: from = 0, right: to = stage.width } = look;
  const edges = [from - shift, to - shift].map((x) => (mirror * x) / scale);
  const left = Math.floor(Math.min(...edges) - slant * rows);
  const columns = Math.ceil(Math.max(...edges)) - left;
  const sheet = createCanvas(columns, rows);
  const tiles = sheet.getContext('2d');
  const first = -(((left % reliefSide) + reliefSide) % reliefSide);
  for (let y = 0; y < rows; y += reliefSide) {
    for (let x = first; x < columns; x += reliefSide) tiles.drawImage(tile, x, y);
  }
  brush.save();
  brush.globalAlpha = look.strength;
  brush.translate(shift, look.top);
  brush.transform(mirror * scale, 0, mirror * slant * scale, look.steep * scale, 0, 0);
  brush.drawImage(sheet, left, 0);
  brush.restore();
}
