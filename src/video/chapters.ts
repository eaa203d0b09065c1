// The chapters of a video: one per scene, named by its first words. Pure.
import type { Scene } from '../domain/storyboard.ts';
import type { TimedScene } from '../domain/timeline.ts';

/** Times in milliseconds from the start of the video; `timed` is in the order of `scenes`. */
export function chaptersOf(scenes: Scene[], timed: TimedScene[], fps: number) {
  return timed.map(({ startFrame, endFrame }, index) => ({
    title: chapterTitle(scenes[index]!.text),
    startMs: (startFrame * 1000) / fps,
    endMs: (endFrame * 1000) / fps,
  }));
}

/** The scene's first words, at most 40 characters. */
function chapterTitle(text: string): string {
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  const characters = [...flat];
  if (characters.length <= 40) return flat;
  const cut = characters.slice(0, 40).join('');
  const space = cut.lastIndexOf(' ');
  return `${space > 15 ? cut.slice(0, space) : cut}…`;
}
