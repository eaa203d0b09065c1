import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { paceLimits, possibleDurations } from '../domain/possible-duration.ts';
import { choosePace, chooseSilences } from './fit-duration.ts';

const narrations = fc.record({
  speechMs: fc.integer({ min: 500, max: 500_000 }),
  scenes: fc.integer({ min: 1, max: 60 }),
});

const lengthMs = (speechMs: number, scenes: number, requestedMs: number) => {
  const { leadMs, gapMs, tailMs } = chooseSilences(speechMs, scenes, requestedMs);
  return leadMs + speechMs + gapMs * (scenes - 1) + tailMs;
};

describe('fitting a duration', () => {
  test('every length within the possible ones is met exactly when speech follows the pace', () => {
    fc.assert(
      fc.property(narrations, fc.double({ min: 0, max: 1, noNaN: true }), ({ speechMs, scenes }, where) => {
        const { shortestMs, longestMs } = possibleDurations(speechMs, scenes);
        const requestedMs = shortestMs + (longestMs - shortestMs) * where;
        const spokenMs = speechMs / choosePace(speechMs, scenes, requestedMs);
        // Paces have two decimals, so the last percent of the range may be out of reach.
        expect(Math.abs(lengthMs(spokenMs, scenes, requestedMs) - requestedMs)).toBeLessThanOrEqual(
          speechMs * 0.01 + 1,
        );
      }),
    );
  });

  test('the pace stays natural however absurd the request', () => {
    fc.assert(
      fc.property(
        narrations,
        fc.integer({ min: 1, max: 10_000_000 }),
        ({ speechMs, scenes }, requestedMs) => {
          const pace = choosePace(speechMs, scenes, requestedMs);
          expect(pace).toBeGreaterThanOrEqual(paceLimits.min);
          expect(pace).toBeLessThanOrEqual(paceLimits.max);
        },
      ),
    );
  });

  test('a request beyond reach gives the nearest length, not an endless pause', () => {
    const { longestMs } = possibleDurations(3_000, 1);
    expect(lengthMs(3_000 / paceLimits.min, 1, 60_000)).toBeCloseTo(longestMs, -1);
  });

  test('without a request the silences are the natural ones', () => {
    expect(chooseSilences(10_000, 3, undefined)).toEqual({ leadMs: 900, gapMs: 420, tailMs: 2_200 });
  });
});

test('the pace has two decimals, so that a small change of the narration speaks nothing again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000, max: 600_000 }),
      fc.integer({ min: 5_000, max: 600_000 }),
      (speechMs, wantedMs) => {
        expect(choosePace(speechMs, 3, wantedMs).toString()).toMatch(/^\d(\.\d{1,2})?$/);
      },
    ),
  );
});
