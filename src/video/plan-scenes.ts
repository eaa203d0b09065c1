// Planning the scenes by the first planner that can; once a plan was approved, by whose plan that is. What the user edited is the plan.
import type { Storyboard } from '../domain/storyboard.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import { visibleText } from '../domain/visible-text.ts';
import type { InOrder } from '../ports/makers.ts';
import type { Language, PlanInput } from '../ports/providers.ts';
import { firstThatWorks } from './first-that-works.ts';
import type { Kitchen } from './kitchen.ts';
import { planStep } from './steps/plan.ts';

/** Throws what planners throw. */
export async function planScenes(request: VideoRequest, kitchen: Kitchen): Promise<Storyboard> {
  if (kitchen.storyboard !== undefined) return kitchen.storyboard;
  return firstThatWorks('plan', approvedFirst(request, kitchen), kitchen, (maker) =>
    planBy(maker, request, kitchen),
  );
}

/** What was approved is made, though those who were to plan can again. */
function approvedFirst(
  request: VideoRequest,
  { makers: { language }, approved, endedBefore, degrade }: Kitchen,
): InOrder<Language> {
  const [first] = language;
  const planner =
    request.approval && approved
      ? language.find((maker) => endedBefore(planStep(maker), planInput(maker, request)))
      : undefined;
  if (planner === undefined || planner === first) return language;
  if (!request.strict) {
    degrade({
      capability: 'plan',
      cause: `${planner.id} stands in for ${first.id}: its plan was approved.`,
      remedy: 'Make the video anew for a plan of the other.',
    });
  }
  return [planner, ...language.filter((maker) => maker !== planner)];
}

/** Planners and all that follows see the words that people see. */
function planInput(
  maker: Language,
  { script, scenes, style, mood, language, seed, duration, rewrite }: VideoRequest,
): PlanInput {
  const seen = scenes?.map((scene) => ({ ...scene, text: visibleText(scene.text) }));
  const words = { script: visibleText(script), ...pickDefined({ scenes: seen }) };
  const input = { ...words, style, mood, seed, ...pickDefined({ language, duration }) };
  return rewrite && maker.rewrites === true ? { ...input, rewrite: true } : input;
}

/** A plan that keeps the words though they were to be rewritten is a fallback, and said to be one. */
async function planBy(
  maker: Language,
  request: VideoRequest,
  { run, degrade }: Kitchen,
): Promise<Storyboard> {
  const input = planInput(maker, request);
  const storyboard = await run(planStep(maker), input);
  if (request.rewrite && input.rewrite !== true) {
    degrade({
      capability: 'rewrite',
      cause: `The words are spoken as they were sent: ${maker.id} does not rewrite.`,
      remedy: 'Leave rewrite out, or ask the operator for a planner that rewrites.',
    });
  }
  return storyboard;
}

function pickDefined<T extends Record<string, unknown>>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as never;
}
