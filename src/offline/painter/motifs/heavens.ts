// Space and the night sky.
import { between } from '../../../sound/random.ts';
import { atLightness, blend, type Colour, css, hex, lch, lighter, toRgb, vivid, white } from '../colour.ts';
import { cloudNoise, smoothstep } from '../noise.ts';
import { glow, paintPixels } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { circle, paintSky, paintStars } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, relit, type Stage } from '../stage.ts';
import { createRidge, paintRanges, paintRidge, ridgeAt } from '../terrain.ts';
import { fringe } from '../vegetation.ts';

/** The palette after dark. */
function atNight(stage: Stage): Stage {
  const { palette, treatment } = stage;
  if (treatment.sky === 'flat' || treatment.sky === 'clean') {
    const ink = blend(palette.near, palette.sky[0], treatment.sky === 'flat' ? 0.12 : 0.04);
    return relit(stage, {
      palette: {
        ...palette,
        sky: [ink, lighter(ink, 0.025), lighter(ink, 0.06), lighter(ink, 0.11)],
        haze: lighter(ink, 0.14),
        near: lighter(ink, -0.1),
        light: blend(palette.light, white, 0.7),
        night: true,
      },
    });
  }
  const dark = (c: Colour, l: number): Colour => [
    l,
    c[1] * 0.85,
    c[2] * 0.85 - (treatment.sky === 'hard' ? 0 : 0.03),
  ];
  const sky: Stage['palette']['sky'] = [
    dark(palette.sky[0], 0.13),
    dark(palette.sky[1], 0.21),
    dark(palette.sky[1], 0.31),
    dark(palette.sky[2], 0.45),
  ];
  if (treatment.sky === 'mesh')
    for (const [i, l] of [0.15, 0.22, 0.3, 0.4].entries())
      sky[i] = atLightness(palette.sky[i < 2 ? 0 : 1], l);
  if (treatment.sky === 'hard') for (const [i, l] of [0.02, 0.07, 0.15, 0.3].entries()) sky[i] = [l, 0, 0];
  return relit(stage, {
    palette: {
      ...palette,
      sky,
      haze: blend(sky[3], sky[2], 0.6),
      near: blend(palette.near, [0.07, 0, -0.01], 0.6),
      light: blend(palette.light, white, 0.45),
      night: true,
    },
  });
}

/** Clouds of glowing gas or the milky way: a band across the sky. */
function paintBand(
  brush: Brush,
  stage: Stage,
  colours: Colour[],
  tilt: number,
  wide: number,
  strength: number,
): void {
  const { width, height, short } = stage;
  const rgb = colours.map(toRgb);
  const shift = stage.random('band')() * 9;
  paintPixels(brush, stage, Math.max(4, Math.round(short / 280)), (u, v, out) => {
    const x = ((u - 0.5) * width) / short;
    const y = ((v - 0.42) * height) / short;
    const across = x * Math.sin(tilt) + y * Math.cos(tilt);
    const warp = cloudNoise(u * 0.5 + shift, v * 0.5) - 0.5;
    const n = cloudNoise(x * 0.42 + shift + warp * 0.35, y * 0.42 + warp * 0.35);
    const m = cloudNoise(x * 0.9 - shift, y * 0.9 + warp);
    const band = Math.exp(-(((across + warp * 0.5) / wide) ** 2));
    const gas = smoothstep(0.3, 0.85, n) * band;
    const dust = smoothstep(0.52, 0.75, m) * band;
    const t = Math.min(0.999, Math.max(0, n * 1.5 - 0.25 + warp)) * (rgb.length - 1);
    const from = rgb[Math.floor(t)]!;
    const to = rgb[Math.min(rgb.length - 1, Math.floor(t) + 1)]!;
    for (let c = 0; c < 3; c++) out[c] = from[c]! + (to[c]! - from[c]!) * (t % 1);
    out[3] = 255 * strength * Math.min(1, gas * 1.25) * (1 - dust * 0.75);
  });
}

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

export const space: MotifPainter = (plain) => {
  const stage = atNight(plain);
  const { palette, treatment, short, width, height } = stage;
  const random = stage.random('plan');
  const flat = treatment.relief < 0.2 || treatment.sky === 'bands';
  const big = {
    x: stage.light.x < 0.5 ? between(random, 0.62, 0.8) : between(random, 0.2, 0.38),
    y: between(random, 0.34, 0.52),
    r: between(random, 0.2, 0.3),
  };
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
                blend(palette.accent, palette.sky[2], 0.45),
                blend(palette.second, palette.sky[3], 0.4),
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
