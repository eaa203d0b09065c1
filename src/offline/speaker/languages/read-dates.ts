// Dates and times of day as they are written on the continent, in words.
import type { Part } from '../take-apart.ts';
import type { LanguageReading } from './language.ts';
import { sayFigures } from './read-figures.ts';
import { around, type Stretch } from './stretch.ts';

const isoDate = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const dayFirst = /^(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4}|\d{2}))$/;
const clock = /^(\d{1,2})[:hH](\d{2})?$/;

export function readDate(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const { core, stopped } = parts[index]!;
  const iso = isoDate.exec(core);
  const european = dayFirst.exec(core);
  const short = language.dottedOrdinals && stopped ? /^(\d{1,2})\.(\d{1,2})$/.exec(core) : null;
  const [year, month, day] = iso
    ? [iso[1], iso[2], iso[3]]
    : european
      ? [european[4], european[3], european[1]]
      : short
        ? [undefined, short[2], short[1]]
        : [];
  if (month === undefined || day === undefined) return undefined;
  const name = language.months[Number(month) - 1];
  if (name === undefined || Number(day) < 1 || Number(day) > 31) return undefined;
  const inYear =
    year === undefined
      ? undefined
      : sayFigures(
          { whole: String(Number(year)), fraction: undefined, mark: 'comma' },
          language,
          'alone',
          true,
        );
  return { words: language.date(Number(day), name, inYear, around(parts, index)), parts: 1 };
}

export function readClock(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const part = parts[index]!;
  const next = part.rest === 'none' ? parts[index + 1]?.core.toLowerCase() : undefined;
  const unitFollows = next !== undefined && language.timeUnits.has(next);
  // `9 h–17 h`.
  const until = /^h[-–](\d{1,2})$/iu.exec(next ?? '');
  if (until && language.timeUnits.has('h') && /^\d{1,2}$/.test(part.core)) {
    const [from, to] = [timeOf(part.core, '00', true, language), timeOf(until[1]!, '00', true, language)];
    const closed = parts[index + 2]?.core.toLowerCase() === 'h' && parts[index + 1]!.rest === 'none';
    if (from && to) return { words: `${from} ${language.to} ${to}`, parts: closed ? 3 : 2 };
  }
  // `14 h 30` in three tokens.
  const minutes = parts[index + 2]?.core;
  if (
    unitFollows &&
    /^\d{1,2}$/.test(part.core) &&
    /^\d{2}$/.test(minutes ?? '') &&
    parts[index + 1]!.rest === 'none'
  ) {
    const split = timeOf(part.core, minutes!, true, language);
    if (split) return { words: split, parts: 3 };
  }
  const before = parts[index - 1]?.core.toLowerCase() ?? '';
  const dotted =
    unitFollows || language.beforeTimes.has(before) ? /^(\d{1,2})\.(\d{2})$/.exec(part.core) : null;
  const found = dotted ?? clock.exec(part.core);
  if (!found || (found[2] === undefined && !/h$/i.test(part.core))) return undefined;
  const words = timeOf(found[1]!, found[2] ?? '00', unitFollows || /h/i.test(part.core), language);
  return words === undefined ? undefined : { words, parts: unitFollows ? 2 : 1 };
}

function timeOf(
  hours: string,
  minutes: string,
  unit: boolean,
  language: LanguageReading,
): string | undefined {
  if (Number(hours) > 24 || Number(minutes) > 59) return undefined;
  return language.time(Number(hours), Number(minutes), unit);
}
