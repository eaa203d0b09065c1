import { expect, test } from 'vitest';

import { costMicroUsd, listPrices, withOwnPrices } from './prices.ts';

test('a cost is exact, and never less than what is taken', () => {
  expect(costMicroUsd(100_000, 0.3)).toBe(30_000);
  expect(costMicroUsd(100_000, 1 / 3)).toBe(33_334);
  expect(costMicroUsd(600_000, 30 / 60)).toBe(300_000);
  expect(costMicroUsd(50_000, 0)).toBe(0);
});

test('an operator’s own prices stand in for the list’s', () => {
  const own = withOwnPrices({ elevenlabs_music_per_minute: 0 });
  expect(own).toEqual({ ...listPrices, elevenlabs_music_per_minute: 0 });
});

test.each([
  [{ elevenlabs_musik: 1 }, 'there is no price elevenlabs_musik'],
  [{ elevenlabs_music_per_minute: -1 }, 'elevenlabs_music_per_minute must be whole numbers'],
  [{ elevenlabs_music_per_minute: '1' }, 'elevenlabs_music_per_minute must be whole numbers'],
  [[], 'must be one JSON object'],
  [null, 'must be one JSON object'],
])('%j is refused', (changes, fault) => {
  expect(() => withOwnPrices(changes)).toThrow(fault);
});
