// The two sides of mountains and dunes: spines, light, shade and snow below each summit.
import { between } from '../../domain/random.ts';
import { blend, type Colour, css, lighter, white } from './colour.ts';
import { upright } from './pixels.ts';
import { type Ridge, type RidgeLook, ridgeAt } from './ridge.ts';
import type { Brush, Stage } from './stage.ts';

/** How far a summit stands above both its valleys, as a share of the short side. */
const leastProminence = 0.035;

/** Summits of a ridge with the lowest points between them, as indexes into its heights. */
function summitsOf(ys: Float32Array, reach: number): { at: number; left: number; right: number }[] {
  const tops: number[] = [];
  for (let i = reach; i < ys.length - reach; i++) {
    let summit = true;
    for (let k = -reach; k <= reach && summit; k++) if (ys[i + k]! < ys[i]!) summit = false;
    if (!summit) continue;
    tops.push(i);
    i += reach;
  }
  const lowest = (from: number, to: number) => {
    let at = from;
    for (let i = from; i <= to; i++) if (ys[i]! > ys[at]!) at = i;
    return at;
  };
  return tops.map((at, k) => ({
    at,
    left: lowest(tops[k - 1] ?? 0, at),
    right: lowest(at, tops[k + 1] ?? ys.length - 1),
  }));
}

/** From each summit a spine runs down; the side away from the light is dark, snow lies on top. */
export function paintFaces(brush: Brush, stage: Stage, name: string, ridge: Ridge, look: RidgeLook): void {
  const { step, ys } = ridge;
  const { palette, treatment, short, light, width, height } = stage;
  const random = stage.random(`faces ${name}`);
  const dune = look.faceted === 'dune';
  const straight = treatment.relief < 0.4;
  const hard = dune ? 0.6 : treatment.sky === 'hard' ? 0.9 : treatment.relief > 0.6 ? 0.6 : 0.4;
  const shade = blend(look.bottom, palette.near, dune ? 0.4 : 0.6);
  const lit = blend(look.top, palette.light, 0.5);
  const snow =
    treatment.sky === 'flat'
      ? blend(look.top, white, 0.55)
      : blend(blend(palette.grade(white), palette.light, 0.35), look.top, 0.08);
  const snowShade = blend(blend(snow, palette.sky[1], 0.5), look.top, 0.3);
  for (const { at, left, right } of summitsOf(ys, Math.round((short * 0.045) / step))) {
    const x = at * step;
    const y = ys[at]!;
    // A mere shoulder has no sides of its own: its bright one would cut into the dark one of the summit above.
    if (!dune && Math.min(ys[left]!, ys[right]!) - y < short * leastProminence) continue;
    const drop = Math.max(ys[left]!, ys[right]!) - y;
    // A dune's crest runs on to the foot of the picture: no edge may show where its shade ends.
    const rise = dune
      ? height - y
      : Math.min(short * 0.55, Math.max(short * 0.05, (height * 0.97 - y) * 0.6));
    const away = x < light.x * width ? -1 : 1;
    const parts = dune ? 16 : straight ? 3 : 9;
    const spine: [number, number][] = [[x, y - 2]];
    const sway = between(random, 0.7, 1.3);
    for (let k = 1; k <= parts; k++) {
      const t = k / parts;
      const wander = dune
        ? (sway * (0.42 * t + 0.09 * Math.sin(t * 6)) * short * 0.55) / rise
        : straight
          ? 0.12 * t * (k % 2 ? 1 : 0.2)
          : (0.14 * t + between(random, -0.06, 0.06)) * (k % 2 ? 1 : 0.4);
      spine.push([x - away * wander * rise, y + t * rise]);
    }
    const side = (direction: number, colour: Colour, alpha: number) => {
      const valley = direction < 0 ? left : right;
      if (dune) {
        const slope = brush.createLinearGradient(x, 0, valley * step, 0);
        slope.addColorStop(0, css(colour, alpha));
        slope.addColorStop(1, css(colour, 0.0001));
        brush.fillStyle = slope;
      } else {
        brush.fillStyle = upright(brush, y, y + rise, [
          [colour, alpha],
          [colour, 0],
        ]);
      }
      brush.beginPath();
      for (const [px, py] of spine) brush.lineTo(px, py);
      brush.lineTo(valley * step, y + rise);
      for (let i = valley; i !== at; i -= direction) brush.lineTo(i * step, ys[i]! - 2);
      brush.fill();
    };
    side(away, shade, hard);
    if (!dune) side(-away, lit, hard * 0.6);
    if (!dune && !straight)
      paintSpurs(brush, random, { at, left, right }, { ys, step, rise, away, shade, alpha: hard * 0.55 });
    if (look.snow)
      paintCap(
        brush,
        random,
        { x, y, size: Math.min(rise, drop * 1.5) * look.snow, ridge, spine },
        { snow, shade: snowShade, away, straight },
      );
  }
}

