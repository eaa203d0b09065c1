// How well words are found in a voice that tells no times: Flite's sound is taken as if its times were unknown.
import { expect, test } from 'vitest';

import { createEspeak } from '../espeak.ts';
import { createFlite } from '../flite.ts';
import { readScript } from '../read-script.ts';
import { alignWords } from './align-words.ts';

const text =
  'The old lighthouse stood alone on the cliff, and every night its keeper climbed one hundred steps. ' +
  'Storms came from the west; ships waited for the light. In 1998 a young engineer arrived with a plan. ' +
  'She measured the walls, counted the cracks, and wrote down what she saw. Three weeks later the first stones ' +
  'were replaced by hand.';

test.each([
  ['slt', 'flite', 'rms', 80],
  ['awb', 'flite', 'rms', 80],
  ['rms', 'espeak', 'en-us', 80],
])('the words of %s, found by %s %s, begin within 80 ms of the truth at p95', async (voice, engine, reference, p95) => {
  const known = createFlite();
  const other = engine === 'flite' ? createFlite() : await createEspeak();
  const errors = readScript(text, 'en')
    .sentences.flatMap((pieces) => {
      const { samples, sampleRate, spans } = known.speak(pieces, voice, 0.95);
      const found = alignWords(samples, sampleRate, other.speak(pieces, reference, 1));
      return spans.flatMap((span, i) =>
        span && found[i] ? [Math.abs(span.startMs - found[i].startMs)] : [],
      );
    })
    .sort((a, b) => a - b);
  expect(errors.length).toBeGreaterThan(50);
  expect(errors[Math.floor(0.95 * errors.length)]).toBeLessThanOrEqual(p95);
  expect(errors[errors.length >> 1]).toBeLessThan(30);
});
