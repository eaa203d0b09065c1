// Every motif and who paints it: a new motif does not compile until it is here.
import type { Motif } from '../../../domain/storyboard.ts';
import type { MotifPainter } from '../stage.ts';
import { night_sky, space } from './heavens.ts';
import { desert, fields, mountains, snow } from './heights.ts';
import { people, portrait } from './humans.ts';
import { education, health, idea, science } from './learning.ts';
import { business, data, technology } from './machines.ts';
import { city, home, street } from './places.ts';
import { abstract, food, music, time, travel } from './pleasures.ts';
import { sea, sunrise, sunset } from './seas.ts';
import { rain, storm } from './weather.ts';
import { forest, river } from './woods.ts';

export const motifPainters = {
  mountains,
  forest,
  sea,
  river,
  desert,
  fields,
  city,
  street,
  home,
  space,
  night_sky,
  rain,
  storm,
  snow,
  sunrise,
  sunset,
  people,
  portrait,
  technology,
  data,
  business,
  science,
  health,
  education,
  travel,
  food,
  music,
  time,
  idea,
  abstract,
} satisfies Record<Motif, MotifPainter>;
