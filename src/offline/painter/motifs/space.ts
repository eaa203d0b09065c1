// Space: a planet, its moon, gas and stars.
import { between } from '../../../domain/random.ts';
import { blend, type Colour, css, hex, lighter, toRgb, vivid } from '../colour.ts';
import { cloudNoise, smoothstep } from '../noise.ts';
import { circle, glow, paintPixels } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { paintSky, paintStars } from '../sky.ts';
import type { Brush, MotifPainter, Stage } from '../stage.ts';
import { atNight, paintBand } from './after-dark.ts';

export const space: MotifPainter = (plain) => {
  const stage = atNight(plain);
  const { palette, treatment, short, width, height } = stage;
  const random = stage.random('plan');
  const flat = treatment.relief < 0.2 || treatment.sky === 'bands';
  const place = stage.light.x < 0.5 ? between(random, 0.62, 0.8) : between(random, 0.2, 0.38);
  const y = between(random, 0.4, 0.5);
  const r = between(random, 0.19, 0.27);
  const edge = (r * short) / width + 0.06;
  const big = { x: Math.max(edge, Math.min(1 - edge, place)), y, r };
  const ringed = random() < 0.5;
  const hues = [hex('#4f86c6'), hex('#c98a55'), hex('#6ca58c'), hex('#b8677e')];
  const colour = vivid(palette.grade(hues[Math.floor(random() * hues.length)]!), 1.5);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          const deep =
            treatment.sky === 'mesh' ||
            treatment.sky === 'bands' ||
            treatment.sky === 'clean' ||
            treatment.sky === 'flat';
          if (deep)
            paintSky(
              brush,
              { ...stage, light: { x: 0.5, y: 1.4 } },
              { horizon: 1.2, disc: 'none', clouds: 0 },
            );
          else {
            brush.fillStyle = css(palette.sky[0]);
            brush.fillRect(0, 0, width, height);
            paintBand(
              brush,
              stage,
              [
                palette.sky[1],
                vivid(blend(palette.accent, palette.sky[2], 0.4), 1.25),
                vivid(blend(palette.second, palette.sky[3], 0.4), 1.25),
                palette.light,
              ],
              between(random, -0.8, 0.8),
              0.4,
              0.85,
            );
          }
          paintStars(brush, stage, deep ? 0.7 : 3, 1.02);
          if (!flat) {
            for (let i = 0; i < 7; i++)
              star(
                brush,
                width * random(),
                height * random(),
                short * between(random, 0.008, 0.02),
                palette.light,
              );
            glow(
              brush,
              stage.light.x * width,
              stage.light.y * height,
              short * 0.5,
              palette.light,
              0.75 * treatment.glow,
            );
          }
        },
      },
      {
        depth: 0.35,
        paint(brush) {
          planet(brush, stage, {
            x: big.x * width,
            y: big.y * height,
            r: big.r * short,
            colour,
            ringed,
            flat,
            name: 'big',
          });
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const mx = (stage.light.x < 0.5 ? big.x - 0.2 : big.x + 0.2) * width;
          planet(brush, stage, {
            x: mx,
            y: (big.y + 0.22) * height,
            r: short * between(random, 0.035, 0.06),
            colour: palette.grade(hex('#b9b2a8')),
            ringed: false,
            flat,
            name: 'small',
          });
          placeProps(brush, stage, 'sky', { y: () => height * 0.55 }, { rocket: 0.35 });
        },
      },
      {
        depth: 0.95,
        paint(brush) {
          if (treatment.detail < 0.3) return;
          // The limb of the world we look from.
          const r = short * 2.2;
          const y = height * 0.93 + r;
          const ground = blend(palette.near, colour, 0.2);
          const air = brush.createRadialGradient(width / 2, y, r * 0.985, width / 2, y, r * 1.035);
          air.addColorStop(0, css(blend(palette.second, palette.light, 0.4), flat ? 0.35 : 0.75));
          air.addColorStop(1, css(palette.second, 0.0001));
          brush.fillStyle = air;
          circle(brush, width / 2, y, r * 1.035);
          brush.fillStyle = css(ground);
          circle(brush, width / 2, y, r);
          if (flat) return;
          for (let i = 0; i < 60; i++) {
            const x = width * random();
            const top = y - Math.sqrt(Math.max(0, r * r - (x - width / 2) ** 2));
            glow(brush, x, top + short * (0.02 + 0.2 * random()), short * 0.008, palette.light, 0.6);
          }
        },
      },
    ],
    particles: { kind: 'stars', density: 0.7 },
  };
};

