// Turns the progress of many parallel steps into one number that only rises, and one stage that only advances.
import { type Stage, stages } from '../domain/job.ts';

/** Share of a typical job's time that each stage takes. */
const weights: Record<Stage, number> = {
  plan: 0.02,
  narrate: 0.1,
  illustrate: 0.14,
  compose_music: 0.07,
  find_effects: 0.03,
  mix: 0.07,
  render: 0.5,
  inspect: 0.05,
  publish: 0.02,
};

export interface Progress {
  /** How many steps a stage will have; 0 = it is left out. Stages count as one step until told. */
  expect(stage: Stage, steps: number): void;
  update(step: { stepId: string; stage: Stage }, fraction: number): void;
}

export function createProgress(report: (stage: Stage, progress: number) => void): Progress {
  const expected = new Map<Stage, number>(stages.map((stage) => [stage, 1]));
  const fractions = new Map<string, { stage: Stage; fraction: number }>();
  let furthest = 0;
  let highest = 0;

  const done = (stage: Stage): number => {
    const count = expected.get(stage) ?? 1;
    if (count === 0) return 1;
    let sum = 0;
    for (const step of fractions.values()) if (step.stage === stage) sum += step.fraction;
    return Math.min(1, sum / count);
  };

  return {
    expect: (stage, steps) => void expected.set(stage, steps),
    update({ stepId, stage }, fraction) {
      const before = fractions.get(stepId)?.fraction ?? 0;
      fractions.set(stepId, { stage, fraction: Math.max(before, fraction) });
      furthest = Math.max(furthest, stages.indexOf(stage));
      highest = Math.max(
        highest,
        stages.reduce((sum, each) => sum + weights[each] * done(each), 0),
      );
      report(stages[furthest]!, Math.min(0.999, highest));
    },
  };
}
