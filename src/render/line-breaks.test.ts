import { expect, test } from 'vitest';

import { breakPenalty } from './line-breaks.ts';

test.each([
  ['скале,', 'и'],
  ['攀登，', '但'],
  ['不来。」', '他'],
  ['يتسلقه،', 'لكن'],
])('%s | %s is a good place', (before, after) => {
  expect(breakPenalty(before, after)).toBeLessThan(0);
});

test.each([
  ['山', 'は'],
  ['覚え', 'ています。'.slice(0, 2)],
  ['登山', '者'],
  ['我', '们，'],
  ['Google', 'Maps'],
  ['New', 'York'],
  ['the', 'sea'],
  ['на', 'скале'],
  ['في', 'البحر'],
  ['على', 'الصخرة'],
  ['את', 'אורו'],
  ['पहाड़ों', 'पर'],
  ['आया', 'है।'],
])('%s + %s belong together', (before, after) => {
  expect(breakPenalty(before, after)).toBeGreaterThan(0);
});

test.each([
  ['mountain', 'remembers'],
  ['추운', '아침을'],
  ['大山', '不在乎'],
  ['पहली', 'सुबह'],
])('%s | %s is as good as any', (before, after) => {
  expect(breakPenalty(before, after)).toBe(0);
});
