// The offline planner: splits and directs a script by rules. Pure; knows no network, no chance but the seed.
import { chooseLanguage } from '../../domain/choose-language.ts';
import { AppError } from '../../domain/errors.ts';
import { mixSeed } from '../../domain/random.ts';
import type { Scene, Storyboard } from '../../domain/storyboard.ts';
import { tokenise } from '../../domain/tokens.ts';
import { limits } from '../../domain/video-request.ts';
import type { Language, PlanInput } from '../../ports/providers.ts';
import { placeEffects } from './effects.ts';
import { chooseEmphasis } from './emphasis.ts';
import { chooseEnergies } from './energy.ts';
import { findFigure } from './figure.ts';
import { countWords, pickKeywords } from './keywords.ts';
import { chooseMotifs, chooseVariants } from './motif.ts';
import { isSpeakable } from './pieces.ts';
import { splitIntoScenes } from './scenes.ts';
import { chooseTitle } from './title.ts';

/** Contract: see Language.plan. */
export const plan: Language['plan'] = async (input) => planScript(input);

function planScript({ script, scenes: given, style, mood, language: tag, seed }: PlanInput): Storyboard {
  const source = given === undefined ? script : given.map(({ text }) => text).join('\n\n');
  if (given !== undefined) refuseBadScenes(given);
  else if (!isSpeakable(script)) throw unspeakable('The script has no letter or digit in it.');

  const language = chooseLanguage(tag, source);
  const texts = given?.map(({ text }) => text) ?? splitIntoScenes(script, language, style);
  const tokens = texts.map((text) => tokenise(text, language));
  const counts = countWords(tokens);
  const seeds = seedScenes(texts, seed);
  const motifs = chooseMotifs(tokens, language, mood, seeds);
  const variants = chooseVariants(motifs, seed);
  const energies = chooseEnergies(texts, mood);
  const directed = texts.map((text, index): Omit<Scene, 'effects'> => {
    const figure = findFigure(tokens[index]!, language);
    return {
      id: `s${String(index + 1).padStart(2, '0')}`,
      text,
      motif: motifs[index]!,
      keywords: pickKeywords(tokens[index]!, language, counts),
      emphasis: chooseEmphasis(tokens[index]!, language, counts),
      energy: energies[index]!,
      variant: variants[index]!,
      ...(figure && { figure }),
      seed: seeds[index]!,
    };
  });
  const effects = placeEffects(
    directed.map(({ emphasis, energy }, index) => ({ tokens: tokens[index]!, emphasis, energy })),
    language,
    style,
    mood,
  );
  return {
    title: chooseTitle(source, language),
    language,
    scenes: directed.map((scene, index) => ({ ...scene, effects: effects[index]! })),
  };
}

function refuseBadScenes(given: { text: string }[]): void {
  if (given.length === 0) throw unspeakable('The list of scenes is empty.');
  if (given.length > limits.scenes) {
    throw new AppError('request_invalid', `There are ${given.length} scenes; ${limits.scenes} are allowed.`, {
      errors: [{ pointer: '/scenes', detail: `at most ${limits.scenes}` }],
    });
  }
  const silent = given.flatMap(({ text }, index) => (isSpeakable(text) ? [] : [index]));
  if (silent.length > 0) {
    throw unspeakable(
      `Scene ${silent[0]! + 1} has no letter or digit in it.`,
      silent.map((index) => ({ pointer: `/scenes/${index}/text`, detail: 'nothing that can be spoken' })),
    );
  }
}

function unspeakable(message: string, errors?: { pointer: string; detail: string }[]): AppError {
  return new AppError('script_unspeakable', message, {
    hint: 'Write the words that shall be spoken; emoji and punctuation alone are silent.',
    ...(errors && { errors }),
  });
}

/** From each scene's own words, so that neither edits nor new scenes elsewhere change it. */
function seedScenes(texts: string[], seed: number): number[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const times = seen.get(text) ?? 0;
    seen.set(text, times + 1);
    return mixSeed(seed, times, text) >>> 0;
  });
}
