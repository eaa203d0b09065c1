// Time: a clock before its wheels, or an hourglass.
import { between, pick } from '../../../domain/random.ts';
import { across, material, paintBackdrop } from '../backdrop.ts';
import { blend, css, hex, white } from '../colour.ts';
import { circle } from '../pixels.ts';
import { type Brush, type MotifPainter, offCentre } from '../stage.ts';
import { hourglass } from './hourglass.ts';

export const time: MotifPainter = (stage) =>
  stage.random('kind')() < 0.35 ? hourglass(stage) : clock(stage);

const clock: MotifPainter = (stage) => {
  const { palette, width, height, short, treatment } = stage;
  const random = stage.random('plan');
  const few = treatment.detail < 0.3;
  const c = { x: offCentre(stage, random) * width, y: 0.43 * height };
  const r = short * 0.3;
  const face = few ? palette.sky[3] : palette.grade(hex('#f3e8d2'));
  const metal = few ? palette.near : hex('#b08a4a');
  const hours = random() * 12;
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: c.x / width, y: c.y / height });
          if (treatment.relief < 0.5) return;
          // Wheels in the dark behind.
          for (const [dx, dy, size, teeth] of [
            [-0.5, 0.16, 0.24, 22],
            [0.52, -0.14, 0.3, 28],
            [0.38, 0.34, 0.16, 16],
          ] as const) {
            brush.fillStyle = css(blend(material(stage, hex('#8a6a3a')).shade, palette.sky[1], 0.35), 0.55);
            wheel(brush, c.x + dx * short, c.y + dy * short, size * short, teeth, random());
          }
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          if (!few) {
            brush.fillStyle = css(palette.near, 0.35);
            circle(brush, c.x + r * 0.05, c.y + r * 0.08, r * 1.1);
          }
          brush.fillStyle = across(brush, stage, c.x - r, c.x + r, metal);
          circle(brush, c.x, c.y, r * 1.1);
          const dial = brush.createRadialGradient(c.x - r * 0.25, c.y - r * 0.3, r * 0.1, c.x, c.y, r * 1.05);
          dial.addColorStop(0, css(few ? face : blend(face, palette.light, 0.35)));
          dial.addColorStop(0.7, css(face));
          dial.addColorStop(1, css(few ? face : blend(face, palette.near, 0.42)));
          brush.fillStyle = dial;
          circle(brush, c.x, c.y, r);
          brush.fillStyle = css(palette.near, 0.92);
          for (let i = 0; i < 60; i++) {
            if (i % 5 && few) continue;
            brush.save();
            brush.translate(c.x, c.y);
            brush.rotate((i / 60) * Math.PI * 2);
            if (i % 15 === 0) brush.fillRect(-r * 0.022, -r * 0.93, r * 0.044, r * 0.17);
            else if (i % 5 === 0) brush.fillRect(-r * 0.014, -r * 0.93, r * 0.028, r * 0.12);
            else brush.fillRect(-r * 0.005, -r * 0.93, r * 0.01, r * 0.045);
            brush.restore();
          }
        },
      },
      {
        depth: 0.55,
        paint(brush) {
          const hand = (angle: number, long: number, wide: number, colour: string) => {
            brush.save();
            brush.translate(c.x, c.y);
            brush.rotate(angle);
            brush.fillStyle = colour;
            brush.beginPath();
            brush.moveTo(-wide, r * 0.16);
            brush.lineTo(-wide * 1.2, -long * 0.3);
            brush.lineTo(0, -long);
            brush.lineTo(wide * 1.2, -long * 0.3);
            brush.lineTo(wide, r * 0.16);
            brush.fill();
            brush.restore();
          };
          const turn = Math.PI * 2;
          hand((hours / 12) * turn, r * 0.54, r * 0.032, css(palette.near));
          hand((hours % 1) * turn, r * 0.82, r * 0.022, css(palette.near));
          hand(((hours * 60) % 1) * turn, r * 0.86, r * 0.008, css(palette.accent));
          brush.fillStyle = css(palette.accent);
          circle(brush, c.x, c.y, r * 0.045);
          if (few) return;
          // Glass.
          brush.save();
          brush.beginPath();
          brush.arc(c.x, c.y, r, 0, 7);
          brush.clip();
          brush.fillStyle = css(white, 0.1);
          brush.beginPath();
          brush.ellipse(c.x - r * 0.3, c.y - r * 0.7, r * 1.1, r * 0.62, -0.4, 0, 7);
          brush.fill();
          brush.restore();
        },
      },
      {
        depth: 0.9,
        paint(brush) {
          if (few) return;
          // An hourglass's sand, drifting past.
          const chance = stage.random('sand');
          for (let i = 0; i < 90; i++) {
            const x = width * chance();
            const y =
              height *
              (0.5 + 0.3 * Math.sin((x / width) * 4 + 1) + between(chance, -0.1, 0.1) * (0.4 + chance()));
            brush.fillStyle = css(
              pick(chance, [palette.light, palette.second, palette.accent]),
              between(chance, 0.2, 0.8),
            );
            circle(brush, x, y, short * between(chance, 0.0012, 0.0045));
          }
        },
      },
    ],
    particles: { kind: 'dust', density: 0.7 },
  };
};

function wheel(brush: Brush, x: number, y: number, r: number, teeth: number, turn: number): void {
  brush.beginPath();
  for (let i = 0; i < teeth; i++) {
    for (const [share, reach] of [
      [0, 0.88],
      [0.18, 1],
      [0.5, 1],
      [0.68, 0.88],
    ] as const) {
      const a = turn + ((i + share) / teeth) * Math.PI * 2;
      brush.lineTo(x + Math.cos(a) * r * reach, y + Math.sin(a) * r * reach);
    }
  }
  brush.closePath();
  for (let k = 0; k < 5; k++) {
    const a = turn + (k / 5) * Math.PI * 2;
    brush.moveTo(x + Math.cos(a) * r * 0.5 + r * 0.19, y + Math.sin(a) * r * 0.5);
    brush.arc(x + Math.cos(a) * r * 0.5, y + Math.sin(a) * r * 0.5, r * 0.19, 0, Math.PI * 2);
  }
  brush.fill('evenodd');
}
