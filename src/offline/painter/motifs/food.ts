// Food: a laid table.
import { across, material, paintShadow, paintTable } from '../backdrop.ts';
import { blend, css, hex, white } from '../colour.ts';
import { paintGround } from '../icons/setting.ts';
import { upright } from '../pixels.ts';
import { type Brush, type MotifPainter, offCentre } from '../stage.ts';
import { leaf } from '../vegetation.ts';

export const food: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: offCentre(stage, random) * width, y: 0.78 * height };
  const side = stage.light.x < 0.5 ? 1 : -1;
  const fruit = (brush: Brush, x: number, foot: number, r: number, natural: ReturnType<typeof hex>) => {
    const { body, lit, shade } = few
      ? { body: natural, lit: natural, shade: natural }
      : material(stage, natural);
    const ball = brush.createRadialGradient(
      x - side * r * 0.4,
      foot - r * 1.35,
      r * 0.1,
      x,
      foot - r,
      r * 1.1,
    );
    ball.addColorStop(0, css(few ? body : blend(lit, white, 0.25)));
    ball.addColorStop(0.4, css(body));
    ball.addColorStop(1, css(few ? body : shade));
    brush.fillStyle = ball;
    brush.beginPath();
    brush.moveTo(x, foot - r * 1.86);
    brush.bezierCurveTo(x + r * 0.4, foot - r * 2.12, x + r * 1.08, foot - r * 1.9, x + r, foot - r);
    brush.bezierCurveTo(x + r * 0.95, foot - r * 0.2, x + r * 0.4, foot - r * 0.02, x, foot - r * 0.06);
    brush.bezierCurveTo(x - r * 0.4, foot - r * 0.02, x - r * 0.95, foot - r * 0.2, x - r, foot - r);
    brush.bezierCurveTo(x - r * 1.08, foot - r * 1.9, x - r * 0.4, foot - r * 2.12, x, foot - r * 1.86);
    brush.fill();
    brush.strokeStyle = css(palette.grade(hex('#4a3628')));
    brush.lineWidth = r * 0.09;
    brush.lineCap = 'round';
    brush.beginPath();
    brush.moveTo(x, foot - r * 1.85);
    brush.quadraticCurveTo(x + r * 0.05, foot - r * 2.15, x + r * 0.2, foot - r * 2.3);
    brush.stroke();
    brush.fillStyle = css(few ? palette.near : palette.grade(hex('#5f8f3f')));
    leaf(brush, x + r * 0.06, foot - r * 2.05, -0.45, r * 0.85);
  };
  return {
    layers: [
      {
        depth: 0,
        paint: (brush) => paintGround(brush, stage, { x: c.x / width, y: 0.46 }, 0.7),
      },
      {
        depth: 0.35,
        paint(brush) {
          paintTable(brush, stage, 0.7, hex('#8a5a38'));
          // A bottle and a loaf behind.
          const bx = c.x + side * short * 0.36;
          paintShadow(brush, stage, bx, height * 0.745, short * 0.1);
          brush.fillStyle = across(
            brush,
            stage,
            bx - short * 0.06,
            bx + short * 0.06,
            few ? palette.second : hex('#3f5d3c'),
          );
          brush.beginPath();
          brush.moveTo(bx - short * 0.058, height * 0.745);
          brush.lineTo(bx - short * 0.058, height * 0.745 - short * 0.24);
          brush.bezierCurveTo(
            bx - short * 0.055,
            height * 0.745 - short * 0.3,
            bx - short * 0.02,
            height * 0.745 - short * 0.3,
            bx - short * 0.02,
            height * 0.745 - short * 0.36,
          );
          brush.lineTo(bx - short * 0.02, height * 0.745 - short * 0.43);
          brush.lineTo(bx + short * 0.02, height * 0.745 - short * 0.43);
          brush.lineTo(bx + short * 0.02, height * 0.745 - short * 0.36);
          brush.bezierCurveTo(
            bx + short * 0.02,
            height * 0.745 - short * 0.3,
            bx + short * 0.055,
            height * 0.745 - short * 0.3,
            bx + short * 0.058,
            height * 0.745 - short * 0.24,
          );
          brush.lineTo(bx + short * 0.058, height * 0.745);
          brush.fill();
          brush.fillStyle = css(blend(palette.grade(hex('#efe2c4')), palette.near, 0.08));
          brush.fillRect(bx - short * 0.058, height * 0.745 - short * 0.2, short * 0.116, short * 0.11);
          const lx = c.x - side * short * 0.37;
          const { body, lit, shade } = material(stage, few ? palette.near : hex('#b8783f'));
          paintShadow(brush, stage, lx, height * 0.755, short * 0.17);
          brush.fillStyle = upright(brush, height * 0.755 - short * 0.13, height * 0.755, [
            [lit],
            [body],
            [shade],
          ]);
          brush.beginPath();
          brush.ellipse(lx, height * 0.755 - short * 0.06, short * 0.15, short * 0.068, 0, 0, 7);
          brush.fill();
          brush.strokeStyle = css(blend(lit, white, 0.35), 0.8);
          brush.lineWidth = short * 0.012;
          for (const k of [-1, 0, 1]) {
            brush.beginPath();
            brush.moveTo(lx + k * short * 0.075 - short * 0.02, height * 0.755 - short * 0.105);
            brush.lineTo(lx + k * short * 0.075 + short * 0.02, height * 0.755 - short * 0.075);
            brush.stroke();
          }
        },
      },
      {
        depth: 0.65,
        paint(brush) {
          const w = short * 0.29;
          const rim = c.y - short * 0.16;
          paintShadow(brush, stage, c.x, c.y + short * 0.035, short * 0.34);
          // Fruit in a bowl.
          const reds = few
            ? [palette.accent, palette.second, palette.accent]
            : [hex('#c4352c'), hex('#e39a2d'), hex('#8fae3a')];
          for (const [i, dx] of [-0.55, 0.58, 0.02].entries())
            fruit(
              brush,
              c.x + dx * w * 0.85,
              rim + short * 0.04 - (i === 2 ? short * 0.035 : 0),
              short * 0.085,
              reds[i]!,
            );
          brush.fillStyle = across(brush, stage, c.x - w, c.x + w, few ? palette.near : hex('#e8ddc8'));
          brush.beginPath();
          brush.moveTo(c.x - w, rim);
          brush.bezierCurveTo(
            c.x - w * 0.95,
            rim + short * 0.14,
            c.x - w * 0.45,
            c.y + short * 0.025,
            c.x - w * 0.3,
            c.y + short * 0.03,
          );
          brush.lineTo(c.x + w * 0.3, c.y + short * 0.03);
          brush.bezierCurveTo(
            c.x + w * 0.45,
            c.y + short * 0.025,
            c.x + w * 0.95,
            rim + short * 0.14,
            c.x + w,
            rim,
          );
          brush.quadraticCurveTo(c.x, rim + short * 0.06, c.x - w, rim);
          brush.fill();
          brush.strokeStyle = css(palette.accent, 0.85);
          brush.lineWidth = short * 0.008;
          brush.beginPath();
          brush.moveTo(c.x - w * 0.94, rim + short * 0.045);
          brush.quadraticCurveTo(c.x, rim + short * 0.105, c.x + w * 0.94, rim + short * 0.045);
          brush.stroke();
          // Steam of the cup at its side.
          const cx = c.x - side * short * 0.33;
          const foot = height * 0.87;
          paintShadow(brush, stage, cx, foot, short * 0.13);
          brush.strokeStyle = brush.fillStyle = across(
            brush,
            stage,
            cx - short * 0.08,
            cx + short * 0.08,
            few ? palette.accent : hex('#d9e0e0'),
          );
          brush.beginPath();
          brush.moveTo(cx - short * 0.08, foot - short * 0.12);
          brush.quadraticCurveTo(cx - short * 0.075, foot, cx - short * 0.035, foot);
          brush.lineTo(cx + short * 0.035, foot);
          brush.quadraticCurveTo(cx + short * 0.075, foot, cx + short * 0.08, foot - short * 0.12);
          brush.fill();
          brush.lineWidth = short * 0.014;
          brush.beginPath();
          brush.arc(cx - side * short * 0.085, foot - short * 0.072, short * 0.032, 0, 7);
          brush.stroke();
          brush.fillStyle = css(palette.grade(hex('#4a2c1c')));
          brush.beginPath();
          brush.ellipse(cx, foot - short * 0.12, short * 0.079, short * 0.016, 0, 0, 7);
          brush.fill();
          if (few) return;
          brush.lineCap = 'round';
          for (const [i, dx] of [-0.025, 0.012, 0.04].entries()) {
            brush.strokeStyle = upright(brush, foot - short * 0.34, foot - short * 0.13, [
              [palette.light, 0],
              [palette.light, 0.4],
            ]);
            brush.lineWidth = short * 0.012;
            brush.beginPath();
            const x = cx + dx * short;
            brush.moveTo(x, foot - short * 0.14);
            brush.bezierCurveTo(
              x + short * 0.03,
              foot - short * 0.19,
              x - short * 0.035,
              foot - short * 0.24,
              x + short * 0.01,
              foot - short * (0.3 + 0.02 * i),
            );
            brush.stroke();
          }
        },
      },
    ],
    particles: { kind: few ? 'dust' : 'bokeh', density: few ? 0.1 : 0.6 },
  };
};
