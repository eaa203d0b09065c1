// The night sky: stars, aurora or milky way over dark hills.
import { between } from '../../../domain/random.ts';
import { blend, css, lch, toRgb, white } from '../colour.ts';
import { cloudNoise, smoothstep } from '../noise.ts';
import { circle, glow, paintPixels } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky, paintStars } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, type Stage } from '../stage.ts';
import { paintRanges, paintRidge } from '../terrain.ts';
import { fringe } from '../vegetation.ts';
import { atNight, paintBand } from './after-dark.ts';

export const night_sky: MotifPainter = (plain) => {
  const stage = atNight(plain);
  const { palette, treatment } = stage;
  const random = stage.random('plan');
  const drawn = treatment.sky === 'flat' || treatment.sky === 'clean' || treatment.sky === 'bands';
  const aurora = random() < 0.35;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(
            brush,
            { ...stage, light: { x: stage.light.x, y: 0.86 } },
            { horizon: 0.8, clouds: 0.12, disc: 'none' },
          );
          if (!drawn) {
            brush.save();
            brush.globalCompositeOperation = 'screen';
            if (aurora) paintAurora(brush, stage);
            else
              paintBand(
                brush,
                stage,
                [
                  palette.sky[2],
                  blend(palette.second, palette.sky[3], 0.4),
                  blend(palette.light, palette.accent, 0.35),
                ],
                between(random, -1.1, -0.5),
                0.26,
                0.72,
              );
            brush.restore();
          }
          paintStars(brush, stage, drawn ? 0.9 : 2.6, 0.82);
          if (drawn) paintConstellation(brush, stage);
          if (drawn || stage.mentions.has('moon') || random() < 0.3) crescent(brush, stage);
          if (random() < 0.5 && treatment.detail > 0.3) meteor(brush, stage);
        },
      },
      {
        depth: 0.4,
        paint: (brush) =>
          paintRanges(brush, stage, 'far', [
            { base: 0.76, swing: 0.1, waves: 1.4, depth: 0.5, ...(drawn ? {} : { snow: 0.12 }) },
          ]),
      },
      {
        depth: 0.8,
        paint(brush) {
          const ridge = createRidge(stage, 'hill', {
            base: 0.87,
            swing: 0.08,
            waves: 0.8,
            edges: drawn ? 'smooth' : 'lush',
          });
          fringe(brush, stage, 'hill', ridge, {
            tall: [0.04, 0.15],
            thick: 0.7,
            colour: airTone(stage, 0.95),
          });
          paintRidge(brush, stage, 'hill', ridge, {
            top: airTone(stage, 0.95),
            bottom: airTone(stage, 1),
            rough: 0.3,
          });
          placeProps(
            brush,
            stage,
            'land',
            { y: (x) => ridgeAt(ridge, x) + stage.short * 0.015 },
            { tent: 0.35, house: 0.25 },
          );
        },
      },
    ],
    particles: { kind: 'stars', density: 0.8 },
  };
};

function crescent(brush: Brush, stage: Stage): void {
  const { palette, light, width, height, short, treatment } = stage;
  const [x, y, r] = [light.x * width, 0.27 * height, short * 0.075];
  if (treatment.glow > 0) glow(brush, x, y, r * 5, palette.light, 0.5);
  brush.fillStyle = css(palette.light);
  brush.beginPath();
  brush.arc(x, y, r, 0.6, 0.6 + Math.PI, false);
  brush.bezierCurveTo(
    x - r * 0.62,
    y - r * 0.2,
    x + r * 0.15,
    y + r * 0.55,
    x + Math.cos(0.6) * r,
    y + Math.sin(0.6) * r,
  );
  brush.fill();
}

/** Seven stars and the lines between them, on the side away from the moon. */
function paintConstellation(brush: Brush, stage: Stage): void {
  const { palette, light, width, height, short } = stage;
  const random = stage.random('constellation');
  const wide = Math.min(short * 0.62, width * 0.5);
  const left = (light.x < 0.5 ? 0.74 : 0.26) * width - wide / 2;
  const stars = Array.from({ length: 7 }, (_, i) => ({
    x: left + (wide * (i + between(random, 0.15, 0.85))) / 7,
    y: height * between(random, 0.16, 0.5),
    r: short * between(random, 0.004, 0.0085),
  }));
  brush.strokeStyle = css(palette.light, 0.45);
  brush.lineWidth = short * 0.0022;
  brush.beginPath();
  for (const { x, y } of stars) brush.lineTo(x, y);
  brush.stroke();
  for (const [i, { x, y, r }] of stars.entries()) {
    brush.fillStyle = css(i === 2 ? palette.accent : palette.light);
    circle(brush, x, y, i === 2 ? r * 1.6 : r);
  }
}

function meteor(brush: Brush, stage: Stage): void {
  const { width, height, short, palette } = stage;
  const random = stage.random('meteor');
  const x = width * between(random, 0.25, 0.75);
  const y = height * between(random, 0.12, 0.35);
  const long = short * between(random, 0.12, 0.22);
  const trail = brush.createLinearGradient(x, y, x - long, y - long * 0.45);
  trail.addColorStop(0, css(white, 0.95));
  trail.addColorStop(1, css(palette.light, 0.0001));
  brush.strokeStyle = trail;
  brush.lineWidth = short * 0.003;
  brush.beginPath();
  brush.moveTo(x, y);
  brush.lineTo(x - long, y - long * 0.45);
  brush.stroke();
}

function paintAurora(brush: Brush, stage: Stage): void {
  const { palette, short, width } = stage;
  const base = stage.treatment.sky === 'hard' ? ([0.75, 0, 0] as const) : lch(0.8, 0.2, 155);
  const low = toRgb(blend(base, palette.second, 0.25));
  const high = toRgb(blend(lch(0.55, 0.2, 310), palette.accent, stage.treatment.sky === 'hard' ? 1 : 0.3));
  const shift = stage.random('aurora')() * 9;
  paintPixels(brush, stage, Math.max(4, Math.round(short / 260)), (u, v, out) => {
    let r = 0;
    let g = 0;
    let b = 0;
    for (let k = 0; k < 3; k++) {
      const x = (u * width) / short;
      const foot =
        0.42 + 0.09 * k + 0.17 * (cloudNoise(x * 0.12 + shift + k * 0.3, 0.2 + k * 0.21) - 0.5) * 2;
      const up = foot - v;
      if (up < -0.03) continue;
      const rays = 0.35 + 0.9 * cloudNoise(x * 0.75 + shift, 0.6 + k * 0.1 + up * 0.08);
      const light = up < 0 ? smoothstep(-0.03, 0, up) : Math.exp(-up * (5.5 + k));
      const t = Math.min(1, Math.max(0, up * 3.2));
      const s = light * rays * rays * (0.85 - 0.2 * k);
      r += (low[0] + (high[0] - low[0]) * t) * s;
      g += (low[1] + (high[1] - low[1]) * t) * s;
      b += (low[2] + (high[2] - low[2]) * t) * s;
    }
    out[0] = Math.min(250, r);
    out[1] = Math.min(250, g);
    out[2] = Math.min(250, b);
  });
}
