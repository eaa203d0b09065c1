// Home: the house from outside, or the room within.
import { between } from '../../../domain/random.ts';
import { paintTable } from '../backdrop.ts';
import { house } from '../buildings.ts';
import { blend, css, hex, lighter, vivid } from '../colour.ts';
import { paintTufts } from '../drawn-skies.ts';
import { glow } from '../pixels.ts';
import { placeProps } from '../props.ts';
import { createRidge, ridgeAt } from '../ridge.ts';
import { paintSky } from '../sky.ts';
import { airTone, type Brush, type MotifPainter, type Stage, seenAt } from '../stage.ts';
import { paintRidge } from '../terrain.ts';
import { broadTree } from '../vegetation.ts';

/** Either the house from outside or the room within. */
export const home: MotifPainter = (stage) => {
  const random = stage.random('plan');
  return random() < 0.5 || stage.mentions.has('house') ? homestead(stage) : room(stage, random);
};

const homestead = (stage: Stage) => {
  const { palette, short, width, height } = stage;
  const few = stage.treatment.detail < 0.3;
  const x = stage.light.x < 0.5 ? 0.62 : 0.38;
  return {
    layers: [
      {
        depth: 0,
        paint(brush: Brush) {
          paintSky(brush, stage, { horizon: 0.7, stars: palette.night ? 0.7 : 0 });
          if (stage.treatment.clouds === 0 && !few) paintTufts(brush, stage, 6, 0.12, 0.36);
          placeProps(brush, stage, 'sky', { y: () => height * 0.22 }, { bird: 0.3 });
          const hills = createRidge(stage, 'hills', { base: 0.64, swing: 0.06, waves: 1.1, edges: 'smooth' });
          paintRidge(brush, stage, 'hills', hills, {
            top: airTone(stage, 0.25),
            bottom: airTone(stage, 0.3),
            mist: 0.5,
          });
        },
      },
      {
        depth: 0.45,
        paint(brush: Brush) {
          const ridge = createRidge(stage, 'lawn', { base: 0.76, swing: 0.03, waves: 0.7, edges: 'smooth' });
          const chance = stage.random('garden');
          const tones = {
            bark: blend(palette.grade(hex('#4a3628')), palette.near, 0.4),
            leaf: blend(seenAt(stage, hex('#3d5c33'), 0.7), palette.near, 0.25),
            lit: blend(seenAt(stage, hex('#93ad52'), 0.8), palette.light, 0.15),
            side: stage.light.x < x ? -1 : 1,
          };
          for (const at of few ? [x + 0.2] : [x - 0.2, x + 0.19, x + 0.26]) {
            broadTree(
              brush,
              chance,
              {
                x: at * width,
                foot: ridgeAt(ridge, at * width) + short * 0.02,
                tall: short * between(chance, 0.28, 0.42),
              },
              tones,
            );
          }
          const w = short * 0.36;
          house(
            brush,
            stage,
            { x: x * width - w / 2, foot: ridgeAt(ridge, x * width) + short * 0.02, w },
            {
              wall: seenAt(stage, hex(palette.night ? '#8f7f6c' : '#d8c6ac'), 0.85),
              roof: blend(seenAt(stage, hex('#7d4436'), 0.9), palette.near, 0.25),
              window: blend(palette.light, palette.second, 0.35),
            },
          );
          paintRidge(brush, stage, 'lawn', ridge, {
            top: seenAt(stage, hex('#7f9c4e'), 0.7),
            bottom: blend(seenAt(stage, hex('#48632f'), 0.95), palette.near, 0.3),
            rough: 0.5,
            steep: 0.3,
            pool: 0.65,
          });
          // The path to the door.
          brush.fillStyle = css(blend(seenAt(stage, hex('#d9c7a3'), 0.8), palette.light, 0.15), 0.85);
          const y = ridgeAt(ridge, x * width) + short * 0.018;
          brush.beginPath();
          brush.moveTo(x * width - w * 0.06, y);
          brush.bezierCurveTo(
            x * width - w * 0.1,
            y + short * 0.1,
            x * width + w * 0.5,
            y + short * 0.14,
            x * width + w * 0.1,
            height,
          );
          brush.lineTo(x * width + w * 0.9, height);
          brush.bezierCurveTo(
            x * width + w * 0.9,
            y + short * 0.12,
            x * width + w * 0.08,
            y + short * 0.08,
            x * width + w * 0.06,
            y,
          );
          brush.fill();
        },
      },
      {
        depth: 0.85,
        paint(brush: Brush) {
          // A garden fence.
          const y = height * 0.9;
          brush.fillStyle = css(
            blend(seenAt(stage, hex('#efe6d5'), 0.95), palette.near, palette.night ? 0.55 : 0.25),
          );
          const pitch = short * 0.042;
          const gap = x * width + short * 0.14;
          if (few) return;
          for (let px = -pitch; px < width + pitch; px += pitch) {
            if (Math.abs(px - gap) < short * 0.16) continue;
            brush.beginPath();
            brush.moveTo(px, height);
            brush.lineTo(px, y + pitch * 0.3);
            brush.lineTo(px + pitch * 0.3, y);
            brush.lineTo(px + pitch * 0.6, y + pitch * 0.3);
            brush.lineTo(px + pitch * 0.6, height);
            brush.fill();
            brush.fillRect(px - pitch * 0.3, y + pitch * 0.9, pitch * 1.1, pitch * 0.2);
          }
        },
      },
    ],
    particles: { kind: 'dust' as const, density: 0.5 },
  };
};

