// What people build: skylines with lit windows, houses, lamps, bridges of perspective. Colours come from the stage.
import { between, pick, type Random } from '../../domain/random.ts';
import { blend, type Colour, css, lighter } from './colour.ts';
import { glow } from './pixels.ts';
import { airTone, type Brush, type Stage } from './stage.ts';

export interface SkylineLook {
  /** Share of the height where the houses stand. */
  foot: number;
  /** Heights as shares of the short side. */
  tall: [number, number];
  wide: [number, number];
  depth: number;
  /** Share of windows that are lit or glint. */
  lit: number;
}

export function paintSkyline(brush: Brush, stage: Stage, name: string, look: SkylineLook): void {
  const { width, short, height, palette, treatment } = stage;
  const random = stage.random(`skyline ${name}`);
  const foot = look.foot * height;
  const wall = airTone(stage, look.depth);
  for (let x = -short * 0.05 * random(); x < width; ) {
    const w = short * between(random, ...look.wide);
    // The middle of town is taller.
    const centre = 1 - 0.55 * Math.abs(x / width - 0.5 - (stage.light.x - 0.5) * 0.4);
    const h = short * between(random, ...look.tall) * centre * (random() < 0.14 ? 1.4 : 1);
    paintTower(brush, stage, random, { x, foot, w, h }, lighter(wall, between(random, -0.018, 0.022)), look);
    x += w * between(random, 0.92, 1.18) + (treatment.detail < 0.3 ? w * 0.5 : 0);
  }
  brush.fillStyle = css(wall);
  brush.fillRect(0, foot - 2, width, height - foot + 2);
  if (treatment.haze > 0.5) {
    const fog = brush.createLinearGradient(0, foot - short * look.tall[1], 0, foot);
    fog.addColorStop(0, css(palette.haze, 0.0001));
    fog.addColorStop(1, css(palette.haze, 0.5 * treatment.haze * (1 - look.depth)));
    brush.fillStyle = fog;
    brush.fillRect(0, foot - short * look.tall[1], width, short * look.tall[1]);
  }
}

function paintTower(
  brush: Brush,
  stage: Stage,
  random: Random,
  { x, foot, w, h }: { x: number; foot: number; w: number; h: number },
  wall: Colour,
  look: SkylineLook,
): void {
  const { palette, treatment, short, light, width } = stage;
  const top = foot - h;
  const roof = pick(random, ['flat', 'flat', 'step', 'spire', 'slant', 'tank'] as const);
  brush.fillStyle = css(wall);
  brush.fillRect(x, top, w + 1, h + 2);
  if (roof === 'step') brush.fillRect(x + w * 0.2, top - h * 0.08, w * 0.6, h * 0.09);
  if (roof === 'spire') {
    brush.beginPath();
    brush.moveTo(x + w * 0.3, top);
    brush.lineTo(x + w * 0.48, top - h * 0.1);
    brush.lineTo(x + w * 0.5, top - h * 0.28);
    brush.lineTo(x + w * 0.52, top - h * 0.1);
    brush.lineTo(x + w * 0.7, top);
    brush.fill();
  }
  if (roof === 'slant') {
    brush.beginPath();
    brush.moveTo(x, top + 1);
    brush.lineTo(x + w, top - w * 0.35);
    brush.lineTo(x + w, top + 1);
    brush.fill();
  }
  if (roof === 'tank' && treatment.detail > 0.4) {
    brush.fillRect(x + w * 0.2, top - w * 0.22, w * 0.22, w * 0.16);
    brush.fillRect(x + w * 0.23, top - w * 0.08, w * 0.03, w * 0.09);
    brush.fillRect(x + w * 0.36, top - w * 0.08, w * 0.03, w * 0.09);
  }
  // The side towards the light.
  const lit = blend(wall, palette.light, 0.1 + 0.26 * treatment.rim * look.depth);
  brush.fillStyle = css(lit);
  const edge = w * (treatment.sky === 'clean' || treatment.sky === 'mesh' ? 0.34 : 0.12);
  brush.fillRect(light.x * width > x ? x + w - edge : x, top, edge, h);
  if (treatment.detail < 0.3) return;
  const pitch = short * (0.011 + 0.014 * look.depth);
  const columns = Math.floor((w - pitch * 0.6) / pitch);
  const rows = Math.floor(h / (pitch * 1.25)) - 1;
  if (columns < 1) return;
  const margin = (w - columns * pitch) / 2;
  const lamp = blend(palette.light, palette.second, 0.35);
  const dark = palette.night || treatment.sky === 'graded' || treatment.sky === 'hard';
  const pane = dark ? lamp : blend(wall, palette.sky[3], 0.4);
  const tall = random() < 0.3;
  brush.fillStyle = css(pane, dark ? 0.85 : 0.55);
  brush.beginPath();
  for (let row = 0; row < rows; row++) {
    const y = top + pitch * (0.8 + row * 1.25);
    const floorLit = random() < 0.12 ? 3 : 1;
    for (let column = 0; column < columns; column++) {
      if (random() > look.lit * floorLit * (dark ? 1 : 2)) continue;
      brush.rect(
        x + margin + pitch * (column + 0.22),
        y,
        pitch * (tall ? 0.4 : 0.56),
        pitch * (tall ? 1 : 0.62),
      );
    }
  }
  brush.fill();
}

