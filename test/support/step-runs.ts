// What is written down of a step that ran, for tests that only need some.
import type { StepRun } from '../../src/ports/step-store.ts';
import { newDigest } from '../conformance/stores-under-test.ts';

/** The step `plan`, run for the first time. */
export function runOf(overrides: Partial<StepRun> = {}): StepRun {
  return {
    stepId: 'plan',
    step: 'plan',
    stepKey: newDigest(),
    outcome: 'ran',
    reason: 'first_time',
    changed: [],
    durationMs: 20,
    parts: { input: 'abc' },
    at: new Date('2026-01-01T00:00:00.123Z'),
    ...overrides,
  };
}
