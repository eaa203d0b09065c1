// Science, health, education and ideas, shown by their things.
import { between, type Random } from '../../../sound/random.ts';
import { across, material, paintBackdrop, paintShadow, paintTable } from '../backdrop.ts';
import { blend, type Colour, css, hex, lighter, white } from '../colour.ts';
import { glow, upright } from '../pixels.ts';
import { circle } from '../sky.ts';
import type { Brush, MotifPainter, Stage } from '../stage.ts';
import { polygon } from '../vehicles.ts';

/** Balls and rods of a molecule around a place. */
function molecule(
  brush: Brush,
  stage: Stage,
  random: Random,
  x: number,
  y: number,
  size: number,
  alpha: number,
): void {
  const { palette } = stage;
  const atoms: [number, number, number][] = [[x, y, size * 0.3]];
  for (let k = 0; k < 5; k++) {
    const a = (k / 5) * Math.PI * 2 + random();
    atoms.push([x + Math.cos(a) * size, y + Math.sin(a) * size, size * between(random, 0.14, 0.25)]);
  }
  brush.globalAlpha = alpha;
  brush.strokeStyle = css(blend(palette.light, palette.haze, 0.5));
  brush.lineWidth = size * 0.07;
  for (const [ax, ay] of atoms.slice(1)) {
    brush.beginPath();
    brush.moveTo(x, y);
    brush.lineTo(ax, ay);
    brush.stroke();
  }
  for (const [i, [ax, ay, r]] of atoms.entries()) {
    const tone = [palette.accent, palette.second, palette.light][i % 3]!;
    const ball = brush.createRadialGradient(ax - r * 0.35, ay - r * 0.4, r * 0.1, ax, ay, r);
    ball.addColorStop(0, css(lighter(blend(tone, white, 0.45), 0)));
    ball.addColorStop(0.5, css(tone));
    ball.addColorStop(1, css(blend(tone, palette.near, 0.45)));
    brush.fillStyle = ball;
    circle(brush, ax, ay, r);
  }
  brush.globalAlpha = 1;
}

/** A conical flask, standing at its foot, with what is in it. */
function flask(
  brush: Brush,
  stage: Stage,
  x: number,
  foot: number,
  tall: number,
  liquid: Colour,
  random: Random,
): void {
  const { palette, treatment } = stage;
  const outline = () => {
    brush.beginPath();
    brush.moveTo(x - tall * 0.11, foot - tall);
    brush.lineTo(x - tall * 0.11, foot - tall * 0.62);
    brush.lineTo(x - tall * 0.39, foot - tall * 0.08);
    brush.quadraticCurveTo(x - tall * 0.41, foot, x - tall * 0.32, foot);
    brush.lineTo(x + tall * 0.32, foot);
    brush.quadraticCurveTo(x + tall * 0.41, foot, x + tall * 0.39, foot - tall * 0.08);
    brush.lineTo(x + tall * 0.11, foot - tall * 0.62);
    brush.lineTo(x + tall * 0.11, foot - tall);
  };
  brush.save();
  outline();
  brush.fillStyle = css(blend(palette.light, white, 0.4), 0.16);
  brush.fill();
  brush.clip();
  brush.fillStyle = upright(brush, foot - tall * 0.45, foot, [
    [blend(liquid, palette.light, 0.35)],
    [liquid],
    [blend(liquid, palette.near, 0.35)],
  ]);
  brush.fillRect(x - tall, foot - tall * 0.42, tall * 2, tall);
  brush.fillStyle = css(blend(liquid, white, 0.55));
  brush.beginPath();
  brush.ellipse(x, foot - tall * 0.42, tall * 0.22, tall * 0.03, 0, 0, 7);
  brush.fill();
  for (let i = 0; i < 12; i++) {
    brush.fillStyle = css(white, 0.4);
    circle(
      brush,
      x + tall * between(random, -0.22, 0.22),
      foot - tall * between(random, 0.03, 0.4),
      tall * between(random, 0.008, 0.028),
    );
  }
  brush.restore();
  brush.strokeStyle = css(
    blend(palette.light, treatment.sky === 'flat' || treatment.sky === 'clean' ? palette.near : white, 0.55),
    0.9,
  );
  brush.lineWidth = tall * 0.018;
  brush.lineJoin = 'round';
  outline();
  brush.stroke();
  brush.beginPath();
  brush.roundRect(x - tall * 0.145, foot - tall * 1.03, tall * 0.29, tall * 0.045, tall * 0.02);
  brush.fillStyle = css(blend(palette.light, palette.haze, 0.35));
  brush.fill();
  brush.strokeStyle = css(white, 0.65);
  brush.lineWidth = tall * 0.014;
  brush.beginPath();
  brush.moveTo(x - tall * 0.27, foot - tall * 0.1);
  brush.lineTo(x - tall * 0.09, foot - tall * 0.5);
  brush.stroke();
  if (treatment.glow > 0.4) glow(brush, x, foot - tall * 0.22, tall * 0.75, liquid, 0.5);
}

