import { describe, expect, it } from 'vitest';

import { catchInterrupts } from './interrupts.ts';

const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const listeners = () => names.map((name) => process.listenerCount(name));

describe('catchInterrupts', () => {
  it.each(names)('turns the first %s into an abort and leaves the second to end the process', (name) => {
    const before = listeners();
    using interrupts = catchInterrupts();
    expect(interrupts.signal.aborted).toBe(false);
    const [listener] = process.listeners(name).slice(-1);
    listener!(name);
    expect(interrupts.signal.aborted).toBe(true);
    expect(listeners()).toEqual(before);
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
