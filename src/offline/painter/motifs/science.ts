// Science: a bench with flasks, or an atom.
import { between, type Random } from '../../../domain/random.ts';
import { material, paintShadow, paintTable } from '../backdrop.ts';
import { blend, type Colour, css, hex, lighter, white } from '../colour.ts';
import { isPainterly, paintGround } from '../icons/setting.ts';
import { circle, glow, upright } from '../pixels.ts';
import { type Brush, glowing, type MotifPainter, offCentre, type Stage } from '../stage.ts';

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
  // Nobody has seen an atom stand on a bench.
  const atom = random() < 0.4 && !isPainterly(stage);
  const c = { x: offCentre(stage, random) * width, y: 0.43 * height };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintGround(brush, stage, { x: c.x / width, y: 0.43 }, 0.76);
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
          // Before the bright disc of bold styles only dark rings show.
          const bold = treatment.sky === 'bands' || treatment.sky === 'mesh';
          const lit = glowing(stage) && !bold;
          brush.strokeStyle = css(lit ? blend(palette.second, palette.light, 0.35) : palette.near, 0.95);
          brush.lineWidth = short * (bold ? 0.013 : 0.009);
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
                c.x + Math.cos(a) * short * 0.042 * (i > 0 ? 1 : 0),
                c.y + Math.sin(a) * short * 0.042,
                short * 0.038,
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
              circle(brush, x, y, short * 0.024);
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
