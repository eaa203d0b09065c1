// Every motif and who paints it: a new motif does not compile until it is here.
import type { Motif } from '../../../domain/storyboard.ts';
import { onAnyPaper } from '../dark-paper.ts';
import type { MotifPainter } from '../stage.ts';
import { abstract } from './abstract.ts';
import { business } from './business.ts';
import { city } from './city.ts';
import { data } from './data.ts';
import { sunrise, sunset } from './day-ends.ts';
import { desert } from './desert.ts';
import { education } from './education.ts';
import { fields } from './fields.ts';
import { food } from './food.ts';
import { forest } from './forest.ts';
import { health } from './health.ts';
import { home } from './home.ts';
import { idea } from './idea.ts';
import { mountains } from './mountains.ts';
import { music } from './music.ts';
import { night_sky } from './night-sky.ts';
import { people } from './people.ts';
import { portrait } from './portrait.ts';
import { rain } from './rain.ts';
import { river } from './river.ts';
import { science } from './science.ts';
import { sea } from './sea.ts';
import { snow } from './snow.ts';
import { space } from './space.ts';
import { storm } from './storm.ts';
import { street } from './street.ts';
import { technology } from './technology.ts';
import { time } from './time.ts';
import { travel } from './travel.ts';

export const motifPainters = {
  mountains,
  forest,
  sea,
  river,
  desert,
  fields,
  city,
  street,
  home: onAnyPaper(home),
  space,
  night_sky,
  rain,
  storm,
  snow,
  sunrise,
  sunset,
  people: onAnyPaper(people),
  portrait,
  technology: onAnyPaper(technology),
  data: onAnyPaper(data),
  business: onAnyPaper(business),
  science: onAnyPaper(science),
  health: onAnyPaper(health),
  education: onAnyPaper(education),
  travel,
  food: onAnyPaper(food),
  music: onAnyPaper(music),
  time: onAnyPaper(time),
  idea: onAnyPaper(idea),
  abstract,
} satisfies Record<Motif, MotifPainter>;