/** A house with a pitched roof and warm windows, `w` pixels wide, standing at its lower left. */
export function house(
  brush: Brush,
  stage: Stage,
  at: { x: number; foot: number; w: number },
  tones: { wall: Colour; roof: Colour; window: Colour },
  snow = false,
): void {
  const { x, foot, w } = at;
  const h = w * 0.52;
  const top = foot - h;
  brush.fillStyle = css(tones.roof);
  brush.fillRect(x + w * 0.7, top - w * 0.42, w * 0.09, w * 0.3);
  brush.fillStyle = css(tones.wall);
  brush.fillRect(x, top, w, h + 2);
  brush.beginPath();
  brush.moveTo(x, top);
  brush.lineTo(x + w * 0.5, top - w * 0.36);
  brush.lineTo(x + w, top);
  brush.fill();
  brush.fillStyle = css(blend(tones.wall, stage.palette.near, 0.35));
  brush.fillRect(stage.light.x * stage.width > x ? x : x + w * 0.62, top, w * 0.38, h + 2);
  brush.strokeStyle = css(snow ? stage.palette.grade([0.97, 0, 0]) : tones.roof);
  brush.lineWidth = w * 0.075;
  brush.lineJoin = 'miter';
  brush.beginPath();
  brush.moveTo(x - w * 0.08, top + w * 0.045);
  brush.lineTo(x + w * 0.5, top - w * 0.37);
  brush.lineTo(x + w * 1.08, top + w * 0.045);
  brush.stroke();
  for (const share of [0.18, 0.62]) {
    brush.fillStyle = css(tones.window);
    brush.fillRect(x + w * share, top + h * 0.28, w * 0.2, h * 0.34);
    brush.fillStyle = css(tones.wall);
    brush.fillRect(x + w * (share + 0.09), top + h * 0.28, w * 0.02, h * 0.34);
    brush.fillRect(x + w * share, top + h * 0.43, w * 0.2, h * 0.035);
    if (stage.treatment.glow > 0.3)
      glow(brush, x + w * (share + 0.1), top + h * 0.45, w * 0.42, tones.window, 0.4);
  }
  brush.fillStyle = css(tones.roof);
  brush.fillRect(x + w * 0.43, foot - h * 0.48, w * 0.14, h * 0.5);
}

/** A street lamp, lit. */
export function lamp(brush: Brush, stage: Stage, x: number, foot: number, tall: number, side: number): void {
  const { palette, treatment } = stage;
  brush.strokeStyle = css(palette.near);
  brush.lineCap = 'round';
  brush.lineWidth = tall * 0.022;
  brush.beginPath();
  brush.moveTo(x, foot);
  brush.lineTo(x, foot - tall * 0.9);
  brush.quadraticCurveTo(x, foot - tall, x + side * tall * 0.12, foot - tall);
  brush.lineTo(x + side * tall * 0.2, foot - tall);
  brush.stroke();
  const lx = x + side * tall * 0.2;
  const ly = foot - tall * 0.985;
  brush.fillStyle = css(palette.light);
  brush.beginPath();
  brush.ellipse(lx, ly, tall * 0.05, tall * 0.022, 0, 0, 7);
  brush.fill();
  if (treatment.glow > 0) {
    glow(brush, lx, ly, tall * 0.6, palette.light, 0.75);
    brush.save();
    brush.globalCompositeOperation = 'screen';
    const cone = brush.createLinearGradient(0, ly, 0, foot);
    cone.addColorStop(0, css(palette.light, 0.24));
    cone.addColorStop(1, css(palette.light, 0.0001));
    brush.fillStyle = cone;
    brush.beginPath();
    brush.moveTo(lx - tall * 0.03, ly);
    brush.lineTo(lx + tall * 0.03, ly);
    brush.lineTo(lx + tall * 0.34, foot);
    brush.lineTo(lx - tall * 0.34, foot);
    brush.fill();
    brush.restore();
  }
}
