import { expect, test } from 'vitest';

import { alignPhones } from './align-phones.ts';

const expected = (...words: string[]) =>
  words.flatMap((word, piece) => word.split(' ').map((phone) => ({ phone, piece })));

test('equal phones go to their own piece', () => {
  expect(alignPhones(expected('dh ax', 'ow l d', 's iy'), ['dh', 'ax', 'ow', 'l', 'd', 's', 'iy'])).toEqual([
    0, 0, 1, 1, 1, 2, 2,
  ]);
});

test('reduced, dropped and added phones move no other', () => {
  // "and the old": the d is dropped, the vowel of "the" changes, a glide comes in.
  expect(
    alignPhones(expected('ae n d', 'dh ax', 'ow l d'), ['ax', 'n', 'dh', 'iy', 'y', 'ow', 'l', 'd']),
  ).toEqual([0, 0, 1, 1, 1, 2, 2, 2]);
});

test('nothing expected: all belongs to the first piece', () => {
  expect(alignPhones([], ['a', 'b'])).toEqual([0, 0]);
});
