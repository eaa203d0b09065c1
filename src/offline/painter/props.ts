// Things that words mention and landscapes have room for: found by name, drawn at a size in pixels, where they belong.

import { between, type Random } from '../../domain/random.ts';
import type { Motif } from '../../domain/storyboard.ts';
import { balloon, bird, plane, rocket } from './air-props.ts';
import { house, lamp } from './buildings.ts';
import { blend, css, hex, lighter } from './colour.ts';
import { animal, bridge, castle, hangingLantern, tent, windmill } from './land-props.ts';
import { circle, glow } from './pixels.ts';
import { type Brush, type Spot, type Stage, seenAt } from './stage.ts';
import { bareTree, broadTree } from './vegetation.ts';
import { car, lighthouse, sailboat, ship, train, whale } from './vehicles.ts';

type Habitat = 'sky' | 'water' | 'land';

interface Prop {
  habitats: Habitat[];
  /** Share of the short side. */
  size: number;
  words: string;
  draw(brush: Brush, stage: Stage, at: Spot, random: Random): void;
}

const flame = (brush: Brush, stage: Stage, x: number, foot: number, size: number, random: Random) => {
  glow(brush, x, foot - size * 0.4, size * 3.2, stage.palette.grade(hex('#ff8a2b')), 0.8);
  for (const [colour, share] of [
    ['#e8481c', 1],
    ['#ff9a2e', 0.68],
    ['#ffe28a', 0.36],
  ] as const) {
    brush.fillStyle = css(lighter(stage.palette.grade(hex(colour)), 0.04));
    const tall = size * share * between(random, 0.95, 1.1);
    const half = size * 0.34 * share;
    brush.beginPath();
    brush.moveTo(x - half, foot);
    brush.bezierCurveTo(
      x - half * 1.5,
      foot - tall * 0.45,
      x - half * 0.1,
      foot - tall * 0.55,
      x + half * 0.1,
      foot - tall,
    );
    brush.bezierCurveTo(
      x + half * 0.5,
      foot - tall * 0.6,
      x + half * 1.6,
      foot - tall * 0.42,
      x + half,
      foot,
    );
    brush.fill();
  }
};

const paved = new Set<Motif>(['city', 'street']);

const props = {
  lighthouse: { habitats: ['land'], size: 0.36, words: 'lighthouse beacon', draw: lighthouse },
  ship: { habitats: ['water'], size: 0.26, words: 'ship ferry freighter vessel cruise tanker', draw: ship },
  sailboat: {
    habitats: ['water'],
    size: 0.2,
    words: 'sailboat boat sailor sailing yacht',
    draw: sailboat,
  },
  whale: { habitats: ['water'], size: 0.2, words: 'whale', draw: whale },
  bird: {
    habitats: ['sky'],
    size: 0.1,
    words: 'bird gull seagull flock crow swallow geese goose',
    draw(brush, stage, { x, y, size }, random) {
      brush.fillStyle = css(blend(stage.palette.near, stage.palette.haze, 0.12));
      for (let i = 0; i < 9; i++) {
        bird(
          brush,
          x + size * between(random, -1.6, 1.6),
          y + size * between(random, -0.7, 0.7),
          size * between(random, 0.2, 0.42),
          between(random, -0.3, 0.3),
        );
      }
    },
  },
  balloon: { habitats: ['sky'], size: 0.17, words: 'balloon', draw: balloon },
  plane: {
    habitats: ['sky'],
    size: 0.2,
    words: 'plane airplane aeroplane aircraft jet pilot',
    draw: plane,
  },
  rocket: { habitats: ['sky'], size: 0.26, words: 'rocket spaceship astronaut', draw: rocket },
  train: { habitats: ['land'], size: 0.62, words: 'train railway locomotive', draw: train },
  car: { habitats: ['land'], size: 0.17, words: 'car driver taxi', draw: car },
  castle: { habitats: ['land'], size: 0.3, words: 'castle fortress', draw: castle },
  bridge: { habitats: ['water'], size: 0.8, words: 'bridge', draw: bridge },
  windmill: { habitats: ['land'], size: 0.26, words: 'windmill', draw: windmill },
  tent: { habitats: ['land'], size: 0.12, words: 'tent camping', draw: tent },
  deer: {
    habitats: ['land'],
    size: 0.13,
    words: 'deer stag elk moose',
    draw: animal,
  },
  house: {
    habitats: ['land'],
    size: 0.13,
    words: 'house cabin cottage farm hut village barn',
    draw(brush, stage, { x, y, size }) {
      const window = blend(stage.palette.light, stage.palette.second, 0.3);
      house(
        brush,
        stage,
        { x: x - size / 2, foot: y, w: size },
        { wall: seenAt(stage, hex('#8a6a52'), 0.9), roof: stage.palette.near, window },
        stage.motif === 'snow',
      );
    },
  },
  tree: {
    habitats: ['land'],
    size: 0.34,
    words: 'tree oak orchard',
    draw(brush, stage, { x, y, size }, random) {
      const { palette, light, width } = stage;
      broadTree(
        brush,
        random,
        { x, foot: y, tall: size },
        {
          bark: blend(palette.grade(hex('#4a3628')), palette.near, 0.5),
          leaf: blend(palette.grade(hex('#35512f')), palette.near, 0.45),
          lit: blend(palette.grade(hex('#8fa84a')), palette.light, 0.25),
          side: light.x * width > x ? 1 : -1,
        },
      );
    },
  },
  deadTree: {
    habitats: ['land'],
    size: 0.36,
    words: 'branch',
    draw(brush, stage, { x, y, size }, random) {
      brush.strokeStyle = css(stage.palette.near);
      bareTree(brush, random, x, y, size);
    },
  },
  fire: {
    habitats: ['land'],
    size: 0.07,
    words: 'fire campfire flame bonfire',
    draw(brush, stage, { x, y, size }, random) {
      flame(brush, stage, x, y, size, random);
      brush.strokeStyle = css(stage.palette.near);
      brush.lineWidth = size * 0.16;
      brush.lineCap = 'round';
      for (const turn of [-1, 1]) {
        brush.beginPath();
        brush.moveTo(x - turn * size * 0.5, y + size * 0.06);
        brush.lineTo(x + turn * size * 0.5, y - size * 0.12);
        brush.stroke();
      }
    },
  },
  lantern: {
    habitats: ['land'],
    size: 0.3,
    words: 'lamp lantern streetlight',
    draw(brush, stage, at) {
      // Only towns light their ways with street lamps.
      if (paved.has(stage.motif)) lamp(brush, stage, at.x, at.y, at.size, at.side);
      else hangingLantern(brush, stage, { ...at, size: at.size * 0.5 });
    },
  },
  moon: {
    habitats: ['sky'],
    size: 0.1,
    words: 'moon moonlight',
    draw(brush, stage, { x, y, size }) {
      if (stage.palette.night || stage.motif === 'night_sky') return;
      brush.fillStyle = css(lighter(stage.palette.light, 0.05), 0.8);
      circle(brush, x, y, size * 0.3);
    },
  },
} satisfies Record<string, Prop>;

