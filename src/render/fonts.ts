// The bundled fonts: which faces there are, which file draws which character, and how canvas is told.
// Families come in many small files; only those that a text needs are read and registered.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { GlobalFonts } from '@napi-rs/canvas';

import { readCoverage } from './font-coverage.ts';

const resolve = createRequire(import.meta.url).resolve;

interface Family {
  package: string;
  /** End of the file names: the axis or the fixed weight. */
  suffix: string;
  /** Subsets to use, in order; absent = every one the package lists. */
  subsets?: string[];
}

const variable = (name: string, subsets?: string[]): Family => ({
  package: `@fontsource-variable/${name}`,
  suffix: 'wght-normal',
  ...(subsets && { subsets }),
});

const latin = ['latin', 'latin-ext', 'vietnamese', 'cyrillic', 'cyrillic-ext', 'greek', 'greek-ext'];

const families = {
  montserrat: variable('montserrat', latin),
  inter: variable('inter', latin),
  playfair: variable('playfair-display', latin),
  oswald: variable('oswald', latin),
  courier: { package: '@fontsource/courier-prime', suffix: '700-normal', subsets: ['latin', 'latin-ext'] },
  arabic: variable('noto-sans-arabic', ['arabic', 'symbols', 'math']),
  hebrew: variable('noto-sans-hebrew', ['hebrew']),
  devanagari: variable('noto-sans-devanagari', ['devanagari']),
  thai: variable('noto-sans-thai', ['thai']),
  japanese: variable('noto-sans-jp'),
  chinese: variable('noto-sans-sc'),
  korean: variable('noto-sans-kr'),
  emoji: variable('noto-emoji'),
} as const satisfies Record<string, Family>;

type FamilyName = keyof typeof families;

/** Faces that a look may ask for; other scripts come in behind them by themselves. */
export type Face = Extract<FamilyName, 'montserrat' | 'inter' | 'playfair' | 'oswald' | 'courier'>;

interface FontFile {
  /** The name that canvas knows it by. */
  alias: string;
  path: string;
  /** Read when first asked for. */
  coverage: Set<number> | undefined;
  /** From the package's own list; quick, but says more than the file holds. */
  ranges: [from: number, to: number][];
  registered: boolean;
}

const filesByFamily = new Map<FamilyName, FontFile[]>();

/**
 * The value of a canvas `font`'s family part for this text: `face` first, then whatever else its characters need.
 * `language` decides between Chinese, Japanese and Korean forms of shared characters. Registers the files.
 */
export function fontFamilies(text: string, language: string, face: Face): string {
  const names: FamilyName[] = [face, ...fallbacks(language)];
  const found = new Set<FontFile>();
  for (const codePoint of drawnCodePoints(text)) {
    const file = findFile(codePoint, names);
    if (file !== undefined) found.add(file);
  }
  // The look's own face first, whichever script the text begins with: other families hold Latin letters too.
  const chosen = names.flatMap((name) => (filesByFamily.get(name) ?? []).filter((file) => found.has(file)));
  for (const file of chosen) {
    if (file.registered) continue;
    GlobalFonts.registerFromPath(file.path, file.alias);
    file.registered = true;
  }
  return [...chosen].map(({ alias }) => `"${alias}"`).join(', ') || 'sans-serif';
}

export interface UsedFont {
  family: string;
  package: string;
  version: string;
  licence: string;
}

/** The families that `text` is set in, by name. */
export function usedFonts(text: string, language: string, face: Face): UsedFont[] {
  const used = new Set<FamilyName>();
  const names: FamilyName[] = [face, ...fallbacks(language)];
  for (const codePoint of drawnCodePoints(text)) {
    const file = findFile(codePoint, names);
    const name = names.find((each) => file !== undefined && filesByFamily.get(each)?.includes(file));
    if (name !== undefined) used.add(name);
  }
  return [...used].sort().map((name) => {
    const folder = path.dirname(resolve(`${families[name].package}/unicode.json`));
    const packageFile = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
      version: string;
      license: string;
    };
    const { version, license: licence } = packageFile;
    return { family: name, package: families[name].package, version, licence };
  });
}

/** True when some bundled font draws every part of the grapheme. */
export function canDraw(grapheme: string, language: string): boolean {
  return drawnCodePoints(grapheme).every(
    (codePoint) => findFile(codePoint, fallbacks(language)) !== undefined,
  );
}

/** Families to look through, in order, after a look's own face. */
function fallbacks(language: string): FamilyName[] {
  const eastAsian: Record<string, FamilyName[]> = {
    ja: ['japanese', 'chinese', 'korean'],
    ko: ['korean', 'japanese', 'chinese'],
  };
  return [
    'inter',
    'arabic',
    'hebrew',
    'devanagari',
    'thai',
    ...(eastAsian[language] ?? ['chinese', 'japanese', 'korean']),
    'emoji',
  ];
}

function findFile(codePoint: number, names: FamilyName[]): FontFile | undefined {
  for (const name of names) {
    for (const file of filesOf(name)) {
      if (!file.ranges.some(([from, to]) => from <= codePoint && codePoint <= to)) continue;
      file.coverage ??= readCoverage(readFileSync(file.path));
      if (file.coverage.has(codePoint)) return file;
    }
  }
  return undefined;
}

function filesOf(name: FamilyName): FontFile[] {
  const known = filesByFamily.get(name);
  if (known !== undefined) return known;
  const family: Family = families[name];
  const unicodePath = resolve(`${family.package}/unicode.json`);
  const folder = path.join(path.dirname(unicodePath), 'files');
  const prefix = path.basename(path.dirname(unicodePath));
  const ranges = JSON.parse(readFileSync(unicodePath, 'utf8')) as Record<string, string>;
  const files = (family.subsets ?? Object.keys(ranges))
    .filter((subset) => ranges[subset] !== undefined)
    .map((subset): FontFile => {
      const bare = subset.replace(/[[\]]/g, '');
      return {
        alias: `${name} ${bare}`,
        path: path.join(folder, `${prefix}-${bare}-${family.suffix}.woff2`),
        coverage: undefined,
        ranges: parseRanges(ranges[subset]!),
        registered: false,
      };
    });
  filesByFamily.set(name, files);
  return files;
}

/** CSS `unicode-range`, such as `U+0000-00FF,U+0131`. */
function parseRanges(list: string): [number, number][] {
  return list.split(',').map((range) => {
    const [from, to] = range.replace(/^U\+/i, '').split('-');
    return [Number.parseInt(from!, 16), Number.parseInt(to ?? from!, 16)];
  });
}

/** Code points that leave ink or space: joiners, direction marks and variation selectors only steer the others. */
function drawnCodePoints(text: string): number[] {
  return [...text]
    .filter((character) => !/[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Z}]/u.test(character))
    .map((character) => character.codePointAt(0)!);
}
