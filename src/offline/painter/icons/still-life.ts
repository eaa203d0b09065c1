// Pictures of real things for painterly styles: lit on a table before a blurred room, in five ways that do not look alike.
import { between } from '../../../domain/random.ts';
import { paintTable } from '../backdrop.ts';
import { blend, css, hex, lighter } from '../colour.ts';
import { glow, upright } from '../pixels.ts';
import { type Brush, type Composition, offCentre, type Stage } from '../stage.ts';
import { paintSetting } from './setting.ts';
import { paintSolid } from './solid.ts';
import type { Icon } from './things.ts';

/** `icons` are what is to be seen, the first one most; `company` fills what is left. */
type StillLife = (stage: Stage, icons: Icon[], company: Icon[]) => Composition;

const woods = { graded: '#7a4c30', natural: '#8a6546', misty: '#7a6a4a', hard: '#5a5a5a' } as const;

const isTall = ({ width, height }: Stage) => height > width * 1.1;

/** Where the table begins, and where things on it stand, as shares of the height. */
const edgeOf = (stage: Stage) => (isTall(stage) ? 0.5 : 0.6);
const footOf = (stage: Stage) => (isTall(stage) ? 0.6 : 0.71);

function table(brush: Brush, stage: Stage): void {
  const { sky } = stage.treatment;
  paintTable(
    brush,
    stage,
    edgeOf(stage),
    hex(sky in woods ? woods[sky as keyof typeof woods] : woods.natural),
  );
  // Its far edge lies out of focus.
  const y = edgeOf(stage) * stage.height;
  brush.fillStyle = upright(brush, y, y + stage.short * 0.1, [
    [blend(stage.palette.haze, stage.palette.sky[1], 0.5), 0.32],
    [stage.palette.haze, 0],
  ]);
  brush.fillRect(0, y, stage.width, stage.short * 0.1);
}

const room = (stage: Stage, x: number) => ({
  depth: 0,
  paint(brush: Brush) {
    paintSetting(brush, stage, { x: x / stage.width, y: edgeOf(stage) - 0.16 }, edgeOf(stage));
    table(brush, stage);
  },
});

const air = ({ treatment }: Stage): Composition['particles'] => ({
  kind: treatment.sky === 'graded' ? 'bokeh' : 'dust',
  density: 0.4,
});

/** Signs of lines alone: as things they are bent wire, shown only when they are named. */
const wires = new Set<Icon>(['activity', 'dna', 'orbit', 'radio', 'trending-up', 'wifi', 'library']);

const others = (icons: Icon[], company: Icon[], count: number): Icon[] => {
  const rest = [...new Set([...icons.slice(1), ...company.filter((icon) => !wires.has(icon))])].filter(
    (icon) => icon !== icons[0],
  );
  return Array.from({ length: rest.length > 0 ? count : 0 }, (_, i) => rest[i % rest.length]!);
};

/** Something very near that the frame cuts off. */
function paintNear(brush: Brush, stage: Stage, icon: Icon | undefined, side: number): void {
  if (!icon) return;
  const { width, height, short } = stage;
  paintSolid(brush, stage, icon, {
    x: width * (0.5 + side * (isTall(stage) ? 0.46 : 0.45)),
    foot: height * (isTall(stage) ? 0.86 : 1.04),
    size: short * 0.56,
    blur: 0.07,
  });
}

/** Two things at their own distances. */
const pair: StillLife = (stage, icons, company) => {
  const { width, height, short } = stage;
  const side = stage.random('halves')() < 0.5 ? -1 : 1;
  const reach = isTall(stage) ? width * 0.17 : Math.min(width * 0.17, short * 0.32);
  const x = width / 2 - side * reach;
  const [second] = others(icons, company, 1);
  return {
    layers: [
      room(stage, x),
      {
        depth: 0.38,
        paint(brush) {
          if (second)
            paintSolid(brush, stage, second, {
              x: width / 2 + side * reach * 1.25,
              foot: height * (footOf(stage) - 0.045),
              size: short * 0.33,
              blur: 0.012,
            });
        },
      },
      {
        depth: 0.62,
        paint: (brush) =>
          paintSolid(brush, stage, icons[0]!, { x, foot: height * footOf(stage), size: short * 0.46 }),
      },
    ],
    particles: air(stage),
  };
};

/** One thing, and what is behind it out of focus. */
const one: StillLife = (stage, icons, company) => {
  const { width, height, short } = stage;
  const random = stage.random('single');
  const x = offCentre(stage, random) * width;
  const side = x < width / 2 ? 1 : -1;
  const behind = others(icons, company, 2);
  return {
    layers: [
      room(stage, x),
      {
        depth: 0.3,
        paint(brush) {
          for (const [i, icon] of behind.entries()) {
            paintSolid(brush, stage, icon, {
              x: x + side * short * [0.46, -0.42][i]! * (isTall(stage) ? 0.72 : 1),
              foot: height * (edgeOf(stage) + [0.045, 0.03][i]!),
              size: short * [0.3, 0.24][i]!,
              blur: 0.05,
            });
          }
        },
      },
      {
        depth: 0.6,
        paint: (brush) =>
          paintSolid(brush, stage, icons[0]!, {
            x,
            foot: height * (footOf(stage) + 0.01),
            size: short * 0.5,
          }),
      },
    ],
    particles: air(stage),
  };
};