export const science: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const atom = random() < 0.4;
  const c = { x: between(random, 0.44, 0.56) * width, y: 0.43 * height };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: c.x / width, y: 0.43 });
          if (few) return;
          const far = stage.random('far');
          for (let i = 0; i < 5; i++)
            molecule(
              brush,
              stage,
              far,
              width * far(),
              height * between(far, 0.08, 0.7),
              short * between(far, 0.03, 0.06),
              0.28,
            );
        },
      },
      {
        depth: 0.35,
        paint(brush) {
          if (!atom) {
            paintTable(brush, stage, 0.76, hex('#8b98a3'));
            // Tubes in a rack behind.
            const chance = stage.random('tubes');
            const x0 = c.x + (stage.light.x < 0.5 ? 1 : -1) * short * 0.34;
            for (let i = 0; i < (few ? 3 : 5); i++) {
              const x = x0 + (i - 2) * short * 0.058;
              const y = height * 0.77;
              brush.fillStyle = css(blend(palette.light, white, 0.5), 0.3);
              brush.beginPath();
              brush.roundRect(x - short * 0.018, y - short * 0.27, short * 0.036, short * 0.27, [
                0,
                0,
                short * 0.018,
                short * 0.018,
              ]);
              brush.fill();
              const fill = short * between(chance, 0.08, 0.2);
              brush.fillStyle = css(
                [palette.accent, palette.second, blend(palette.accent, palette.second, 0.5)][i % 3]!,
                0.92,
              );
              brush.beginPath();
              brush.roundRect(x - short * 0.014, y - fill, short * 0.028, fill - short * 0.004, [
                0,
                0,
                short * 0.014,
                short * 0.014,
              ]);
              brush.fill();
            }
            brush.fillStyle = css(blend(material(stage, hex('#8a6a4a')).body, palette.near, 0.25));
            brush.fillRect(x0 - short * 0.17, height * 0.77 - short * 0.14, short * 0.34, short * 0.03);
            brush.fillRect(x0 - short * 0.17, height * 0.77 - short * 0.02, short * 0.34, short * 0.03);
            return;
          }
          const wire = treatment.glow > 0.4 ? blend(palette.second, palette.light, 0.35) : palette.near;
          brush.strokeStyle = css(wire, 0.9);
          brush.lineWidth = short * 0.0055;
          for (let k = 0; k < 3; k++) {
            brush.beginPath();
            brush.ellipse(c.x, c.y, short * 0.33, short * 0.12, (k * Math.PI) / 3 + 0.3, 0, 7);
            brush.stroke();
          }
        },
      },
      {
        depth: 0.65,
        paint(brush) {
          const chance = stage.random('close');
          if (atom) {
            if (treatment.glow > 0.3) glow(brush, c.x, c.y, short * 0.35, palette.light, 0.85);
            for (let i = 0; i < 9; i++) {
              const a = (i / 9) * 7;
              const tone = i % 2 ? palette.accent : palette.second;
              const [x, y, r] = [
                c.x + Math.cos(a) * short * 0.032 * (i > 0 ? 1 : 0),
                c.y + Math.sin(a) * short * 0.032,
                short * 0.03,
              ];
              const ball = brush.createRadialGradient(x - r * 0.3, y - r * 0.3, 0, x, y, r);
              ball.addColorStop(0, css(blend(tone, white, 0.6)));
              ball.addColorStop(1, css(blend(tone, palette.near, 0.3)));
              brush.fillStyle = ball;
              circle(brush, x, y, r);
            }
            for (let k = 0; k < 3; k++) {
              const turn = (k * Math.PI) / 3 + 0.3;
              const at = between(chance, 0, 6.28);
              const [ex, ey] = [Math.cos(at) * short * 0.33, Math.sin(at) * short * 0.12];
              const [x, y] = [
                c.x + ex * Math.cos(turn) - ey * Math.sin(turn),
                c.y + ex * Math.sin(turn) + ey * Math.cos(turn),
              ];
              brush.fillStyle = css(palette.accent);
              circle(brush, x, y, short * 0.018);
              if (treatment.glow > 0.3) glow(brush, x, y, short * 0.1, palette.light, 0.9);
            }
          } else {
            paintShadow(brush, stage, c.x, height * 0.81, short * 0.3);
            flask(brush, stage, c.x, height * 0.815, short * 0.48, palette.accent, chance);
            const x = c.x - (stage.light.x < 0.5 ? 1 : -1) * short * 0.32;
            paintShadow(brush, stage, x, height * 0.83, short * 0.18);
            flask(brush, stage, x, height * 0.835, short * 0.28, palette.second, chance);
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.5 },
  };
};

