// Pictures made of icons, in four ways that do not look alike: one thing, three in a row, a wall of them, a close-up.
import { between, pick, type Random } from '../../../domain/random.ts';
import { paintBackdrop, paintShadow, paintTable } from '../backdrop.ts';
import { blend, type Colour, css, hex, lighter, white } from '../colour.ts';
import { withLightInk } from '../dark-paper.ts';
import { circle, glow, upright } from '../pixels.ts';
import { type Brush, type Composition, glowing, offCentre, type Stage } from '../stage.ts';
import { iconLook, paintIcon, paintIconShadow } from './paint-icon.ts';
import { isPainterly } from './setting.ts';
import { stillLifes } from './still-life.ts';
import type { Icon } from './things.ts';

/** `icons` are what is to be seen, the first one most; `company` fills what is left. */
type IconScene = (stage: Stage, icons: Icon[], company: Icon[]) => Composition;

/** Colours that stand out from the backdrop's own disc. */
const inks = ({ palette, treatment }: Stage): Colour[] =>
  treatment.sky === 'mesh'
    ? [palette.accent, palette.near, lighter(palette.sky[0], 0.06)]
    : treatment.sky === 'flat'
      ? [palette.accent, palette.accent, palette.second]
      : [palette.accent, palette.second, blend(palette.accent, palette.second, 0.5)];

const shown = (icons: Icon[], company: Icon[], count: number): Icon[] => {
  const all = [...new Set([...icons, ...company])];
  return Array.from({ length: all.length > 0 ? count : 0 }, (_, i) => all[i % all.length]!);
};

const drift = (stage: Stage): Composition['particles'] => ({
  kind: stage.treatment.detail < 0.3 ? 'dust' : 'bokeh',
  density: stage.treatment.detail < 0.3 ? 0.1 : 0.5,
});

function standOut(
  brush: Brush,
  stage: Stage,
  icon: Icon,
  at: { x: number; y: number; size: number; turn?: number },
  thinner = 1,
) {
  const plain = iconLook(stage, pick(stage.random(`ink ${icon}`), inks(stage)));
  const look = { ...plain, stroke: plain.stroke * thinner, lit: plain.lit * thinner };
  if (look.lit > 0) glow(brush, at.x, at.y, at.size * 1.15, look.body, 0.5);
  else if (stage.treatment.sky !== 'flat') paintIconShadow(brush, stage, icon, at, 0.3);
  paintIcon(brush, icon, at, look);
}

/** One thing, large, on a table or before the wall. */
const single: IconScene = (stage, [icon]) => {
  const { width, height, short, treatment } = stage;
  const random = stage.random('single');
  const stands = treatment.relief > 0 && random() < 0.6;
  const x = offCentre(stage, random) * width;
  const size = short * between(random, 0.4, 0.48);
  const floor = 0.68;
  const y = stands ? floor * height - size * 0.4 : height * between(random, 0.36, 0.42);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: x / width, y: y / height });
          if (!stands) paintRings(brush, stage, x, y, size);
        },
      },
      {
        depth: 0.35,
        paint(brush) {
          if (!stands) return;
          paintTable(brush, stage, floor, hex('#7a5236'));
          paintShadow(brush, stage, x, floor * height + short * 0.012, size * 0.62);
        },
      },
      { depth: 0.6, paint: (brush) => standOut(brush, stage, icon!, { x, y, size }) },
    ],
    particles: drift(stage),
  };
};

function paintRings(brush: Brush, stage: Stage, x: number, y: number, size: number): void {
  const { palette } = stage;
  for (let i = 0; i < 5; i++) {
    brush.strokeStyle = css(glowing(stage) ? palette.light : palette.near, 0.13 - 0.022 * i);
    brush.lineWidth = size * 0.008;
    brush.beginPath();
    brush.arc(x, y, size * (0.78 + 0.2 * i), 0, 7);
    brush.stroke();
  }
}

