import fc from 'fast-check';
import { expect, test } from 'vitest';

import { type Stage, stages } from '../domain/job.ts';
import { createProgress } from './progress.ts';

test('whatever steps report, progress only rises and the stage only advances', () => {
  const update = fc.record({
    stage: fc.constantFrom(...stages),
    instance: fc.integer({ min: 0, max: 4 }),
    fraction: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(update, { maxLength: 60 }), (updates) => {
      const seen: [Stage, number][] = [];
      const progress = createProgress((...report) => seen.push(report));
      progress.expect('render', 5);
      for (const { stage, instance, fraction } of updates) {
        progress.update({ stepId: `${stage}:${instance}`, stage }, fraction);
      }
      seen.forEach(([stage, value], index) => {
        const [stageBefore, valueBefore] = seen[index - 1] ?? [stages[0], 0];
        expect(stages.indexOf(stage)).toBeGreaterThanOrEqual(stages.indexOf(stageBefore!));
        expect(value).toBeGreaterThanOrEqual(valueBefore!);
        expect(value).toBeLessThan(1);
      });
    }),
  );
});

test('a job whose every step is done stands just below 1, and omitted stages do not hold it back', () => {
  let last = 0;
  const progress = createProgress((_, value) => {
    last = value;
  });
  progress.expect('find_effects', 0);
  for (const stage of stages) if (stage !== 'find_effects') progress.update({ stepId: stage, stage }, 1);
  expect(last).toBeCloseTo(0.999, 5);
});
