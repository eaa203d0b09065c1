import { expect, test } from 'vitest';

import { createMakersUsed } from './makers-used.ts';

test('names who made what, each once, in an order of its own', () => {
  const used = createMakersUsed();
  used.note('voice', { id: 'offline/speaker', version: '3' });
  used.note('music', { id: 'suno/music', version: 'V5' });
  used.note('voice', { id: 'elevenlabs/speech', version: '1' });
  used.note('voice', { id: 'offline/speaker', version: '3' });
  expect(JSON.stringify(used.list())).toBe(
    '{"music":["suno/music@V5"],"voice":["elevenlabs/speech@1","offline/speaker@3"]}',
  );
});
