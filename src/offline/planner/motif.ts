// Chooses what each scene's picture is about: what its words name, else what suits the script and the mood.

import { createRandom, mixSeed, pick } from '../../domain/random.ts';
import { type Motif, motifs, waysToCompose } from '../../domain/storyboard.ts';
import type { MoodName } from '../../domain/video-request.ts';
import { foldWord } from './inflections.ts';
import { motifWords } from './motif-words.ts';
import { bareWord, lines, lookUp, perLanguage } from './word-forms.ts';

interface Hint {
  motif: Motif;
  weight: number;
}

const strong = 2;
/** So much weighs what is named, even if it has no face. */
const names = 1.75;
const weak = 1;
/** From this evidence on, a scene shows what its words say even if the scene before shows the same. */
const insists = 4;

const weather: Motif[] = ['storm', 'rain', 'snow'];
/** Pictures of what cannot be seen. */
const faceless: Motif[] = ['time', 'idea', 'data', 'abstract', 'people', 'portrait'];

const suiting: Record<MoodName, Motif[]> = {
  dramatic: ['storm', 'mountains', 'sea', 'night_sky', 'sunset', 'portrait'],
  calm: ['fields', 'river', 'sunrise', 'forest', 'sea', 'night_sky'],
  uplifting: ['sunrise', 'mountains', 'people', 'fields', 'idea', 'travel'],
  tense: ['street', 'storm', 'night_sky', 'time', 'city', 'abstract'],
  mysterious: ['forest', 'night_sky', 'space', 'abstract', 'river', 'street'],
  playful: ['abstract', 'fields', 'home', 'idea', 'people', 'music'],
  melancholic: ['rain', 'sunset', 'street', 'sea', 'home', 'snow'],
  epic: ['mountains', 'space', 'sunset', 'sea', 'storm', 'desert'],
  neutral: ['fields', 'city', 'sunrise', 'people', 'abstract', 'river'],
};

/** What else can be shown where the same picture would come twice, or where a script's subject needs company. */
const related: Partial<Record<Motif, Motif[]>> = {
  sea: ['sunset', 'storm', 'night_sky', 'sunrise'],
  forest: ['river', 'mountains', 'sunrise', 'fields'],
  mountains: ['river', 'sunrise', 'snow', 'forest'],
  city: ['street', 'night_sky', 'people', 'sunset'],
  street: ['city', 'rain', 'home', 'night_sky'],
  home: ['street', 'sunrise', 'people', 'rain'],
  food: ['home', 'street', 'people', 'sunrise'],
  space: ['night_sky', 'science', 'technology', 'abstract'],
  night_sky: ['space', 'sea', 'mountains', 'city'],
  technology: ['data', 'idea', 'city', 'science'],
  data: ['technology', 'business', 'abstract', 'city'],
  business: ['city', 'people', 'data', 'idea'],
  science: ['space', 'technology', 'idea', 'education'],
  health: ['people', 'fields', 'science', 'sunrise'],
  education: ['idea', 'people', 'science', 'home'],
  music: ['people', 'night_sky', 'abstract', 'city'],
  travel: ['mountains', 'sea', 'city', 'sunset'],
  snow: ['mountains', 'night_sky', 'forest', 'home'],
};

const hintsOf = perLanguage((language) => readMotifWords(motifWords[language] ?? '', language));

/**
 * One motif per scene, each as seldom as the words allow. `tokens[i]` are scene i's, `seeds[i]` decides where words do
 * not.
 */
export function chooseMotifs(tokens: string[][], language: string, mood: MoodName, seeds: number[]): Motif[] {
  const evidence = tokens.map((words) => weigh(words, language));
  const subject = strongest(evidence);
  const chosen: (Motif | undefined)[] = [];
  for (const scores of evidence) {
    chosen.push(fromWords(weighed(scores, subject), subject, chosen));
  }
  return chosen.reduce<Motif[]>((motifsSoFar, motif, index) => {
    motifsSoFar.push(motif ?? fill(evidence[index]!, motifsSoFar, chosen.slice(index + 1)));
    return motifsSoFar;

    function fill(scores: Map<Motif, number>, before: Motif[], after: (Motif | undefined)[]): Motif {
      const company = related[best(scores)?.motif ?? subject ?? 'abstract'] ?? [];
      const near = [...before.slice(-2), after[0]];
      const elsewhere = [...before, ...after];
      const random = createRandom(seeds[index]!);
      // Best what suits and was not seen yet, then what was not seen lately.
      for (const taken of [elsewhere, near]) {
        for (const choices of [company, suiting[mood], taken === near ? [] : motifs]) {
          const free = choices.filter((choice) => !taken.includes(choice));
          if (free.length > (choices === company ? 1 : 0)) return pick(random, free);
        }
      }
      return pick(random, suiting[mood]);
    }
  }, []);
}

