// Cursors come back from outside: what we made is read back exactly, anything else is refused.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fromCursor, toCursor } from './page-cursor.ts';

const position = fc.record({
  createdAt: fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }),
  jobId: fc.uuid(),
});

describe('page cursor', () => {
  it('reads back what it made', () => {
    fc.assert(
      fc.property(position, (given) => {
        expect(fromCursor(toCursor(given))).toEqual(given);
      }),
    );
  });

  it('refuses a cursor with any character changed, added or left out, unless that is another valid one', () => {
    const character = fc.constantFrom(..."AZaz09-_=+/ .'");
    fc.assert(
      fc.property(position, fc.nat({ max: 70 }), character, fc.nat({ max: 1 }), (given, at, put, cut) => {
        const cursor = toCursor(given);
        const changed = cursor.slice(0, at) + put + cursor.slice(at + cut);
        let read: ReturnType<typeof fromCursor> | undefined;
        try {
          read = fromCursor(changed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'request_invalid' });
        }
        // Whatever is accepted is canonical: a position has one cursor.
        if (read !== undefined) expect(toCursor(read)).toBe(changed);
      }),
    );
  });

  it.each(['', '.', 'null', 'MTIz', '1.2'])('refuses %j', (cursor) => {
    expect(() => fromCursor(cursor)).toThrow(expect.objectContaining({ code: 'request_invalid' }));
  });
});
