// Says, before anything is rendered, whether the bundled fonts can draw a text.
import type { MediaTools } from '../ports/media-tools.ts';
import { canDraw } from './fonts.ts';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Share 0..1 of the text's graphemes that can be drawn (1 for none), and each one that cannot, once. */
export const checkGlyphs: MediaTools['checkGlyphs'] = async ({ text, language }, { signal }) => {
  signal.throwIfAborted();
  const verdicts = new Map<string, boolean>();
  let total = 0;
  let drawn = 0;
  for (const { segment } of segmenter.segment(text)) {
    if (segment.trim() === '') continue;
    let verdict = verdicts.get(segment);
    if (verdict === undefined) {
      verdict = canDraw(segment, language);
      verdicts.set(segment, verdict);
    }
    total++;
    if (verdict) drawn++;
  }
  const missing = [...verdicts].filter(([, verdict]) => !verdict).map(([grapheme]) => grapheme);
  return { coverage: total === 0 ? 1 : drawn / total, missing };
};