/** Three framed pictures, hung at different heights. */
const row: IconScene = (stage, icons, company) => {
  const { width, height, short, palette, treatment } = stage;
  const random = stage.random('row');
  const upright_ = height > width * 1.1;
  const count = 3;
  const [first, ...others] = shown(icons, company, count);
  const order = [others[0]!, first!, others[1]!];
  const frames = order.map((icon, i) => {
    const main = icon === first && i === 1;
    const size = short * (main ? 0.42 : 0.3) * (upright_ ? 0.92 : 1);
    const across = (i - 1) * (upright_ ? 0.26 : 0.31) * (upright_ ? width : Math.min(width, short * 1.75));
    return {
      icon,
      main,
      size,
      x: width / 2 + across,
      y: height * (upright_ ? [0.2, 0.42, 0.24][i]! : [0.36, 0.42, 0.36][i]! + between(random, -0.05, 0.03)),
      turn: treatment.relief > 0 ? between(random, -0.04, 0.04) : 0,
    };
  });
  const paint = (brush: Brush, main: boolean) => {
    for (const frame of frames.filter((one) => one.main === main)) {
      brush.save();
      brush.translate(frame.x, frame.y);
      brush.rotate(frame.turn);
      paintSheet(brush, stage, frame.size * 1.1);
      paintIcon(brush, frame.icon, { x: 0, y: 0, size: frame.size * 0.62 }, sheetLook(stage, frame.icon));
      brush.restore();
    }
  };
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: 0.5, y: 0.42 }, 'plain');
          if (treatment.relief <= 0) return;
          brush.strokeStyle = css(palette.near, 0.5);
          brush.lineWidth = short * 0.0025;
          brush.beginPath();
          for (const { x, y, size } of frames) {
            brush.moveTo(x, 0);
            brush.lineTo(x, y - size * 0.55);
          }
          brush.stroke();
        },
      },
      { depth: 0.4, paint: (brush) => paint(brush, false) },
      { depth: 0.62, paint: (brush) => paint(brush, true) },
    ],
    particles: drift(stage),
  };
};

/** Ink on the paper of a framed sheet. */
function sheetLook(stage: Stage, icon: Icon) {
  const { palette } = stage;
  const ink = pick(stage.random(`ink ${icon}`), [palette.accent, palette.second]);
  return { body: ink, line: blend(palette.near, ink, 0.1), solid: 0.92, lit: 0, stroke: 1.15 };
}

function paintSheet(brush: Brush, stage: Stage, side: number): void {
  const { palette, treatment } = stage;
  const paper = blend(palette.grade(hex('#f6efe0')), glowing(stage) ? palette.light : white, 0.35);
  const corner = treatment.sky === 'clean' || treatment.sky === 'mesh' ? side * 0.14 : side * 0.015;
  brush.fillStyle = css(palette.near, 0.2);
  for (const more of [0.06, 0.04, 0.02]) {
    brush.beginPath();
    brush.roundRect(
      -side * (0.5 + more / 2),
      -side * (0.5 - more),
      side * (1 + more),
      side * (1 + more),
      corner,
    );
    brush.fill();
  }
  brush.fillStyle = upright(brush, -side / 2, side / 2, [[paper], [blend(paper, palette.haze, 0.22)]]);
  brush.beginPath();
  brush.roundRect(-side / 2, -side / 2, side, side, corner);
  brush.fill();
  if (treatment.relief <= 0 || treatment.sky === 'mesh') return;
  brush.strokeStyle = css(palette.near);
  brush.lineWidth = side * 0.035;
  brush.stroke();
}

/** Many, in rows across all of the picture; what matters is lit among them. */
const wall: IconScene = (stage, icons, company) => {
  const { width, height, short, palette } = stage;
  const random = stage.random('wall');
  const pitch = short * 0.22;
  const turn = -0.14;
  const dark = glowing(stage);
  const pool = shown([], [...icons, ...company], Math.max(4, company.length));
  const focus = { x: offCentre(stage, random) * width, y: height * 0.42 };
  const size = short * 0.34;
  const ink = pick(random, [palette.second, palette.light, palette.accent]);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: focus.x / width, y: focus.y / height }, 'plain');
          const chance = stage.random('wall icons');
          brush.save();
          brush.translate(focus.x, focus.y);
          brush.rotate(turn);
          const reach = Math.ceil((0.5 + Math.hypot(width, height) / pitch) * 0.75) + 1;
          const faint = {
            body: ink,
            line: dark ? blend(palette.light, palette.haze, 0.3) : blend(palette.near, palette.haze, 0.15),
            solid: 0,
            lit: 0,
            stroke: 1.1,
          };
          for (let r = -reach; r <= reach; r++) {
            for (let c = -reach; c <= reach; c++) {
              const icon = pick(chance, pool);
              const x = (c + (r % 2 ? 0.5 : 0)) * pitch;
              const y = r * pitch * 0.92;
              if (Math.hypot(x, y) < size * 0.72) continue;
              brush.globalAlpha = between(chance, 0.18, 0.42);
              paintIcon(brush, icon, { x, y, size: pitch * 0.5, turn: between(chance, -0.25, 0.25) }, faint);
            }
          }
          brush.restore();
        },
      },
      {
        depth: 0.45,
        paint(brush) {
          brush.fillStyle = css(dark ? palette.near : blend(palette.light, white, 0.5), dark ? 0.55 : 0.92);
          circle(brush, focus.x, focus.y, size * 0.78);
          brush.strokeStyle = css(dark ? palette.light : palette.accent, 0.9);
          brush.lineWidth = short * 0.006;
          brush.stroke();
        },
      },
      {
        depth: 0.65,
        paint: (brush) =>
          paintIcon(
            brush,
            icons[0]!,
            { ...focus, size },
            dark ? iconLook(stage) : sheetLook(stage, icons[0]!),
          ),
      },
    ],
    particles: drift(stage),
  };
};

