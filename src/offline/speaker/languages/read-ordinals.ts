// Numbers that tell a place in a row: `3.`, `2e`, `1º`, decades, and the Roman numerals of kings and centuries.
import type { Part } from '../take-apart.ts';
import type { LanguageReading, Surroundings } from './language.ts';
import { romanValue } from './read-words.ts';
import { around, type Stretch } from './stretch.ts';

/** `3. Oktober`, `der 2. Mann`, `Ludwig XIV. kam`, but not `Es waren 12. Dann …`. */
export function isDottedOrdinal(parts: Part[], index: number, language: LanguageReading): boolean {
  const part = parts[index]!;
  if (!part.stopped) return false;
  const roman = romanValue(parts, index);
  const behind = parts[index + 1]?.core;
  if (roman !== undefined) return behind === undefined || !/^\p{Lu}/u.test(behind) || isTitled(behind);
  if (!/^\d{1,2}$/.test(part.core)) return /^\d{1,2}\.\d{1,2}$/.test(part.core);
  const { before, after } = around(parts, index);
  const next = parts[index + 1]?.core ?? '';
  return (
    language.months.some(
      (month) => month.toLowerCase() === after || after === month.slice(0, 3).toLowerCase(),
    ) ||
    /^\p{Ll}/u.test(next) ||
    (/^(?:d(?:er|ie|as|em|en|es)|am|vom|zum|im|beim|bis|jede[rnms]?|eine[rmn]?|(?:sein|ihr|mein|unser)e[nmr]?|mein|sein)$/.test(
      before,
    ) &&
      /^\p{L}/u.test(next)) ||
    /^(?:jahrhundert|jh|mal|kapitel|platz|klasse|stock|etage|weltkrieg|auflage)$/.test(after)
  );
}

/** In `am 3. und 4. Juni` both stand behind `am`. */
function aroundRow(parts: Part[], index: number): Surroundings {
  const beside = around(parts, index);
  const [joint, first] = [parts[index - 1], parts[index - 2]];
  const row =
    joint !== undefined &&
    /^(?:und|oder|bis)$/.test(joint.core) &&
    first?.stopped &&
    /^\d{1,2}$/.test(first.core);
  return row && beside.before !== 'bis' ? { ...beside, before: around(parts, index - 2).before } : beside;
}

const isTitled = (word: string) => /^(?:Weltkrieg|Republik|Bundesliga|Akt|Kapitel|Jahrhundert)$/.test(word);

export function readOrdinal(parts: Part[], index: number, language: LanguageReading): Stretch | undefined {
  const { core } = parts[index]!;
  const beside = aroundRow(parts, index);
  if (language.dottedOrdinals && /^\d{1,2}$/.test(core) && isDottedOrdinal(parts, index, language)) {
    return { words: language.ordinal(Number(core), '.', beside)!, parts: 1 };
  }
  const decade = language.dottedOrdinals ? /^(\d{2}|\d{4})er$/.exec(core) : null;
  if (decade) {
    const value = Number(decade[1]);
    return { words: `${language.year?.(value) ?? language.cardinal(value, 'alone')}er`, parts: 1 };
  }
  const found = new RegExp(`^(\\d{1,4})\\.?(${language.ordinalSigns})$`, 'u').exec(core);
  if (!found) return undefined;
  const [, digits, sign] = found as unknown as [string, string, string];
  // 20° is a temperature or an angle; 1° and `5° piano` are not.
  if (sign === '°' && digits !== '1' && !/^\p{Ll}/u.test(beside.after)) return undefined;
  const words = language.ordinal(Number(digits), sign === '°' ? 'º' : sign, beside);
  return words === undefined ? undefined : { words, parts: 1 };
}

export function readRoman(parts: Part[], index: number, language: LanguageReading): string | undefined {
  const { core, stopped } = parts[index]!;
  const beside = around(parts, index);
  const marked = new RegExp(`^([IVX]+)(${language.ordinalSigns})$`, 'u').exec(core);
  if (marked) {
    const value = romanValue([{ ...parts[index]!, core: `${marked[1]}` }], 0);
    const said = language.ordinal(value ?? 1, marked[2]!, beside);
    return value === undefined && marked[1] !== 'I' ? undefined : said;
  }
  const value = romanValue(parts, index);
  if (value === undefined) return undefined;
  if (language.dottedOrdinals) {
    if (!stopped) return language.cardinal(value, 'alone');
    const king =
      /^\p{Lu}/u.test(parts[index - 1]?.core ?? '') && !/^\p{Lu}/u.test(parts[index + 1]?.core ?? '');
    const said = language.ordinal(value, 'roman', king ? { before: 'der', after: '' } : beside)!;
    return king ? `der ${said}` : said;
  }
  return language.ordinal(value, 'roman', beside) ?? language.cardinal(value, 'alone');
}
