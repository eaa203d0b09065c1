// The job's rules: what may move where, how long to wait, and that docs/states.md says the same.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  isTerminal,
  type JobStatus,
  jobStatuses,
  mayMove,
  retryDelayMs,
  type Transition,
  terminalStatuses,
  transitions,
} from './job.ts';

const names = Object.keys(transitions) as Transition[];

describe('transitions', () => {
  it('may move from the states of the table and from no other', () => {
    for (const name of names) {
      const allowed = jobStatuses.filter((status) => mayMove(name, status));
      expect(new Set(allowed)).toEqual(new Set(transitions[name].from));
    }
  });

  it('leave a completed job only for a new revision', () => {
    expect(names.filter((name) => mayMove(name, 'completed'))).toEqual(['revise']);
  });

  it('leave an ended job only when its user asks for it', () => {
    const ways = names.filter((name) => terminalStatuses.some((status) => mayMove(name, status)));
    expect(ways).toEqual(['retry', 'revise']);
  });

  it('lead from every state that is not terminal to every end', () => {
    for (const status of jobStatuses.filter((status) => !isTerminal(status))) {
      const reached = reachableFrom(status);
      for (const end of terminalStatuses) expect(reached).toContain(end);
    }
  });
});

describe('docs/states.md', async () => {
  const document = await readFile(new URL('../../docs/states.md', import.meta.url), 'utf8');

  it('lists exactly the transitions of the code', () => {
    const rows = document.matchAll(/^\| `(\w+)` \| [^|]+ \| ([^|]+) \| `(\w+)` \|/gm);
    const listed = [...rows].map(([, name, from, to]) => [
      name,
      { from: [...from!.matchAll(/`(\w+)`/g)].map(([, status]) => status), to },
    ]);
    expect(Object.fromEntries(listed)).toEqual(transitions);
    expect(listed).toHaveLength(names.length);
  });

  it('draws exactly the transitions of the code', () => {
    const arrows = document.matchAll(/^ {2}(\w+) --> (\w+): (\w+)/gm);
    const drawn = [...arrows].map(([, from, to, name]) => `${from} ${name} ${to}`);
    const inCode = names.flatMap((name) =>
      transitions[name].from.map((from) => `${from} ${name} ${transitions[name].to}`),
    );
    expect(drawn.sort()).toEqual(inCode.sort());
  });
});

describe('retryDelayMs', () => {
  const fraction = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

  it('stays between one second and five minutes, in whole milliseconds', () => {
    fc.assert(
      fc.property(fc.nat({ max: 2_000 }), fraction, (retryCount, random) => {
        const delayMs = retryDelayMs(retryCount, () => random);
        expect(delayMs).toBeGreaterThanOrEqual(1_000);
        expect(delayMs).toBeLessThanOrEqual(300_000);
        expect(Number.isInteger(delayMs)).toBe(true);
      }),
    );
  });

  it('doubles its ceiling with every retry', () => {
    const ceilings = [0, 1, 2, 3, 7, 8].map((retryCount) => retryDelayMs(retryCount, () => 1));
    expect(ceilings).toEqual([2_000, 4_000, 8_000, 16_000, 256_000, 300_000]);
  });

  it('spreads retries over the whole span (full jitter)', () => {
    expect(retryDelayMs(4, () => 0)).toBe(1_000);
    expect(retryDelayMs(4, () => 0.5)).toBe(16_000);
  });
});

function reachableFrom(start: JobStatus): Set<JobStatus> {
  const reached = new Set<JobStatus>([start]);
  for (const status of reached) {
    for (const name of names) if (mayMove(name, status)) reached.add(transitions[name].to);
  }
  return reached;
}
