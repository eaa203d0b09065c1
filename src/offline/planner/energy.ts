// How much is going on in each scene: the mood's drive, the punctuation, and an arc that builds and then eases.
import { moodTraits } from '../../domain/styles.ts';
import type { MoodName } from '../../domain/video-request.ts';

/** Where in the video the arc is highest. */
const summit = 0.8;
/** Coarse steps: a word changed elsewhere rarely changes a scene's energy, so that its picture can be reused. */
const step = 0.05;

/** Index of the scene in which the video peaks. */
export function climaxOf(scenes: number): number {
  return Math.round(summit * (scenes - 1));
}

/** 0..1 for each scene's text. */
export function chooseEnergies(texts: string[], mood: MoodName): number[] {
  const { arousal } = moodTraits[mood];
  const base = 0.25 + 0.5 * arousal;
  const reach = 0.25 + 0.2 * arousal;
  return texts
    .map((text, index) => {
      const position = texts.length === 1 ? summit : index / (texts.length - 1);
      const arc = position <= summit ? position / summit : 1 - (0.7 * (position - summit)) / (1 - summit);
      const energy = base + reach * (arc - 0.4) + punctuation(text);
      return Math.round(Math.min(1, Math.max(step, energy)) / step) * step;
    })
    .map((energy) => Math.round(energy * 100) / 100);
}

function punctuation(text: string): number {
  const exclaims = Math.min(2, text.match(/[!！]/g)?.length ?? 0) * 0.1;
  const asks = /[?？؟]/.test(text) ? 0.05 : 0;
  const trails = /…|\.\.\./.test(text) ? -0.1 : 0;
  return exclaims + asks + trails;
}