/** A shelf of many; what matters stands lit among them. */
const shelf: StillLife = (stage, icons, company) => {
  const { width, height, short, palette } = stage;
  const random = stage.random('wall');
  const wood = blend(palette.grade(hex('#6b4a30')), palette.near, 0.25);
  const focus = { x: offCentre(stage, random) * width, foot: height * (isTall(stage) ? 0.52 : 0.58) };
  const main = short * 0.36;
  const boards = isTall(stage) ? [0.3, 0.52, 0.74, 0.96] : [0.2, 0.58, 0.96];
  const pool = others(icons, company, 9);
  return {
    layers: [
      {
        depth: 0,
        paint(brush) {
          paintSetting(brush, stage, { x: focus.x / width, y: 0.42 }, 0.98);
          brush.fillStyle = css(palette.near, 0.34);
          brush.fillRect(0, 0, width, height);
          glow(brush, focus.x, focus.foot - main * 0.5, short * 0.55, palette.light, 0.5);
        },
      },
      {
        depth: 0.4,
        paint(brush) {
          const chance = stage.random('shelf');
          let turn = 0;
          for (const share of boards) {
            const y = share * height;
            for (
              let x = short * between(chance, 0.02, 0.12);
              x < width;
              x += short * between(chance, 0.23, 0.3)
            ) {
              const size = short * between(chance, 0.15, 0.2);
              const icon = pool[turn++ % Math.max(1, pool.length)];
              const near = Math.abs(y - focus.foot) < 1 && Math.abs(x - focus.x) < main * 0.5 + size * 0.62;
              if (icon && !near) paintSolid(brush, stage, icon, { x, foot: y, size, blur: 0.02 });
            }
            brush.fillStyle = upright(brush, y, y + short * 0.032, [
              [lighter(wood, 0.06)],
              [blend(wood, palette.near, 0.45)],
            ]);
            brush.fillRect(0, y, width, short * 0.032);
            brush.fillStyle = upright(brush, y + short * 0.032, y + short * 0.1, [
              [palette.near, 0.5],
              [palette.near, 0],
            ]);
            brush.fillRect(0, y + short * 0.032, width, short * 0.068);
          }
        },
      },
      {
        depth: 0.6,
        paint(brush) {
          paintSolid(brush, stage, icons[0]!, { x: focus.x, foot: focus.foot, size: main });
        },
      },
    ],
    particles: air(stage),
  };
};

/** So near that it does not fit into the picture. */
const closeUp: StillLife = (stage, icons, company) => {
  const { width, height, short } = stage;
  const random = stage.random('close');
  const side = random() < 0.5 ? -1 : 1;
  const x = width * (0.5 + side * (isTall(stage) ? 0.12 : 0.17));
  const behind = others(icons, company, 2);
  return {
    layers: [
      room(stage, x),
      {
        depth: 0.3,
        paint(brush) {
          for (const [i, icon] of behind.entries()) {
            paintSolid(brush, stage, icon, {
              x: width * (0.5 - side * (0.2 + 0.17 * i)),
              foot: height * (edgeOf(stage) + 0.07 - 0.035 * i),
              size: short * (0.4 - 0.1 * i),
              blur: 0.075,
            });
          }
        },
      },
      {
        depth: 0.65,
        paint: (brush) =>
          paintSolid(brush, stage, icons[0]!, {
            x,
            foot: height * (isTall(stage) ? 0.66 : 0.84),
            size: short * 0.82,
          }),
      },
    ],
    particles: air(stage),
  };
};

/** A row that runs from near to far; only its middle is sharp. */
const row: StillLife = (stage, icons, company) => {
  const { width, height, short } = stage;
  const side = stage.random('row')() < 0.5 ? -1 : 1;
  const [far, near] = others(icons, company, 2);
  const x = width * (0.5 + side * 0.02);
  return {
    layers: [
      room(stage, x),
      {
        depth: 0.3,
        paint(brush) {
          if (far)
            paintSolid(brush, stage, far, {
              x: width * (0.5 - side * (isTall(stage) ? 0.28 : 0.22)),
              foot: height * (edgeOf(stage) + 0.035),
              size: short * 0.27,
              blur: 0.04,
            });
        },
      },
      {
        depth: 0.58,
        paint: (brush) =>
          paintSolid(brush, stage, icons[0]!, { x, foot: height * footOf(stage), size: short * 0.44 }),
      },
      { depth: 0.9, paint: (brush) => paintNear(brush, stage, near, side) },
    ],
    particles: air(stage),
  };
};

/** Nothing named: the motif's own wires give way too. */
const solidFirst =
  (scene: StillLife): StillLife =>
  (stage, icons, company) => {
    const named = stage.icons.length > 0;
    const solid = icons.filter((icon) => named || !wires.has(icon));
    const still = scene(
      stage,
      solid.length > 0 ? solid : company.filter((icon) => !wires.has(icon)).slice(0, 2),
      company,
    );
    return { ...still, indoors: true };
  };

/** As many as icon scenes, in the same turns. */
export const stillLifes = [pair, one, shelf, closeUp, row].map(solidFirst);