/** So near that it nearly does not fit into the picture. */
const closeUp: IconScene = (stage, icons, company) => {
  const { width, height, short, palette, treatment } = stage;
  const random = stage.random('close');
  const icon = icons[0]!;
  const side = random() < 0.5 ? -1 : 1;
  const size = short * (width > height ? 0.9 : 0.76);
  const place = {
    x: width / 2 + side * (width > height ? width * 0.2 : width * 0.12),
    y: height * (width > height ? 0.47 : 0.36),
    size,
    turn: side * 0.16,
  };
  const small = shown(
    icons.slice(1),
    company.filter((one) => one !== icon),
    2,
  );
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: place.x / width, y: place.y / height }, 'plain');
          paintField(brush, stage, random, side);
        },
      },
      { depth: 0.4, paint: (brush) => standOut(brush, stage, icon, place, 0.6) },
      {
        depth: 0.75,
        paint(brush) {
          if (treatment.detail < 0.3) return;
          const look = { ...iconLook(stage, palette.second), lit: 0, solid: 0 };
          for (const [i, one] of small.entries()) {
            paintIcon(
              brush,
              one,
              {
                x: width / 2 - side * width * (0.24 + 0.09 * i),
                y: height * (0.24 + 0.2 * i),
                size: short * (0.13 - 0.02 * i),
                turn: -side * 0.12,
              },
              look,
            );
          }
        },
      },
    ],
    particles: drift(stage),
  };
};

/** Half of the ground in another colour, so that the close-up has something to cross. */
function paintField(brush: Brush, stage: Stage, random: Random, side: number): void {
  const { width, height, palette, treatment } = stage;
  const top = width * (0.5 + side * between(random, 0.02, 0.12));
  const lean = width * 0.16 * side;
  brush.fillStyle = css(
    blend(palette.second, palette.near, treatment.sky === 'flat' ? 0 : 0.25),
    treatment.relief > 0.4 ? 0.28 : 0.5,
  );
  brush.beginPath();
  brush.moveTo(top + lean, 0);
  brush.lineTo(side > 0 ? width : 0, 0);
  brush.lineTo(side > 0 ? width : 0, height);
  brush.lineTo(top - lean, height);
  brush.fill();
}

/** Two halves of the picture, each with a thing and its own colour. */
const halves: IconScene = (stage, icons, company) => {
  const { width, height, short, palette, treatment } = stage;
  const random = stage.random('halves');
  const tall = height > width * 1.1;
  const pair = shown(icons, company, 2);
  const size = short * (tall ? 0.36 : 0.42);
  const side = random() < 0.5 ? -1 : 1;
  const places = tall
    ? [
        { x: width * (0.5 - side * 0.12), y: height * 0.22 },
        { x: width * (0.5 + side * 0.12), y: height * 0.5 },
      ]
    : [
        { x: width / 2 - side * Math.min(width * 0.24, short * 0.5), y: height * 0.43 },
        { x: width / 2 + side * Math.min(width * 0.24, short * 0.5), y: height * 0.43 },
      ];
  const ground = blend(
    palette.accent,
    glowing(stage) ? palette.near : palette.haze,
    glowing(stage) ? 0.55 : 0.3,
  );
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintBackdrop(brush, stage, { x: places[0]!.x / width, y: places[0]!.y / height }, 'plain');
          brush.fillStyle = css(ground, treatment.sky === 'flat' ? 0.5 : 0.85);
          brush.beginPath();
          if (tall) {
            brush.moveTo(0, height * (0.36 - 0.06 * side));
            brush.lineTo(width, height * (0.36 + 0.06 * side));
            brush.lineTo(width, height);
            brush.lineTo(0, height);
          } else {
            const edge = side > 0 ? width : 0;
            brush.moveTo(width * 0.56, 0);
            brush.lineTo(edge, 0);
            brush.lineTo(edge, height);
            brush.lineTo(width * 0.44, height);
          }
          brush.fill();
        },
      },
      {
        depth: 0.5,
        paint(brush) {
          for (const [i, icon] of pair.entries()) {
            const look = iconLook(stage, i === 0 ? palette.accent : palette.second);
            if (look.lit > 0) glow(brush, places[i]!.x, places[i]!.y, size, look.body, 0.4);
            else paintIconShadow(brush, stage, icon, { ...places[i]!, size }, 0.26);
            paintIcon(brush, icon, { ...places[i]!, size, turn: (i === 0 ? -1 : 1) * side * 0.06 }, look);
          }
        },
      },
    ],
    particles: drift(stage),
  };
};

const drawn = [halves, single, wall, closeUp, row] as const;

/** Each unlike the others; styles that paint show solid things where styles that draw show signs. */
export const iconScenes = drawn.map(
  (scene, i): IconScene =>
    (stage, icons, company) =>
      (isPainterly(stage) ? stillLifes[i]! : scene)(withLightInk(stage), icons, company),
) as [IconScene, ...IconScene[]];