/** An armchair by a window with a view. */
const room = (stage: Stage, random: () => number) => {
  const { palette, short, width, height, treatment } = stage;
  const wx = stage.light.x < 0.5 ? 0.32 : 0.68;
  const win = { x: wx * width, y: 0.37 * height, w: short * 0.46, h: short * 0.52 };
  return {
    layers: [
      {
        depth: 0.05,
        paint(brush: Brush) {
          paintSky(brush, { ...stage, light: { x: wx, y: 0.3 } }, { horizon: 0.56, discSize: 0.05 });
          const hills = createRidge(stage, 'view', { base: 0.52, swing: 0.07, waves: 1.6 });
          paintRidge(brush, stage, 'view', hills, { top: airTone(stage, 0.3), bottom: airTone(stage, 0.45) });
        },
      },
      {
        depth: 0.3,
        paint(brush: Brush) {
          const wall = blend(
            palette.grade(hex('#c9b49a')),
            palette.near,
            treatment.sky === 'graded' || treatment.sky === 'hard' ? 0.5 : 0.12,
          );
          const shade = brush.createRadialGradient(
            win.x,
            win.y,
            win.w * 0.4,
            win.x,
            win.y,
            Math.max(width, height) * 0.75,
          );
          shade.addColorStop(0, css(blend(wall, palette.light, 0.3)));
          shade.addColorStop(0.35, css(wall));
          shade.addColorStop(1, css(blend(wall, palette.near, 0.5)));
          brush.fillStyle = shade;
          brush.beginPath();
          brush.rect(0, 0, width, height * 0.82);
          brush.rect(win.x - win.w / 2, win.y - win.h / 2, win.w, win.h);
          brush.fill('evenodd');
          paintTable(brush, stage, 0.81, hex('#7b5236'));
          const frame = blend(palette.grade(hex('#f1ebe0')), palette.near, 0.16);
          brush.strokeStyle = css(frame);
          brush.lineWidth = short * 0.02;
          brush.strokeRect(win.x - win.w / 2, win.y - win.h / 2, win.w, win.h);
          brush.lineWidth = short * 0.01;
          brush.beginPath();
          brush.moveTo(win.x, win.y - win.h / 2);
          brush.lineTo(win.x, win.y + win.h / 2);
          brush.moveTo(win.x - win.w / 2, win.y - win.h * 0.06);
          brush.lineTo(win.x + win.w / 2, win.y - win.h * 0.06);
          brush.stroke();
          brush.fillStyle = css(frame);
          brush.fillRect(win.x - win.w * 0.58, win.y + win.h / 2, win.w * 1.16, short * 0.03);
          const cloth = blend(
            palette.grade(vivid(palette.accent, 0.6)),
            palette.near,
            treatment.sky === 'graded' ? 0.4 : 0.22,
          );
          for (const side of [-1, 1]) {
            const cx = win.x + side * win.w * 0.62;
            const inner = cx - side * win.w * 0.26;
            const outer = cx + side * win.w * 0.2;
            const folds = brush.createLinearGradient(inner, 0, outer, 0);
            for (let k = 0; k <= 10; k++) {
              const fold =
                k % 2 ? blend(cloth, palette.near, 0.4) : blend(cloth, palette.light, k < 3 ? 0.25 : 0.06);
              folds.addColorStop(k / 10, css(fold));
            }
            brush.fillStyle = folds;
            brush.beginPath();
            brush.moveTo(inner, win.y - win.h * 0.62);
            brush.bezierCurveTo(
              inner + side * win.w * 0.06,
              win.y,
              cx + side * win.w * 0.02,
              win.y + win.h * 0.1,
              cx - side * win.w * 0.04,
              win.y + win.h * 0.8,
            );
            brush.lineTo(outer, win.y + win.h * 0.8);
            brush.lineTo(outer, win.y - win.h * 0.62);
            brush.fill();
          }
          brush.fillStyle = css(blend(palette.near, frame, 0.2));
          brush.fillRect(win.x - win.w * 0.9, win.y - win.h * 0.645, win.w * 1.8, short * 0.012);
          // Light on the floor.
          brush.fillStyle = css(palette.light, 0.22);
          brush.beginPath();
          brush.moveTo(win.x - win.w * 0.4, height * 0.83);
          brush.lineTo(win.x + win.w * 0.4, height * 0.83);
          brush.lineTo(win.x + win.w * 0.75, height);
          brush.lineTo(win.x - win.w * 0.65, height);
          brush.fill();
        },
      },
      {
        depth: 0.7,
        paint(brush: Brush) {
          const side = wx < 0.5 ? 1 : -1;
          const cx = (wx + side * 0.34) * width;
          const s = short * 0.36;
          const foot = height * 0.92;
          brush.save();
          brush.translate(cx, foot);
          brush.scale(-side * s, s);
          const cloth = blend(palette.grade(hex('#3f6f78')), palette.accent, 0.25);
          brush.fillStyle = css(blend(cloth, palette.near, 0.35));
          brush.beginPath();
          brush.roundRect(-0.52, -1.08, 0.36, 0.85, 0.12);
          brush.fill();
          brush.fillStyle = css(blend(cloth, palette.light, 0.12));
          brush.beginPath();
          brush.roundRect(-0.4, -0.52, 0.8, 0.24, 0.08);
          brush.fill();
          brush.fillStyle = css(cloth);
          brush.beginPath();
          brush.roundRect(-0.42, -0.66, 0.88, 0.17, 0.08);
          brush.roundRect(-0.42, -0.34, 0.86, 0.24, 0.06);
          brush.fill();
          brush.fillStyle = css(palette.near);
          for (const leg of [-0.38, 0.34]) brush.fillRect(leg, -0.11, 0.06, 0.13);
          brush.restore();
          // A floor lamp beside it.
          const lx = cx + side * short * 0.26;
          brush.fillStyle = css(palette.near);
          brush.fillRect(lx - short * 0.005, foot - short * 0.62, short * 0.01, short * 0.62);
          brush.fillRect(lx - short * 0.06, foot - short * 0.012, short * 0.12, short * 0.014);
          brush.fillStyle = css(blend(palette.light, palette.second, 0.25));
          brush.beginPath();
          brush.moveTo(lx - short * 0.045, foot - short * 0.75);
          brush.lineTo(lx + short * 0.045, foot - short * 0.75);
          brush.lineTo(lx + short * 0.085, foot - short * 0.6);
          brush.lineTo(lx - short * 0.085, foot - short * 0.6);
          brush.fill();
          if (treatment.glow > 0.2) glow(brush, lx, foot - short * 0.62, short * 0.5, palette.light, 0.6);
          // A plant on the sill's side.
          const px = win.x - side * win.w * 0.8;
          brush.fillStyle = css(blend(palette.grade(hex('#b5694a')), palette.near, 0.2));
          brush.fillRect(px - short * 0.05, foot - short * 0.11, short * 0.1, short * 0.11);
          for (let k = 0; k < 9; k++) {
            const a = -Math.PI * (0.14 + 0.72 * (k / 8));
            brush.strokeStyle = css(
              lighter(blend(palette.grade(hex('#4f7a44')), palette.near, 0.2), between(random, -0.03, 0.05)),
            );
            brush.lineWidth = short * 0.014;
            brush.lineCap = 'round';
            brush.beginPath();
            brush.moveTo(px, foot - short * 0.1);
            brush.quadraticCurveTo(
              px + Math.cos(a) * short * 0.05,
              foot - short * 0.24,
              px + Math.cos(a) * short * 0.15,
              foot - short * 0.12 + Math.sin(a) * short * between(random, 0.12, 0.22),
            );
            brush.stroke();
          }
        },
      },
    ],
    particles: { kind: 'dust' as const, density: 0.8 },
  };
};