export const health: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const grey = Math.hypot(palette.accent[1], palette.accent[2]) < 0.02;
  const red = few || grey ? palette.accent : blend(palette.grade(hex('#e23b4e')), palette.accent, 0.25);
  const c = { x: between(random, 0.46, 0.54) * width, y: 0.42 * height };
  const beat = (x: number) => {
    const t = (((x / short) * 1.7 + 0.13) % 1) - 0.5;
    const spike = (at: number, high: number, wide: number) => high * Math.exp(-(((t - at) / wide) ** 2));
    return (
      spike(-0.2, 0.12, 0.035) +
      spike(-0.035, -0.16, 0.012) +
      spike(0, 1, 0.016) +
      spike(0.035, -0.34, 0.014) +
      spike(0.22, 0.2, 0.05)
    );
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: c.x / width, y: 0.42 });
          if (few) return;
          const chance = stage.random('crosses');
          brush.fillStyle = css(treatment.sky === 'clean' ? palette.accent : palette.light, 0.11);
          for (let i = 0; i < 12; i++) {
            const s = short * between(chance, 0.015, 0.05);
            const [x, y] = [width * chance(), height * chance()];
            brush.fillRect(x - s, y - s * 0.32, s * 2, s * 0.64);
            brush.fillRect(x - s * 0.32, y - s, s * 0.64, s * 2);
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          const r = short * 0.27;
          const heart = (scale: number, dx = 0, dy = 0) => {
            brush.beginPath();
            const [x, y, s] = [c.x + dx, c.y + dy, r * scale];
            brush.moveTo(x, y + s * 0.95);
            brush.bezierCurveTo(
              x - s * 0.35,
              y + s * 0.6,
              x - s * 1.12,
              y + s * 0.2,
              x - s * 1.04,
              y - s * 0.36,
            );
            brush.bezierCurveTo(x - s * 0.96, y - s * 0.95, x - s * 0.22, y - s * 0.95, x, y - s * 0.38);
            brush.bezierCurveTo(
              x + s * 0.22,
              y - s * 0.95,
              x + s * 0.96,
              y - s * 0.95,
              x + s * 1.04,
              y - s * 0.36,
            );
            brush.bezierCurveTo(x + s * 1.12, y + s * 0.2, x + s * 0.35, y + s * 0.6, x, y + s * 0.95);
            brush.closePath();
          };
          if (treatment.glow > 0.3) glow(brush, c.x, c.y, short * 0.75, red, 0.6);
          if (treatment.sky !== 'flat') {
            brush.fillStyle = css(palette.near, 0.3);
            heart(1, short * 0.014, short * 0.022);
            brush.fill();
          }
          const body = brush.createRadialGradient(c.x - r * 0.45, c.y - r * 0.5, r * 0.1, c.x, c.y, r * 1.35);
          body.addColorStop(0, css(few ? red : blend(red, white, 0.42)));
          body.addColorStop(0.4, css(red));
          body.addColorStop(1, css(few ? red : blend(red, palette.near, 0.5)));
          brush.fillStyle = body;
          heart(1);
          brush.fill();
          if (few) return;
          brush.strokeStyle = css(white, 0.35);
          brush.lineWidth = r * 0.05;
          brush.lineCap = 'round';
          brush.beginPath();
          brush.arc(c.x - r * 0.5, c.y - r * 0.28, r * 0.36, Math.PI * 0.95, Math.PI * 1.5);
          brush.stroke();
        },
      },
      {
        depth: 0.7,
        paint(brush) {
          const dark = grey ? palette.near[0] > 0.4 : treatment.sky === 'clean' || few;
          const tone = dark ? palette.near : lighter(blend(palette.light, white, 0.4), 0.04);
          for (const [wide, alpha] of treatment.glow > 0.3
            ? ([
                [0.03, 0.12],
                [0.016, 0.22],
                [0.0065, 1],
              ] as const)
            : ([[0.007, 1]] as const)) {
            brush.strokeStyle = css(tone, alpha);
            brush.lineWidth = short * wide;
            brush.lineJoin = brush.lineCap = 'round';
            brush.beginPath();
            for (let x = 0; x <= width; x += 2)
              brush.lineTo(x, c.y + short * 0.04 - beat(x - c.x + short * 0.3) * short * 0.17);
            brush.stroke();
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.4 },
  };
};

