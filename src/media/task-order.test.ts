import { expect, test } from 'vitest';

import { nextTurn, type Turn } from './task-order.ts';

const waiting = (...turns: [rank: number, size: number][]) =>
  turns.map(([rank, size]): { turn: Turn } => ({ turn: { rank, size } }));

test('nobody waits, nobody is next', () => {
  expect(nextTurn([])).toBe(-1);
});

test('what other work waits for goes first, however long others have waited', () => {
  expect(nextTurn(waiting([6, 300], [5, 0], [1, 0], [2, 0]))).toBe(2);
});

test('of equal rank the larger goes first, of equal size the one that waited longest', () => {
  expect(nextTurn(waiting([6, 90], [6, 180], [6, 180], [6, 120]))).toBe(1);
});
