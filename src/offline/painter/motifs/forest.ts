// Forest: trunks in depth with light between them, or rows of plain trees.
import { between } from '../../../domain/random.ts';
import { blend, css, hex, lighter, toRgb } from '../colour.ts';
import { cloudNoise, smoothstep } from '../noise.ts';
import { paintPixels } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { roughen } from '../relief.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, type Stage, seenAt } from '../stage.ts';
import { paintMist, paintRidge } from '../terrain.ts';
import { grass } from '../vegetation.ts';

/** A stand of tall trunks with boughs, `depth` as in airTone. */
function paintStand(
  brush: Brush,
  stage: Stage,
  name: string,
  look: { count: number; wide: [number, number]; depth: number },
) {
  const { width, height, short, palette, treatment } = stage;
  const random = stage.random(`stand ${name}`);
  const tone = blend(airTone(stage, look.depth), palette.grade(hex('#4a4030')), 0.22 * look.depth);
  const plain = treatment.detail < 0.6;
  for (let i = 0; i < look.count; i++) {
    const x = ((i + between(random, 0.1, 0.9)) / look.count) * width;
    const w = short * between(random, ...look.wide);
    const lean = between(random, -0.03, 0.03) * height;
    brush.save();
    brush.beginPath();
    brush.moveTo(x - w * 0.9, height);
    brush.quadraticCurveTo(x - w * 0.48, height * 0.8, x - w * 0.4 + lean, 0);
    brush.lineTo(x + w * 0.4 + lean, 0);
    brush.quadraticCurveTo(x + w * 0.48, height * 0.8, x + w * 0.9, height);
    brush.closePath();
    const lit = stage.light.x * width > x;
    const gradient = brush.createLinearGradient(x - w * 0.6, 0, x + w * 0.6, 0);
    const rim = blend(tone, palette.light, 0.12 + 0.3 * treatment.rim * look.depth);
    gradient.addColorStop(lit ? 1 : 0, css(rim));
    gradient.addColorStop(lit ? 0.72 : 0.28, css(tone));
    gradient.addColorStop(lit ? 0 : 1, css(blend(tone, palette.near, 0.5)));
    brush.fillStyle = gradient;
    brush.fill();
    if (look.depth > 0.7 && treatment.relief > 0.3) {
      brush.clip();
      roughen(brush, stage, `${name} ${i}`, {
        lit: rim,
        shade: palette.near,
        strength: 0.5 * treatment.relief,
        size: short * 0.16,
        steep: 4,
        top: 0,
        bottom: height,
        left: x - w - Math.abs(lean),
        right: x + w + Math.abs(lean),
      });
    }
    brush.restore();
    if (plain) continue;
    brush.strokeStyle = css(tone);
    brush.lineCap = 'round';
    for (let k = 0; k < 5; k++) {
      const y = height * between(random, 0.02, 0.55);
      const side = random() < 0.5 ? -1 : 1;
      const reach = w * between(random, 1.4, 4.5);
      brush.lineWidth = w * between(random, 0.06, 0.16);
      brush.beginPath();
      brush.moveTo(x + lean * (1 - y / height), y);
      brush.quadraticCurveTo(
        x + side * reach * 0.5,
        y - reach * 0.08,
        x + side * reach,
        y - reach * between(random, -0.25, 0.35),
      );
      brush.stroke();
    }
  }
}

/** Leaves overhead: masses that hang from the top edge. */
function paintCanopy(brush: Brush, stage: Stage, name: string, low: number, depth: number): void {
  const { width, height, short, palette } = stage;
  const random = stage.random(`canopy ${name}`);
  const dark = airTone(stage, depth);
  const leaf = blend(dark, palette.grade(hex('#6f9440')), 0.34 * depth + 0.06);
  for (const [tone, count, size] of [
    [dark, 46, 0.085],
    [leaf, 110, 0.03],
    [blend(leaf, palette.light, 0.24), 130, 0.011],
  ] as const) {
    brush.fillStyle = css(tone);
    brush.beginPath();
    for (let i = 0; i < count * (width / short); i++) {
      const x = random() * width;
      const hang = low * (0.4 + 0.75 * Math.abs(Math.sin((x / short) * 3.1 + stage.seed(name))));
      const y = height * hang * random() ** 0.7;
      const r = short * size * between(random, 0.5, 1.1);
      brush.moveTo(x + r, y);
      brush.ellipse(x, y, r, r * between(random, 0.55, 0.9), random() * 3, 0, 7);
    }
    brush.fill();
  }
}

/** Shafts of light from the sun through the trees. */
function paintShafts(brush: Brush, stage: Stage, strength: number): void {
  const { width, height, short, light, palette } = stage;
  const rgb = toRgb(palette.light);
  const shift = stage.random('shafts')() * 5;
  paintPixels(brush, stage, Math.max(5, Math.round(short / 200)), (u, v, out) => {
    const dx = ((u - light.x) * width) / short;
    const dy = ((v + 0.12) * height) / short;
    const angle = Math.atan2(dx, dy);
    const shaft = smoothstep(0.46, 0.72, cloudNoise(angle * 0.55 + shift, shift));
    const d = Math.hypot(dx, dy);
    out[0] = rgb[0];
    out[1] = rgb[1];
    out[2] = rgb[2];
    out[3] = 255 * strength * (shaft * 0.75 + 0.12) * Math.exp(-d * 1.1) * smoothstep(0.02, 0.25, v + 0.1);
  });
}