/** A closed book lying flat, seen from its spine. */
function book(
  brush: Brush,
  stage: Stage,
  x: number,
  y: number,
  wide: number,
  thick: number,
  tone: Colour,
): void {
  const { body, lit, shade } = material(stage, tone);
  brush.fillStyle = upright(brush, y - thick, y, [[lit], [body], [shade]]);
  brush.beginPath();
  brush.roundRect(x - wide / 2, y - thick, wide, thick, thick * 0.16);
  brush.fill();
  brush.fillStyle = css(blend(stage.palette.grade(hex('#efe6d2')), stage.palette.near, 0.12));
  brush.fillRect(x + wide * 0.36, y - thick * 0.86, wide * 0.13, thick * 0.72);
  brush.fillStyle = css(blend(lit, stage.palette.accent, 0.5), 0.8);
  for (const at of [-0.38, -0.3]) brush.fillRect(x + wide * at, y - thick, wide * 0.025, thick);
}

export const education: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: between(random, 0.44, 0.56) * width, y: 0.72 * height };
  const page = palette.grade(hex('#f4ead6'));
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: c.x / width, y: 0.42 });
          if (few || treatment.sky === 'clean' || treatment.sky === 'mesh' || treatment.sky === 'bands')
            return;
          // Shelves of books in the dark behind.
          brush.fillStyle = css(palette.near, 0.45);
          brush.fillRect(0, 0, width, height);
          const shelf = stage.random('shelf');
          for (let row = 0; row < 4; row++) {
            const y = height * (0.17 + row * 0.185);
            for (let x = -short * 0.02; x < width; ) {
              const w = short * between(shelf, 0.014, 0.034);
              const h = short * between(shelf, 0.1, 0.145);
              const tone = palette.grade(
                [hex('#7a4a3a'), hex('#3f5a68'), hex('#8a7444'), hex('#54623f'), hex('#6a4558')][
                  Math.floor(shelf() * 5)
                ]!,
              );
              const away = Math.min(1, Math.hypot((x - c.x) / short, (y - height * 0.42) / short) * 0.9);
              brush.fillStyle = css(
                blend(blend(tone, palette.sky[1], 0.3), palette.near, 0.3 + 0.5 * away),
                0.85,
              );
              if (shelf() > 0.07) brush.fillRect(x, y - h, w * 0.94, h);
              x += w;
            }
            brush.fillStyle = css(palette.near, 0.85);
            brush.fillRect(0, y, width, short * 0.014);
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          paintTable(brush, stage, 0.76, hex('#7b5236'));
          const tones = [hex('#9c3d34'), hex('#2f5d73'), hex('#c08a3e'), hex('#4d6b48')];
          paintShadow(brush, stage, c.x, height * 0.845, short * 0.4);
          let y = height * 0.845;
          for (let i = 0; i < 3; i++) {
            const thick = short * between(random, 0.05, 0.066);
            const tone = few
              ? ([palette.near, palette.second, palette.near] as const)[i]!
              : tones[(i + Math.floor(random() * 4)) % 4]!;
            book(
              brush,
              stage,
              c.x + short * between(random, -0.02, 0.02),
              y,
              short * between(random, 0.5, 0.6),
              thick,
              tone,
            );
            y -= thick;
          }
          c.y = y;
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          const w = short * 0.33;
          const y = c.y;
          if (treatment.glow > 0.3) glow(brush, c.x, y - short * 0.12, short * 0.55, palette.light, 0.7);
          // The open book.
          for (const side of [-1, 1]) {
            for (let k = 3; k >= 0; k--) {
              const lift = short * (0.052 + k * 0.012);
              const sheet = blend(
                page,
                palette.near,
                0.07 * k + (side === (stage.light.x < 0.5 ? 1 : -1) ? 0.14 : 0),
              );
              brush.fillStyle = css(sheet);
              brush.beginPath();
              brush.moveTo(c.x, y - short * 0.012);
              brush.bezierCurveTo(
                c.x + side * w * 0.25,
                y - lift * 1.9,
                c.x + side * w * 0.7,
                y - lift * 1.5,
                c.x + side * w * (1 - k * 0.012),
                y - lift * 1.1 + k * short * 0.012,
              );
              brush.lineTo(c.x + side * w * 1.03, y - short * 0.006 + 0);
              brush.bezierCurveTo(
                c.x + side * w * 0.7,
                y - short * 0.03,
                c.x + side * w * 0.25,
                y - short * 0.025,
                c.x,
                y + short * 0.008,
              );
              brush.fill();
            }
            brush.strokeStyle = css(palette.near, 0.35);
            brush.lineWidth = short * 0.0024;
            for (let k = 0; k < 4; k++) {
              brush.beginPath();
              const d = short * (0.015 + k * 0.013);
              brush.moveTo(c.x + side * w * 0.1, y - short * 0.075 + d);
              brush.bezierCurveTo(
                c.x + side * w * 0.3,
                y - short * 0.11 + d,
                c.x + side * w * 0.6,
                y - short * 0.095 + d,
                c.x + side * w * 0.88,
                y - short * 0.072 + d,
              );
              brush.stroke();
            }
          }
          // A graduate's cap floats over it.
          const [cx, cy, s] = [c.x, y - short * 0.31, short * 0.17];
          const cloth = few ? palette.near : blend(palette.near, palette.accent, 0.12);
          brush.fillStyle = css(blend(cloth, palette.light, 0.1));
          polygon(brush, [
            [cx - s * 0.55, cy + s * 0.08],
            [cx - s * 0.55, cy + s * 0.45],
            [cx - s * 0.25, cy + s * 0.58],
            [cx + s * 0.25, cy + s * 0.58],
            [cx + s * 0.55, cy + s * 0.45],
            [cx + s * 0.55, cy + s * 0.08],
          ]);
          brush.fillStyle = css(cloth);
          polygon(brush, [
            [cx, cy - s * 0.42],
            [cx + s * 1.1, cy],
            [cx, cy + s * 0.42],
            [cx - s * 1.1, cy],
          ]);
          brush.strokeStyle = css(palette.light, 0.6);
          brush.lineWidth = s * 0.02;
          brush.beginPath();
          brush.moveTo(cx - s * 1.1, cy);
          brush.lineTo(cx, cy - s * 0.42);
          brush.lineTo(cx + s * 1.1, cy);
          brush.stroke();
          brush.strokeStyle = brush.fillStyle = css(palette.accent);
          brush.lineWidth = s * 0.04;
          brush.beginPath();
          brush.moveTo(cx, cy);
          brush.quadraticCurveTo(cx + s * 0.6, cy + s * 0.06, cx + s * 0.86, cy + s * 0.14);
          brush.lineTo(cx + s * 0.86, cy + s * 0.52);
          brush.stroke();
          polygon(brush, [
            [cx + s * 0.82, cy + s * 0.48],
            [cx + s * 0.9, cy + s * 0.48],
            [cx + s * 0.96, cy + s * 0.78],
            [cx + s * 0.76, cy + s * 0.78],
          ]);
        },
      },
    ],
    particles: { kind: 'dust', density: 0.7 },
  };
};

