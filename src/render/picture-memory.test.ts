import { expect, test } from 'vitest';

import { createPictureMemory } from './picture-memory.ts';

test('memory that is handed out again is the same, and zeroed', async () => {
  const pictures = await createPictureMemory();
  const handOut = () => [100, 70_000].map((length) => ({ at: pictures.allocate(length), length }));
  const first = handOut();
  for (const { at, length } of first) pictures.bytes().fill(255, at, at + length);
  pictures.clear();
  const second = [...handOut(), { at: pictures.allocate(200_000), length: 200_000 }];
  expect(second.slice(0, 2)).toEqual(first);
  for (const { at, length } of second) {
    expect(
      pictures
        .bytes()
        .subarray(at, at + length)
        .some((byte) => byte !== 0),
    ).toBe(false);
  }
});