export const forest: MotifPainter = (stage) => {
  const { treatment, palette } = stage;
  const few = treatment.detail < 0.3;
  const shafts = treatment.glow > 0.3 && stage.random('sun')() < 0.85;
  if (few || treatment.edges === 'angular' || treatment.sky === 'clean') return flatForest(stage);
  const ground = (base: number, name: string, depth: number) => (brush: Brush) => {
    const ridge = createRidge(stage, name, { base, swing: 0.03, waves: 0.9, edges: 'lush' });
    grass(brush, stage, name, ridge, {
      tall: 0.03 + 0.07 * depth,
      thick: 0.8,
      colour: blend(airTone(stage, depth), palette.grade(hex('#5f7d3a')), 0.3),
    });
    paintRidge(brush, stage, name, ridge, {
      top: blend(airTone(stage, depth), palette.grade(hex('#5f7d3a')), 0.28),
      bottom: airTone(stage, Math.min(1, depth + 0.15)),
      rough: 0.7,
      steep: 0.4,
    });
    return ridge;
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(
            brush,
            { ...stage, light: { x: stage.light.x, y: 0.3 } },
            { horizon: 0.8, clouds: 0.15, disc: treatment.sky === 'hard' ? 'moon' : 'none' },
          );
          paintStand(brush, stage, 'back', { count: 26, wide: [0.008, 0.02], depth: 0.16 });
          paintMist(brush, stage, 0.35, 1.05, 0.6);
          paintStand(brush, stage, 'behind', { count: 15, wide: [0.014, 0.032], depth: 0.32 });
          paintCanopy(brush, stage, 'back', 0.26, 0.3);
          paintMist(brush, stage, 0.45, 1.1, 0.6);
        },
      },
      {
        depth: 0.35,
        paint(brush) {
          paintStand(brush, stage, 'mid', { count: 9, wide: [0.025, 0.05], depth: 0.55 });
          const ridge = ground(0.82, 'floor', 0.5)(brush);
          paintCanopy(brush, stage, 'mid', 0.18, 0.55);
          placeProps(
            brush,
            stage,
            'land',
            { y: (x) => ridgeAt(ridge, x) + stage.short * 0.02, scale: 1.3, from: 0.3, to: 0.7 },
            { deer: 0.35 },
          );
          if (shafts) paintShafts(brush, stage, treatment.sky === 'hard' ? 0.42 : 0.62);
        },
      },
      {
        depth: 0.75,
        paint(brush) {
          paintStand(brush, stage, 'close', { count: 3, wide: [0.07, 0.13], depth: 0.96 });
          ground(0.92, 'moss', 0.92)(brush);
          paintCanopy(brush, stage, 'near', 0.1, 0.95);
        },
      },
    ],
    particles: { kind: 'dust', density: 0.8 },
  };
};

/** Trees as plain triangles and lollipops in receding rows. */
const flatForest: MotifPainter = (stage) => {
  const { palette } = stage;
  return {
    layers: [0, 1, 2, 3].map((i) => ({
      depth: i * 0.28,
      paint(brush: Brush) {
        if (i === 0) paintSky(brush, stage, { horizon: 0.75 });
        const depth = [0.22, 0.45, 0.7, 1][i]!;
        const ridge = createRidge(stage, `row ${i}`, {
          base: 0.6 + i * 0.11,
          swing: 0.05,
          waves: 0.9,
          edges: 'smooth',
        });
        const tone = blend(airTone(stage, depth), seenAt(stage, hex('#3f6b45'), depth), 0.55);
        const random = stage.random(`row ${i}`);
        const tall = 0.16 + 0.09 * i;
        for (
          let x = -0.05;
          x < 1.05;
          x +=
            between(random, 0.04, 0.1) *
            (1 + i * 0.35) *
            (stage.treatment.detail < 0.3 ? 1.6 : 1) *
            (stage.short / stage.width) *
            1.6
        ) {
          const px = x * stage.width;
          const h = stage.short * tall * between(random, 0.75, 1.15);
          const y = ridgeAt(ridge, px);
          brush.fillStyle = css(
            i === 2 && random() < 0.12 ? palette.accent : lighter(tone, between(random, -0.02, 0.04)),
          );
          brush.beginPath();
          brush.moveTo(px - h * 0.24, y + h * 0.02);
          brush.lineTo(px, y - h);
          brush.lineTo(px + h * 0.24, y + h * 0.02);
          brush.fill();
          brush.fillStyle = css(palette.near, 0.16);
          brush.beginPath();
          brush.moveTo(px, y - h);
          brush.lineTo(px + (stage.light.x * stage.width > px ? -1 : 1) * h * 0.24, y + h * 0.02);
          brush.lineTo(px, y + h * 0.02);
          brush.fill();
        }
        paintRidge(brush, stage, `row ${i}`, ridge, { top: tone, bottom: blend(tone, palette.near, 0.3) });
        if (i === 2) placeProps(brush, stage, 'land', { y: (x) => ridgeAt(ridge, x) + stage.short * 0.02 });
      },
    })),
    particles: null,
  };
};
