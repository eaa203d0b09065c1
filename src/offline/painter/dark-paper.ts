// Flat styles on dark paper: what is near is drawn in light ink there, or nobody would see it.
import { blend } from './colour.ts';
import { type MotifPainter, relit, type Stage } from './stage.ts';

/** Lightness below which dark ink is lost. */
const darkest = 0.45;

/** The stage itself, or, on dark paper, the same with light ink. */
export function withLightInk(stage: Stage): Stage {
  const { palette, treatment } = stage;
  const paper = palette.sky[1];
  if (treatment.sky !== 'flat' || paper[0] >= darkest) return stage;
  const near = blend(paper, palette.light, 0.62);
  return relit(stage, { palette: { ...palette, near, second: blend(paper, palette.light, 0.4) } });
}

/** A painter that keeps its things visible on dark paper. */
export const onAnyPaper =
  (paint: MotifPainter): MotifPainter =>
  (stage) =>
    paint(withLightInk(stage));
