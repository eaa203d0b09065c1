// Gemini as planner: it cuts the script into scenes and says what to show. The words stay the user's, checked one by one;
// ids, seeds, sounds and figures come from the planner that needs nobody, asked about the same scenes.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../../domain/errors.ts';
import { costMicroUsd, type Prices } from '../../domain/prices.ts';
import type { Storyboard } from '../../domain/storyboard.ts';
import { limits } from '../../domain/video-request.ts';
import { visibleText } from '../../domain/visible-text.ts';
import type { Language, PlanInput } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { type GeminiAccess, type Generated, generate, invalid, partsOf, readGenerated } from './api.ts';
import { directScenes } from './direct-scenes.ts';
import { askTwice, pay } from './pay.ts';
import { type PlannedScene, type PlanQuestion, parsePlan, planBody } from './plan-prompt.ts';
import { cutLike } from './same-words.ts';

export interface GeminiLanguageDeps extends GeminiAccess {
  model: string;
  /** What Gemini does not decide, and what can be planned at all, is this one's to say. */
  rules: Language;
  prices: Pick<Prices, 'gemini_text_per_million_input_tokens' | 'gemini_text_per_million_output_tokens'>;
  /** Of one request. */
  deadlineMs?: number;
}

/** Of the prompt and of what is made of its answer. */
const revision = 2;

/** A long script is planned in parts that are answered within seconds. */
const partSize = { chars: 3_000, scenes: 40 };
const mostSceneChars = 800;
const wordsPerSecond = 2.4;
const mostAnswerBytes = 4_000_000;

export function createGeminiLanguage(deps: GeminiLanguageDeps): Language {
  return {
    id: 'gemini/planner',
    version: `${deps.model}+${revision}`,
    rewrites: true,
    // Instructions and words go in; words, directions and thoughts come out.
    expectedMicroUsd: ({ characters, scenes }) =>
      cost(deps.prices, 1_500 + characters / 3, characters / 3 + 150 * scenes + 1_000),
    plan: (input, context) => plan(input, context, deps),
  };
}

async function plan(input: PlanInput, context: WorkContext, deps: GeminiLanguageDeps): Promise<Storyboard> {
  const { rewrite = false, ...asked } = input;
  // Refuses what cannot be planned before anything is paid.
  const draft = await deps.rules.plan(asked, context);
  const { language } = draft;
  const questions = questionsFor(asked, rewrite, draft);
  const parts = await Promise.allSettled(
    questions.map((question, index) => planPart(question, `plan-${index + 1}`, context, deps)),
  );
  const planned = parts.flatMap((part) => {
    if (part.status === 'rejected') throw part.reason;
    return part.value;
  });
  if (planned.length > limits.scenes) throw invalid('Gemini cut the script into too many scenes.');
  const texts = planned.map(({ text }) => text);
  if (charsOf(texts.map((text = '') => text)) > limits.scriptChars)
    throw invalid('Gemini made the script too long.');
  const frame = texts.includes(undefined)
    ? draft
    : await sceneBy(deps.rules, { ...asked, language }, texts as string[], context);
  return { ...frame, scenes: directScenes(frame.scenes, planned, language, input.seed) };
}

/** What the rules say of exactly these scenes. */
async function sceneBy(
  rules: Language,
  asked: PlanInput,
  texts: string[],
  context: WorkContext,
): Promise<Storyboard> {
  try {
    return await rules.plan({ ...asked, script: '', scenes: texts.map((text) => ({ text })) }, context);
  } catch (error) {
    if (!(error instanceof AppError) || error.kind !== 'invalid') throw error;
    throw invalid('Gemini answered with scenes that cannot be spoken.', error);
  }
}

function questionsFor(
  { script, scenes, style, mood, seed, duration }: PlanInput,
  rewrite: boolean,
  { language, scenes: drafted }: Storyboard,
): PlanQuestion[] {
  const given = scenes !== undefined;
  const groups = inParts((scenes ?? drafted).map(({ text }) => text));
  const parts = given ? groups : partsOfScript(script, groups, language).map((text) => [text]);
  const total = charsOf(parts.flat());
  return parts.map((texts) => {
    const share = charsOf(texts) / total;
    return {
      texts,
      given,
      rewrite,
      language,
      style,
      mood,
      seed,
      mostScenes: given ? texts.length : Math.max(1, Math.floor(limits.scenes * share)),
      ...(rewrite && duration !== undefined && { words: Math.round(duration * wordsPerSecond * share) }),
    };
  });
}