function star(brush: Brush, x: number, y: number, r: number, colour: Colour): void {
  glow(brush, x, y, r * 2.5, colour, 0.8);
  brush.fillStyle = css(lighter(colour, 0.05));
  brush.beginPath();
  for (let k = 0; k < 8; k++) {
    const a = (k * Math.PI) / 4;
    const d = k % 2 ? r * 0.12 : r;
    brush.lineTo(x + Math.cos(a) * d, y + Math.sin(a) * d);
  }
  brush.fill();
}

function planet(
  brush: Brush,
  stage: Stage,
  p: { x: number; y: number; r: number; colour: Colour; ringed: boolean; flat: boolean; name: string },
): void {
  const { palette, light, width, height, short } = stage;
  const toLight = Math.atan2(light.y * height - p.y, light.x * width - p.x);
  const ring = (from: number) => {
    brush.save();
    brush.translate(p.x, p.y);
    brush.rotate(-0.32);
    brush.scale(1, 0.26);
    for (const [size, wide, alpha] of [
      [1.5, 0.16, 0.75],
      [1.78, 0.22, 0.5],
      [2.05, 0.07, 0.4],
    ] as const) {
      brush.strokeStyle = css(blend(palette.light, p.colour, 0.35), alpha);
      brush.lineWidth = p.r * wide;
      brush.beginPath();
      brush.arc(0, 0, p.r * size, from, from + Math.PI);
      brush.stroke();
    }
    brush.restore();
  };
  if (p.ringed) ring(Math.PI);
  if (!p.flat) glow(brush, p.x, p.y, p.r * 1.5, p.colour, 0.4);
  brush.save();
  brush.beginPath();
  brush.arc(p.x, p.y, p.r, 0, 7);
  brush.clip();
  if (p.flat) {
    brush.fillStyle = css(p.colour);
    brush.fillRect(p.x - p.r, p.y - p.r, 2 * p.r, 2 * p.r);
    const random = stage.random(`bands ${p.name}`);
    for (let i = 0; i < 4; i++) {
      brush.fillStyle = css(i % 2 ? palette.accent : blend(p.colour, palette.light, 0.5), 0.6);
      brush.fillRect(
        p.x - p.r,
        p.y + p.r * between(random, -0.9, 0.8),
        2 * p.r,
        p.r * between(random, 0.05, 0.2),
      );
    }
    brush.fillStyle = css(palette.near, 0.35);
    circle(brush, p.x - Math.cos(toLight) * p.r * 0.45, p.y - Math.sin(toLight) * p.r * 0.45, p.r * 1.02);
  } else {
    const rgb = [palette.near, p.colour, blend(p.colour, palette.light, 0.55)].map(toRgb);
    const shift = stage.random(`storms ${p.name}`)() * 9;
    const area = { left: (p.x - p.r) / width, size: (2 * p.r) / width };
    const step = Math.max(2, Math.round(short / 500));
    paintPixels(
      brush,
      stage,
      step,
      (u, v, out) => {
        const x = ((u - area.left) / area.size) * 2 - 1;
        const y = (v * height - p.y) / p.r;
        const d = x * x + y * y;
        if (d > 1.1 || Math.abs(x) > 1.05) {
          out[3] = 0;
          return;
        }
        const z = Math.sqrt(Math.max(0, 1 - d));
        const shine = Math.max(0, (x * Math.cos(toLight) + y * Math.sin(toLight)) * 0.75 + z * 0.68);
        const lon = Math.atan2(x, z) * 0.22;
        const warp = cloudNoise(lon + shift, y * 0.25) - 0.5;
        const n = p.ringed
          ? cloudNoise(0.1 + warp * 0.06 + shift, y * 0.75 + warp * 0.16)
          : cloudNoise(lon * 1.5 + shift, y * 0.4 + warp * 0.2);
        const t = smoothstep(0.3, 0.7, n);
        const edge = (1 - z) ** 3 * 0.6 * Math.min(1, shine * 2);
        for (let c = 0; c < 3; c++) {
          const face = rgb[1]![c]! * (0.62 + 0.38 * t) + (rgb[2]![c]! - rgb[1]![c]!) * t * 0.7;
          out[c] =
            rgb[0]![c]! * 0.7 +
            (face + (rgb[2]![c]! - face) * edge - rgb[0]![c]! * 0.7) * Math.min(1, shine * 1.15);
        }
      },
      { top: Math.max(0, (p.y - p.r) / height), bottom: Math.min(1, (p.y + p.r) / height) },
    );
  }
  brush.restore();
  if (p.ringed) ring(0);
}