type PropName = keyof typeof props;

const byWord = new Map<string, PropName>(
  Object.entries(props).flatMap(([name, { words }]) =>
    words.split(' ').map((word) => [word, name as PropName]),
  ),
);

/** How far from the light things are put, as shares of the width. */
const reach: Record<Habitat, [number, number]> = { sky: [0.12, 0.4], water: [0.1, 0.22], land: [0.24, 0.4] };

/** The things among these words that can be painted. */
export function mentionsIn(words: readonly string[]): Set<string> {
  const found = new Set<string>();
  for (const phrase of words) {
    for (const word of phrase.toLowerCase().split(/[^a-z]+/)) {
      const name = byWord.get(word) ?? byWord.get(word.replace(/s$/, ''));
      if (name) found.add(name);
    }
  }
  return found;
}

/**
 * Draws what is mentioned and belongs in `habitat`: at `y(x)` pixels, `scale` times its size, beside the light so that
 * it stands out. When nothing is, `usual` names what this motif shows now and then by itself. At most two things.
 */
export function placeProps(
  brush: Brush,
  stage: Stage,
  habitat: Habitat,
  place: { y(x: number): number; scale?: number; from?: number; to?: number },
  usual: Partial<Record<PropName, number>> = {},
): void {
  const random = stage.random(`props ${habitat}`);
  // Chance is drawn for each, so that a mention moves nothing else.
  const fitting = (Object.keys(props) as PropName[])
    .map((name) => ({ name, lucky: random() < (usual[name] ?? 0) }))
    .filter(({ name }) => (props[name] as Prop).habitats.includes(habitat));
  const told = fitting.filter(({ name }) => stage.mentions.has(name));
  const wanted = (told.length > 0 ? told : fitting.filter(({ lucky }) => lucky)).map(({ name }) => name);
  for (const [i, name] of wanted.slice(0, 2).entries()) {
    const { from = 0.2, to = 0.8 } = place;
    const beside =
      stage.light.x +
      (stage.light.x < 0.5 ? 1 : -1) * between(random, ...reach[habitat]) * (i === 0 ? 1 : -0.7);
    const x = Math.max(from, Math.min(to, beside)) * stage.width;
    const prop: Prop = props[name];
    brush.save();
    prop.draw(
      brush,
      stage,
      { x, y: place.y(x), size: prop.size * stage.short * (place.scale ?? 1), side: random() < 0.5 ? -1 : 1 },
      random,
    );
    brush.restore();
  }
}
