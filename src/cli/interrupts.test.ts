import { describe, expect, it } from 'vitest';

import { catchInterrupts } from './interrupts.ts';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listeners = () => names.map((name) => process.listenerCount(name));

describe('catchInterrupts', () => {
  it.each(names)('turns the first %s into an abort', (name) => {
    using interrupts = catchInterrupts();
    expect(interrupts.signal.aborted).toBe(false);
    process.listeners(name).at(-1)!(name);
    expect(interrupts.signal.aborted).toBe(true);
  });

  it('leaves a second Ctrl-C to end the process, but not a second SIGTERM or SIGHUP', () => {
    const before = listeners();
    using _interrupts = catchInterrupts();
    process.listeners('SIGTERM').at(-1)!('SIGTERM');
    expect(listeners()).toEqual([before[0], before[1]! + 1, before[2]! + 1]);
  });

  it('listens no longer than asked', () => {
    const before = listeners();
    {
      using interrupts = catchInterrupts();
      expect(listeners()).toEqual(before.map((count) => count + 1));
      expect(interrupts.signal.aborted).toBe(false);
    }
    expect(listeners()).toEqual(before);
  });
});