/** Smaller spines on both flanks, each with a shadow on the side away from the light. */
function paintSpurs(
  brush: Brush,
  random: () => number,
  { at, left, right }: { at: number; left: number; right: number },
  look: { ys: Float32Array; step: number; rise: number; away: number; shade: Colour; alpha: number },
): void {
  const { ys, step, rise, away, shade } = look;
  for (const [valley, share] of [
    [left, 0.22],
    [left, 0.48],
    [left, 0.72],
    [right, 0.2],
    [right, 0.45],
    [right, 0.75],
  ] as const) {
    const from = Math.round(at + (valley - at) * share * between(random, 0.8, 1.2));
    const x = from * step;
    const y = ys[from] ?? 0;
    const long = rise * (0.75 - 0.5 * share) * between(random, 0.7, 1.15);
    const lean = Math.sign(valley - at) * 0.3;
    brush.fillStyle = upright(brush, y, y + long, [
      [shade, look.alpha],
      [shade, 0],
    ]);
    brush.beginPath();
    brush.moveTo(x, y - 3);
    for (let k = 1; k <= 6; k++) {
      const t = k / 6;
      brush.lineTo(x + (lean * t + between(random, -0.05, 0.05)) * long, y + t * long);
    }
    brush.lineTo(x + (lean + away * 0.5) * long, y + long);
    brush.lineTo(x + away * 0.12 * long, y - 3);
    brush.fill();
  }
}

/** Snow down both slopes: its ragged lower edge meets the ridge where it ends, so that it never breaks off. */
function paintCap(
  brush: Brush,
  random: () => number,
  {
    x,
    y,
    size,
    ridge,
    spine,
  }: { x: number; y: number; size: number; ridge: Ridge; spine: [number, number][] },
  { snow, shade, away, straight }: { snow: Colour; shade: Colour; away: number; straight: boolean },
): void {
  const teeth = straight ? 4 : 10;
  // Light and shade part along the spine, or the mountain looks folded.
  const parting = straight ? [] : spine.slice(1).filter(([, py]) => py < y + size * 0.75);
  for (const half of [-1, 1]) {
    brush.fillStyle = css(half === away ? shade : lighter(snow, 0.02), 0.92);
    brush.beginPath();
    brush.moveTo(x, y - 3);
    for (const [px, py] of parting) brush.lineTo(px, py);
    for (let k = Math.min(1, parting.length); k <= teeth; k++) {
      const t = k / teeth;
      const at = x + half * t * size * 1.15;
      const thick = (1 - t) ** 0.7 * size * (k % 2 ? between(random, 0.2, 0.5) : between(random, 0.5, 0.95));
      brush.lineTo(at, ridgeAt(ridge, at) + thick);
    }
    for (let k = teeth; k >= 0; k--) {
      const at = x + (half * k * size * 1.15) / teeth;
      brush.lineTo(at, ridgeAt(ridge, at) - size * 0.12);
    }
    brush.fill();
  }
}
