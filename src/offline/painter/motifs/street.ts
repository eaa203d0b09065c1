// A street in perspective, with lamps and passers-by.
import { between, pick } from '../../../domain/random.ts';
import { lamp, paintSkyline } from '../buildings.ts';
import { blend, css, hex } from '../colour.ts';
import { person } from '../figures.ts';
import { glow, upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, seenAt } from '../stage.ts';
import { paintMist } from '../terrain.ts';

export const street: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const vx = between(random, 0.44, 0.56);
  const vy = 0.55;
  const few = treatment.detail < 0.3;
  const lit = { ...stage, light: { x: vx, y: vy - 0.16 } };
  /** One side of the street from depth `t0` to `t1` (0 = vanishing point, 1 = here). */
  const facade = (brush: Brush, side: -1 | 1, name: string, from: number, to: number, depth: number) => {
    const chance = stage.random(`facade ${name} ${side}`);
    const edge = (t: number) => (vx + side * 0.62 * t) * width;
    for (let t = from; t < to; ) {
      const next = Math.min(to, t + (0.09 + 0.16 * chance()) * (0.35 + t));
      const rise = between(chance, 0.62, 0.98);
      const base = [hex('#8a5a48'), hex('#b89b7a'), hex('#6c7480'), hex('#a56a52'), hex('#7e8a86')];
      const tone = blend(
        seenAt(stage, pick(chance, base), depth * (0.35 + 0.65 * t)),
        airTone(stage, depth),
        treatment.haze > 0.8 ? 0.5 : 0.28,
      );
      const x0 = edge(t);
      const x1 = edge(next);
      const roof = (at: number) => vy * height - rise * at * height * 0.98;
      const floor = (at: number) => vy * height + at * height * 0.42;
      const gradient = brush.createLinearGradient(x0, 0, x1, 0);
      gradient.addColorStop(0, css(blend(tone, palette.haze, 0.25)));
      gradient.addColorStop(1, css(blend(tone, palette.near, 0.3)));
      brush.fillStyle = gradient;
      brush.beginPath();
      brush.moveTo(x0, roof(t));
      brush.lineTo(x1 + side, roof(next));
      brush.lineTo(x1 + side, floor(next) + 2);
      brush.lineTo(x0, floor(t) + 2);
      brush.fill();
      // Windows follow the perspective.
      const rows = few ? 3 : 5;
      const columns = few ? 2 : 4;
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const a = t + (next - t) * ((column + 0.22) / columns);
          const b = t + (next - t) * ((column + 0.74) / columns);
          const y = (at: number, share: number) => roof(at) + (floor(at) - roof(at)) * share;
          const shop = row === rows - 1;
          const on = chance() < (shop ? 0.75 : palette.night ? 0.45 : 0.28);
          brush.fillStyle = on
            ? css(blend(palette.light, shop ? palette.second : palette.light, 0.3), 0.92)
            : css(blend(tone, palette.near, 0.5), 0.75);
          const top = 0.07 + (row / rows) * 0.86;
          const low = top + (shop ? 0.15 : 0.1);
          brush.beginPath();
          brush.moveTo(edge(a), y(a, top));
          brush.lineTo(edge(b), y(b, top));
          brush.lineTo(edge(b), y(b, low));
          brush.lineTo(edge(a), y(a, low));
          brush.fill();
        }
      }
      t = next + 0.004;
    }
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, lit, { horizon: 0.6, clouds: 0.7 });
          paintSkyline(brush, lit, 'end', {
            foot: 0.58,
            tall: [0.05, 0.2],
            wide: [0.03, 0.06],
            depth: 0.3,
            lit: 0.15,
          });
          paintMist(brush, lit, 0.4, 0.66, 0.7);
          for (const side of [-1, 1] as const) facade(brush, side, 'far', 0.08, 0.42, 0.6);
          const road = blend(palette.near, palette.haze, 0.3);
          brush.fillStyle = upright(brush, vy * height, height, [
            [blend(road, palette.light, 0.5)],
            [road],
            [blend(road, palette.near, 0.6)],
          ]);
          brush.beginPath();
          brush.moveTo((vx - 0.03) * width, vy * height + height * 0.02);
          brush.lineTo((vx + 0.03) * width, vy * height + height * 0.02);
          brush.lineTo((vx + 0.9) * width, height);
          brush.lineTo((vx - 0.9) * width, height);
          brush.fill();
          if (treatment.glow > 0.3)
            glow(brush, vx * width, vy * height, short * 0.45, palette.light, 0.7 * treatment.glow);
          brush.fillStyle = css(palette.light, 0.7);
          for (let k = 0; k < 7; k++) {
            const t0 = ((k + 0.2) / 7) ** 1.9;
            const t1 = ((k + 0.65) / 7) ** 1.9;
            const y = (t: number) => (vy + 0.03 + t * 0.44) * height;
            brush.beginPath();
            brush.moveTo(vx * width - short * 0.014 * t0, y(t0));
            brush.lineTo(vx * width + short * 0.014 * t0, y(t0));
            brush.lineTo(vx * width + short * 0.014 * t1, y(t1));
            brush.lineTo(vx * width - short * 0.014 * t1, y(t1));
            brush.fill();
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          for (const side of [-1, 1] as const) facade(brush, side, 'near', 0.42, 1.3, 0.9);
          brush.fillStyle = css(blend(palette.near, palette.haze, 0.22));
          for (const side of [-1, 1]) {
            brush.beginPath();
            brush.moveTo((vx + side * 0.62 * 0.42) * width, (vy + 0.42 * 0.42) * height);
            brush.lineTo((vx + side * 0.62 * 0.36) * width, (vy + 0.42 * 0.42) * height);
            brush.lineTo((vx + side * 0.62 * 0.98) * width, height);
            brush.lineTo((vx + side * 0.62 * 1.5) * width, height);
            brush.fill();
          }
        },
      },
      {
        depth: 0.7,
        paint(brush) {
          for (const t of few ? [0.6] : [0.34, 0.62]) {
            for (const side of [-1, 1] as const) {
              lamp(
                brush,
                stage,
                (vx + side * 0.5 * t) * width,
                (vy + 0.43 * t) * height,
                short * 0.62 * t,
                -side,
              );
            }
          }
          const people = stage.random('people');
          brush.fillStyle = css(blend(palette.near, palette.haze, 0.05));
          const count = few ? 1 : 4;
          for (let i = 0; i < count; i++) {
            const t = between(people, 0.3, 0.62);
            const side = people() < 0.5 ? -1 : 1;
            person(brush, people, {
              x: (vx + side * between(people, 0.24, 0.44) * t) * width,
              foot: (vy + 0.44 * t) * height,
              tall: short * 0.36 * t,
              side,
              pose: people() < 0.7 ? 'walk' : 'stand',
            });
          }
          placeProps(
            brush,
            stage,
            'land',
            { y: () => height * 0.84, from: 0.4, to: 0.62, scale: 1.3 },
            { car: 0.45 },
          );
        },
      },
    ],
    particles: { kind: palette.night ? 'bokeh' : 'dust', density: 0.5 },
  };
};
