// Phone numbers: groups of digits behind a zero or a country's code, which are no amounts.
import type { Part } from '../take-apart.ts';
import type { LanguageReading } from './language.ts';
import { sayDigits } from './read-figures.ts';
import type { Stretch } from './stretch.ts';

const leastDigits = 8;
const glued = /^0\d(?:[.-]\d{2}){4}$|^0\d{2,4}[/-]\d{5,9}$/;

/** `+49 30 1234567`, `06 12 34 56 78`, `06.12.34.56.78`, `0171/1234567`; undefined for anything shorter. */
export function readPhone(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const { core } = parts[index]!;
  if (glued.test(core)) return { words: sayGroups(core.split(/[./-]/), language), parts: 1 };
  const code = /^\+(\d{1,3})$/.exec(core);
  if (!code && !/^0\d{1,4}$/.test(core)) return undefined;
  const groups = [code ? code[1]! : core];
  let taken = 1;
  while (parts[index + taken - 1]!.rest === 'none' && /^\d{1,9}$/.test(parts[index + taken]?.core ?? '')) {
    groups.push(parts[index + taken]!.core);
    taken++;
  }
  if (taken === 1 || groups.join('').length < leastDigits) return undefined;
  const said = sayGroups(groups, language);
  return { words: code ? `${language.plus} ${said}` : said, parts: taken };
}

/** Pairs are numbers, longer groups digits one by one. */
function sayGroups(groups: string[], language: LanguageReading): string {
  return groups
    .map((group) =>
      group.length > 2 || group.startsWith('0')
        ? sayDigits(group, language)
        : language.cardinal(Number(group), 'alone'),
    )
    .join(' ');
}