export const idea: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: between(random, 0.44, 0.56) * width, y: 0.4 * height };
  const r = short * 0.19;
  const warm = few ? palette.accent : blend(palette.light, palette.grade(hex('#ffd35c')), 0.5);
  return {
    layers: [
      {
        depth: 0,
        paint: (brush) => paintBackdrop(brush, stage, { x: c.x / width, y: c.y / height }),
      },
      {
        depth: 0.3,
        paint(brush) {
          // Rays.
          const rays = few ? 8 : 16;
          const drawn = treatment.glow < 0.4;
          brush.lineCap = 'round';
          for (let i = 0; i < rays; i++) {
            const a = (i / rays) * Math.PI * 2 + 0.1;
            if (Math.abs(a - Math.PI / 2) < 0.42) continue;
            const from = r * 1.45;
            const to = r * (i % 2 ? 1.85 : 2.2);
            brush.strokeStyle = css(treatment.sky === 'clean' ? palette.second : warm, drawn ? 1 : 0.6);
            brush.lineWidth = r * (drawn ? 0.06 : 0.035);
            brush.beginPath();
            brush.moveTo(c.x + Math.cos(a) * from, c.y + Math.sin(a) * from);
            brush.lineTo(c.x + Math.cos(a) * to, c.y + Math.sin(a) * to);
            brush.stroke();
          }
          if (!drawn) glow(brush, c.x, c.y, short * 0.7, warm, 0.85);
        },
      },
      {
        depth: 0.55,
        paint(brush) {
          const bulb = () => {
            brush.beginPath();
            brush.arc(c.x, c.y, r, Math.PI * 0.78, Math.PI * 2.22);
            brush.bezierCurveTo(
              c.x + r * 0.5,
              c.y + r * 0.95,
              c.x + r * 0.4,
              c.y + r * 1.05,
              c.x + r * 0.38,
              c.y + r * 1.3,
            );
            brush.lineTo(c.x - r * 0.38, c.y + r * 1.3);
            brush.bezierCurveTo(
              c.x - r * 0.4,
              c.y + r * 1.05,
              c.x - r * 0.5,
              c.y + r * 0.95,
              c.x + Math.cos(Math.PI * 0.78) * r,
              c.y + Math.sin(Math.PI * 0.78) * r,
            );
            brush.closePath();
          };
          const glass = brush.createRadialGradient(c.x, c.y + r * 0.1, 0, c.x, c.y, r * 1.1);
          glass.addColorStop(0, css(few ? warm : lighter(blend(warm, white, 0.6), 0.02)));
          glass.addColorStop(0.5, css(warm, few ? 1 : 0.9));
          glass.addColorStop(1, css(few ? warm : blend(warm, palette.accent, 0.3), few ? 1 : 0.72));
          brush.fillStyle = glass;
          bulb();
          brush.fill();
          brush.strokeStyle = css(blend(palette.near, warm, 0.35), few ? 0 : 0.75);
          brush.lineWidth = r * 0.03;
          brush.stroke();
          // Filament.
          brush.strokeStyle = css(few ? palette.near : blend(palette.near, palette.accent, 0.35));
          brush.lineWidth = r * 0.045;
          brush.lineJoin = brush.lineCap = 'round';
          brush.beginPath();
          brush.moveTo(c.x - r * 0.14, c.y + r * 1.25);
          brush.lineTo(c.x - r * 0.34, c.y + r * 0.12);
          for (let k = 0; k <= 4; k++)
            brush.lineTo(c.x + r * (-0.34 + 0.17 * k), c.y + r * (k % 2 ? -0.12 : 0.12));
          brush.lineTo(c.x + r * 0.14, c.y + r * 1.25);
          brush.stroke();
          // Shine, thread, foot.
          if (!few) {
            brush.strokeStyle = css(white, 0.75);
            brush.lineWidth = r * 0.06;
            brush.beginPath();
            brush.arc(c.x, c.y, r * 0.78, Math.PI * 1.08, Math.PI * 1.42);
            brush.stroke();
          }
          brush.fillStyle = across(
            brush,
            stage,
            c.x - r * 0.4,
            c.x + r * 0.4,
            few ? palette.second : hex('#8d929b'),
          );
          for (let k = 0; k < 4; k++) {
            brush.beginPath();
            brush.roundRect(
              c.x - r * (0.4 - k * 0.012),
              c.y + r * (1.3 + k * 0.145),
              r * (0.8 - k * 0.024),
              r * 0.115,
              r * 0.05,
            );
            brush.fill();
          }
          brush.fillStyle = css(palette.near);
          polygon(brush, [
            [c.x - r * 0.28, c.y + r * 1.88],
            [c.x + r * 0.28, c.y + r * 1.88],
            [c.x + r * 0.12, c.y + r * 2.04],
            [c.x - r * 0.12, c.y + r * 2.04],
          ]);
        },
      },
      {
        depth: 0.85,
        paint(brush) {
          const chance = stage.random('sparks');
          for (let i = 0; i < (few ? 4 : 26); i++) {
            const a = chance() * 7;
            const d = short * between(chance, 0.3, 0.62);
            const [x, y] = [c.x + Math.cos(a) * d * 1.25, c.y + Math.sin(a) * d * 0.8];
            const s = short * between(chance, 0.004, 0.011);
            brush.fillStyle = css([warm, palette.accent, palette.second][i % 3]!, 0.9);
            circle(brush, x, y, s);
            if (treatment.glow > 0.4) glow(brush, x, y, s * 5, warm, 0.6);
          }
        },
      },
    ],
    particles: { kind: 'bokeh', density: few ? 0.1 : 0.6 },
  };
};
