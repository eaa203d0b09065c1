// People and portraits, as silhouettes before light.
import { between, pick } from '../../../sound/random.ts';
import { paintBackdrop } from '../backdrop.ts';
import { paintSkyline } from '../buildings.ts';
import { blend, css, lighter } from '../colour.ts';
import { type Pose, person, traceProfile } from '../figures.ts';
import { glow, roughen, upright } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { circle, paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter } from '../stage.ts';
import { createRidge, paintMist, paintRanges, paintRidge, ridgeAt } from '../terrain.ts';
import { grass } from '../vegetation.ts';

export const people: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const town = random() < 0.35;
  const few = treatment.detail < 0.3;
  const lit = { ...stage, light: { x: between(random, 0.4, 0.6), y: between(random, 0.4, 0.5) } };
  const glad = stage.mood === 'uplifting' || stage.mood === 'playful' || stage.mood === 'epic';
  const hill = () => createRidge(lit, 'hill', { base: 0.86, swing: 0.05, waves: 0.6, edges: 'smooth' });
  const group = (
    brush: Brush,
    name: string,
    count: number,
    tall: number,
    spread: number,
    y: (x: number) => number,
  ) => {
    const chance = stage.random(name);
    const start = lit.light.x - (spread * (count - 1)) / 2;
    for (let i = 0; i < count; i++) {
      const x = (start + spread * i + between(chance, -0.15, 0.15) * spread) * width;
      const poses: Pose[] = glad ? ['raise', 'stand', 'raise', 'walk'] : ['stand', 'walk', 'stand', 'point'];
      const child = chance() < 0.16 ? 0.62 : 1;
      person(brush, chance, {
        x,
        foot: y(x) + short * 0.008,
        tall: tall * child * between(chance, 0.92, 1.06),
        side: chance() < 0.5 ? -1 : 1,
        pose: pick(chance, poses),
      });
    }
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSky(brush, lit, {
            horizon: 0.78,
            disc: 'sun',
            ...(few
              ? { discSize: 0.24 }
              : { discSize: treatment.sky === 'bands' ? 0.3 : treatment.sky === 'mesh' ? 0.26 : 0.13 }),
          });
          placeProps(brush, lit, 'sky', { y: () => height * 0.22 }, { bird: 0.35 });
          if (town)
            paintSkyline(brush, lit, 'town', {
              foot: 0.76,
              tall: [0.1, 0.3],
              wide: [0.05, 0.1],
              depth: 0.28,
              lit: 0.1,
            });
          else if (!few) paintRanges(brush, lit, 'far', [{ base: 0.7, swing: 0.08, waves: 1.4, depth: 0.3 }]);
          paintMist(brush, lit, 0.6, 0.92, 0.6);
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          const ridge = createRidge(lit, 'rise', { base: 0.78, swing: 0.03, waves: 0.8, edges: 'smooth' });
          if (!few) {
            brush.fillStyle = css(airTone(lit, 0.5));
            group(brush, 'behind', 7, short * 0.15, 0.1, (x) => ridgeAt(ridge, x));
          }
          paintRidge(brush, lit, 'rise', ridge, {
            top: airTone(lit, 0.5),
            bottom: airTone(lit, 0.7),
            rough: 0.5,
            mist: 0.4,
          });
        },
      },
      {
        depth: 0.75,
        paint(brush) {
          const ridge = hill();
          brush.fillStyle = css(blend(palette.near, palette.haze, 0.03));
          const count = few ? 2 : 2 + Math.floor(random() * 4);
          group(brush, 'near', count, short * 0.42, (few ? 0.16 : 0.115) * (short / width) * 1.6, (x) =>
            ridgeAt(ridge, x),
          );
          grass(brush, lit, 'hill', ridge, { tall: 0.035, thick: 0.8, colour: airTone(lit, 0.98) });
          paintRidge(brush, lit, 'hill', ridge, {
            top: airTone(lit, 0.97),
            bottom: airTone(lit, 1),
            rough: 0.4,
          });
        },
      },
    ],
    particles: { kind: 'dust', density: 0.8 },
  };
};