/** Neighbours together, as many as one part holds. */
function inParts(texts: string[]): string[][] {
  const parts: string[][] = [];
  for (const text of texts) {
    const part = parts.at(-1);
    const fits =
      part !== undefined && part.length < partSize.scenes && charsOf(part) + text.length <= partSize.chars;
    if (fits) part.push(text);
    else parts.push([text]);
  }
  return parts;
}

/** The script itself, paragraphs and all, cut where the groups end. */
function partsOfScript(script: string, groups: string[][], language: string): string[] {
  const parts = cutLike(
    script,
    groups.map((texts) => texts.join(' ')),
    language,
  );
  if (parts === undefined) throw new Error('the rules changed the words of the script');
  return parts;
}

const charsOf = (texts: string[]) => texts.reduce((sum, text) => sum + text.length, 0);

function planPart(
  question: PlanQuestion,
  name: string,
  context: WorkContext,
  deps: GeminiLanguageDeps,
): Promise<PlannedScene[]> {
  const { client, model, prices, deadlineMs = 55_000 } = deps;
  const { body, maxOutputTokens } = planBody(question);
  // No token is shorter than a character.
  const estimateMicroUsd = cost(prices, JSON.stringify(body).length, maxOutputTokens);
  return askTwice(name, async (call) => {
    const send = async () => {
      const { signal, scratch } = context;
      const limits = { deadlineMs, mostBytes: mostAnswerBytes, signal };
      const generated = await generate(deps, { model, body, ...limits });
      const path = join(scratch, `${call}.json`);
      await writeFile(path, JSON.stringify(generated));
      const { usageMetadata: used } = generated;
      return {
        answer: { path, mediaType: 'application/json' },
        costMicroUsd:
          used === undefined
            ? estimateMicroUsd
            : cost(prices, used.promptTokenCount, used.candidatesTokenCount + used.thoughtsTokenCount),
      };
    };
    const answer = await client.inTurn(context, () => pay(context, { name: call, estimateMicroUsd, send }));
    return understand(readGenerated(await readFile(answer.path, 'utf8')), question);
  });
}

function cost(prices: GeminiLanguageDeps['prices'], inputTokens: number, outputTokens: number): number {
  return (
    costMicroUsd(prices.gemini_text_per_million_input_tokens, inputTokens / 1e6) +
    costMicroUsd(prices.gemini_text_per_million_output_tokens, outputTokens / 1e6)
  );
}

/** The planned scenes, in the user's words unless those were to be rewritten. Throws `provider_answer_invalid`. */
function understand(generated: Generated, question: PlanQuestion): PlannedScene[] {
  const { texts, given, rewrite, language } = question;
  const answer = partsOf(generated)
    .map(({ text = '' }) => text)
    .join('');
  let scenes: PlannedScene[];
  try {
    scenes = parsePlan(JSON.parse(answer), question);
  } catch (error) {
    throw invalid('Gemini answered with something that is no plan.', error);
  }
  if (given && scenes.length !== texts.length)
    throw invalid(`Gemini answered ${scenes.length} scenes for ${texts.length}.`);
  if (given && !rewrite) return scenes;
  const told = scenes.map(({ text = '' }) => visibleText(text));
  if (!told.every((text) => /[\p{L}\p{N}]/u.test(text)))
    throw invalid('Gemini answered with a scene that has nothing to say.');
  if (!given && told.some((text) => text.length > mostSceneChars))
    throw invalid('Gemini answered with a scene that is too long for one picture.');
  const kept = rewrite ? told : cutLike(texts[0]!, told, language);
  if (kept === undefined) throw invalid('Gemini changed the words of the script.');
  return scenes.map((scene, index) => ({ ...scene, text: kept[index]!.replace(/\s+/gu, ' ') }));
}
