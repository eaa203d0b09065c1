// Places sounds, sparingly: what the words name, the cuts of quick styles, and the build to the climax.
import { type EffectCue, type EffectKind, effectKinds, type Motif } from '../../domain/storyboard.ts';
import { moodTraits } from '../../domain/styles.ts';
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import { bedWords, hitWords } from './cue-words.ts';
import { isWeighty } from './emphasis.ts';
import { climaxOf } from './energy.ts';
import { moreHitWords } from './hit-words-more.ts';
import { motifWords } from './motif-words.ts';
import { bareWord, indexWords, lines, lookUp, perLanguage } from './word-forms.ts';

export interface SoundedScene {
  tokens: string[];
  emphasis: number[];
  energy: number;
}

/** Share of the cuts that whoosh when the mood drives hardest. */
const whooshes: Record<StyleName, number> = {
  cinematic: 0.35,
  documentary: 0.1,
  corporate: 0.3,
  social: 0.7,
  minimal: 0,
  retro: 0.35,
  nature: 0,
  noir: 0.2,
};

/** Up to this arousal a mood is calm: fewer sounds, none of them hard. */
const calmArousal = 0.2;
const driving = 0.6;
/** So many scenes in a row may sound; the next is left to voice and music, and to what its words name. */
const longestRun = { calm: 2, other: 3 };
const hardKinds = new Set<EffectKind>(['impact', 'riser', 'whoosh', 'thunder', 'engine', 'applause']);
const fewestScenesForClimax = 4;

const hitsOfWords = perLanguage((language) =>
  indexWords(hitWords[language] ?? moreHitWords[language] ?? '', language),
);
const bedsOfWords = perLanguage((language) =>
  indexWords(bedWords[language] ?? bedsOfMotifs(language), language),
);

/** How the places of pictures sound, for languages without words for sounds of their own. */
const bedOfMotif: Partial<Record<Motif, EffectKind>> = {
  rain: 'rain',
  sea: 'waves',
  storm: 'wind',
  desert: 'wind',
  forest: 'birds',
  city: 'city',
  street: 'city',
  space: 'drone',
};

function bedsOfMotifs(language: string): string {
  return lines(motifWords[language] ?? '')
    .map((line) => line.split(/: | \/ /) as [Motif, string])
    .filter(([motif]) => bedOfMotif[motif] !== undefined)
    .map(([motif, naming]) => `${bedOfMotif[motif]}: ${naming}`)
    .join('\n');
}

/** Cues of each scene, at most two, at most one of them a bed. */
export function placeEffects(
  scenes: SoundedScene[],
  language: string,
  style: StyleName,
  mood: MoodName,
): EffectCue[][] {
  const { arousal } = moodTraits[mood];
  const calm = arousal <= calmArousal;
  const placed: EffectCue[][] = [];
  let run = 0;
  for (const [index, scene] of scenes.entries()) {
    const before = new Set(placed.slice(-2).flatMap((cues) => cues.map(({ kind }) => kind)));
    const named = hitsOf(scene, language).filter(({ kind }) => !before.has(kind));
    const wanted = [
      ...climaxCues(index, scenes.length, mood),
      ...named,
      ...bedOf(scene, language, index, mood).filter(({ kind }) => !repeatsTwice(kind, placed)),
      ...impactOf(scene, language, index, scenes.length, mood).filter(({ kind }) => !before.has(kind)),
      ...whooshOf(index, style, arousal),
    ];
    const rests = run >= (calm ? longestRun.calm : longestRun.other) && !isClimax(index, scenes.length, mood);
    const chosen = oneOfEach(rests ? named : wanted)
      .filter(({ kind }) => !calm || !hardKinds.has(kind))
      .slice(0, calm ? 1 : 2);
    placed.push(chosen);
    run = rests || chosen.length === 0 ? 0 : run + 1;
  }
  return placed;
}