/** A way to compose each: neighbours differ, and so do scenes of the same motif as long as there are ways left. */
export function chooseVariants(chosen: Motif[], seed: number): number[] {
  const first = (mixSeed(seed, 'variant') >>> 0) % waysToCompose;
  return chosen.reduce<number[]>((variants, motif, index) => {
    const wanted = Array.from({ length: waysToCompose }, (_, i) => (first + index + i) % waysToCompose);
    const ways = variants.map((variant) => variant % waysToCompose);
    const used = new Set(ways.filter((_, at) => chosen[at] === motif));
    const fresh = wanted.filter((way) => way !== ways.at(-1));
    const way = fresh.find((one) => !used.has(one)) ?? fresh[0]!;
    variants.push(way + waysToCompose * ways.filter((one) => one === way).length);
    return variants;
  }, []);
}

/**
 * Between equals weather comes first, for it changes the whole picture, then the subject of the script, and what has
 * no face last. Where the words only hint, the subject outweighs a single hint.
 */
function weighed(scores: Map<Motif, number>, subject: Motif | undefined): Map<Motif, number> {
  const first = best(scores);
  const result = new Map(scores);
  if (first === undefined || subject === undefined) return result;
  for (const [motif, weight] of scores) {
    if (faceless.includes(motif)) result.set(motif, weight - 0.25);
    if (weather.includes(motif) && weight >= strong) result.set(motif, weight + 0.75);
  }
  const own = scores.get(subject);
  if (own !== undefined) result.set(subject, result.get(subject)! + 0.5);
  else if (first.weight < strong) result.set(subject, strong - weak / 2);
  return result;
}

/**
 * What the words ask for; undefined when they do not care, or ask weakly for what was shown before, and even clearly for
 * what was just shown. The subject of the script may come back.
 */
function fromWords(
  scores: Map<Motif, number>,
  subject: Motif | undefined,
  shown: (Motif | undefined)[],
): Motif | undefined {
  const first = best(scores);
  if (first === undefined || !shown.includes(first.motif) || first.weight >= insists) return first?.motif;
  const previous = shown.at(-1);
  const free = (motif: Motif) => !shown.includes(motif) || (motif === subject && motif !== previous);
  const second = best(new Map([...scores].filter(([motif]) => free(motif))));
  if (second !== undefined && second.weight >= names) return second.motif;
  return first.motif !== previous && first.weight >= names ? first.motif : undefined;
}

function weigh(words: string[], language: string): Map<Motif, number> {
  const hints = hintsOf(language);
  const scores = new Map<Motif, number>();
  for (const word of words) {
    for (const { motif, weight } of lookUp(hints, bareWord(word), language) ?? []) {
      scores.set(motif, (scores.get(motif) ?? 0) + weight);
    }
  }
  return scores;
}

function best(scores: Map<Motif, number>): Hint | undefined {
  let first: Hint | undefined;
  for (const [motif, weight] of scores) {
    if (first === undefined || weight > first.weight) first = { motif, weight };
  }
  return first;
}

/** What the whole script speaks of most. */
function strongest(evidence: Map<Motif, number>[]): Motif | undefined {
  const total = new Map<Motif, number>();
  for (const scores of evidence) {
    for (const [motif, weight] of scores) total.set(motif, (total.get(motif) ?? 0) + weight);
  }
  return best(total)?.motif;
}

function readMotifWords(lists: string, language: string): Map<string, Hint[]> {
  const hints = new Map<string, Hint[]>();
  for (const line of lines(lists)) {
    const [name, naming, hinting] = line.split(/: | \/ /) as [Motif, string, string];
    for (const [words, weight] of [
      [naming, strong],
      [hinting, weak],
    ] as const) {
      for (const key of new Set(words.split(' ').map((word) => foldWord(word, language)))) {
        const known = hints.get(key) ?? [];
        // Two words may fold into one: the stronger hint counts, once.
        if (!known.some(({ motif }) => motif === name)) hints.set(key, [...known, { motif: name, weight }]);
      }
    }
  }
  return hints;
}