export const portrait: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const right = stage.light.x > 0.5;
  const size = short * between(random, 0.5, 0.6);
  const at = {
    x: width * (width > height * 1.2 ? (right ? 0.4 : 0.6) : 0.5),
    y: height * 0.44 - size * 0.55,
  };
  const focus = { x: at.x / width + (right ? 0.12 : -0.12), y: 0.38 };
  const flat = treatment.relief < 0.2;
  const dream = !flat && random() < 0.55;
  const place = (brush: Brush) => {
    brush.translate(at.x, at.y);
    brush.scale((right ? 1 : -1) * size, size);
    traceProfile(brush, stage.random('face'));
  };
  return {
    layers: [
      {
        depth: 0.05,
        paint(brush) {
          paintBackdrop(brush, stage, focus);
          if (!flat) glow(brush, focus.x * width, focus.y * height, short * 0.8, palette.light, 0.6);
          if (treatment.sky === 'flat') {
            brush.fillStyle = css(palette.accent);
            circle(brush, focus.x * width, focus.y * height, short * 0.3);
          }
        },
      },
      {
        depth: 0.5,
        paint(brush) {
          brush.save();
          place(brush);
          brush.restore();
          const body = blend(
            palette.near,
            treatment.sky === 'clean' ? palette.accent : palette.sky[0],
            flat ? 0.1 : 0.14,
          );
          brush.save();
          brush.fillStyle = upright(brush, at.y, height, [[body], [blend(body, palette.near, 0.75)]]);
          brush.fill();
          brush.clip();
          if (dream) {
            // A landscape within the head, as in a double exposure.
            const inner = { ...stage, light: { x: focus.x, y: 0.4 } };
            brush.globalAlpha = 0.9;
            paintSky(brush, inner, { horizon: 0.56, disc: 'none', clouds: 1 });
            paintRanges(brush, inner, 'dream', [
              { base: 0.46, swing: 0.13, waves: 2.6, depth: 0.35, snow: 0.5 },
              { base: 0.56, swing: 0.08, waves: 3, depth: 0.7 },
            ]);
            brush.globalAlpha = 1;
            brush.fillStyle = upright(brush, at.y, at.y + size * 2, [
              [palette.near, 0.25],
              [palette.near, 0.75],
              [palette.near, 1],
            ]);
            brush.fillRect(0, 0, width, height);
          } else if (!flat) {
            roughen(brush, stage, 'skin', {
              lit: blend(body, palette.light, 0.3),
              shade: palette.near,
              strength: 0.25,
              size: short * 0.8,
              steep: 1,
              top: 0,
              bottom: height,
            });
          }
          if (flat) {
            // Hair and collar as plain shapes.
            brush.fillStyle = css(
              blend(
                body,
                treatment.sky === 'flat' ? palette.sky[3] : palette.accent,
                treatment.sky === 'flat' ? 0.2 : 0.75,
              ),
            );
            brush.fillRect(0, at.y + size * 1.46, width, height);
            brush.fillStyle = css(palette.near, 0.25);
            const d = right ? -1 : 1;
            circle(brush, at.x + d * size * 0.5, at.y + size * 0.35, size * 0.62);
          }
          brush.restore();
          // Light along the face.
          brush.save();
          brush.save();
          place(brush);
          brush.restore();
          brush.clip();
          const edge = brush.createLinearGradient(
            at.x + (right ? 1 : -1) * size * 0.5,
            0,
            at.x - (right ? 1 : -1) * size * 0.35,
            0,
          );
          edge.addColorStop(0, css(lighter(palette.light, 0.04), flat ? 0.7 : 1));
          edge.addColorStop(0.55, css(palette.light, flat ? 0.15 : 0.35));
          edge.addColorStop(1, css(palette.light, 0.0001));
          brush.strokeStyle = edge;
          brush.lineJoin = 'round';
          for (const [wide, alpha] of flat
            ? ([[0.022, 1]] as const)
            : ([
                [0.1, 0.14],
                [0.05, 0.25],
                [0.022, 0.9],
              ] as const)) {
            brush.globalAlpha = alpha * (0.35 + 0.65 * treatment.rim);
            brush.lineWidth = size * wide;
            brush.stroke();
          }
          brush.restore();
        },
      },
    ],
    particles: { kind: treatment.sky === 'graded' ? 'bokeh' : 'dust', density: 0.7 },
  };
};