function isClimax(index: number, count: number, mood: MoodName): boolean {
  return count >= fewestScenesForClimax && moodTraits[mood].arousal >= driving && index === climaxOf(count);
}

/** A riser that ends at the cut into the climax, and for grave moods the blow it leads to. */
function climaxCues(index: number, count: number, mood: MoodName): EffectCue[] {
  if (!isClimax(index, count, mood)) return [];
  const riser: EffectCue = { kind: 'riser', at_word: -1, role: 'hit', intensity: 0.7 };
  const blow: EffectCue = { kind: 'impact', at_word: -1, role: 'hit', intensity: 0.8 };
  return isGrave(mood) ? [riser, blow] : [riser];
}

function isGrave(mood: MoodName): boolean {
  return moodTraits[mood].valence < 0.5;
}

/** The first word that names a sound. */
function hitsOf({ tokens, energy }: SoundedScene, language: string): EffectCue[] {
  for (const [at, token] of tokens.entries()) {
    const kind = soundOf(hitsOfWords(language), token, language);
    if (kind !== undefined) return [{ kind, at_word: at, role: 'hit', intensity: level(0.4, energy) }];
  }
  return [];
}

/** The sound of the place that the words name most; grave videos may open on a low note instead. */
function bedOf(
  { tokens, energy }: SoundedScene,
  language: string,
  index: number,
  mood: MoodName,
): EffectCue[] {
  const counts = new Map<EffectKind, number>();
  for (const token of tokens) {
    const kind = soundOf(bedsOfWords(language), token, language);
    if (kind !== undefined) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const [first] = [...counts].sort((a, b) => b[1] - a[1]);
  if (first !== undefined) {
    return [{ kind: first[0], at_word: -1, role: 'bed', intensity: level(0.35, energy) }];
  }
  const dark = moodTraits[mood].valence < 0 && mood !== 'melancholic';
  return index === 0 && dark ? [{ kind: 'drone', at_word: -1, role: 'bed', intensity: 0.4 }] : [];
}

function soundOf(index: Map<string, string>, token: string, language: string): EffectKind | undefined {
  const name = lookUp(index, bareWord(token), language);
  return effectKinds.find((kind) => kind === name);
}

function repeatsTwice(kind: EffectKind, placed: EffectCue[][]): boolean {
  const last = placed.slice(-2);
  return last.length === 2 && last.every((cues) => cues.some((cue) => cue.kind === kind));
}

/** A blow on a striking word, now and then, away from the climax. */
function impactOf(
  { tokens, emphasis, energy }: SoundedScene,
  language: string,
  index: number,
  count: number,
  mood: MoodName,
): EffectCue[] {
  const at = emphasis.findLast((word) => isWeighty(tokens[word]!, language));
  const near = Math.abs(index - climaxOf(count)) <= 1;
  if (at === undefined || near || index % 3 !== 1) return [];
  if (!isGrave(mood) || moodTraits[mood].arousal < driving) return [];
  return [{ kind: 'impact', at_word: at, role: 'hit', intensity: level(0.3, energy) }];
}

/** Spread evenly over the cuts; nothing sounds before the first picture. */
function whooshOf(index: number, style: StyleName, arousal: number): EffectCue[] {
  const share = whooshes[style] * (0.4 + 0.6 * arousal);
  const due = index > 0 && Math.floor(index * share) > Math.floor((index - 1) * share);
  return due ? [{ kind: 'whoosh', at_word: -1, role: 'hit', intensity: 0.5 }] : [];
}

/** Drops a second bed, and a second cue of the same kind. */
function oneOfEach(cues: EffectCue[]): EffectCue[] {
  return cues.filter(
    ({ kind, role }, at) =>
      !cues
        .slice(0, at)
        .some((earlier) => earlier.kind === kind || (role === 'bed' && earlier.role === 'bed')),
  );
}

function level(quiet: number, energy: number): number {
  return Math.round((quiet + 0.4 * energy) * 100) / 100;
}
