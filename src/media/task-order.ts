// Which waiting task a free media process takes first. It knows what a video waits for, not who waits.
import type { TaskInput, TaskName } from './tasks.ts';

/**
 * Lower goes first. What most other work waits for comes before what only the end waits for: words set the times of
 * everything, sound is one long chain, and scenes can be rendered in any order once they are painted.
 */
const turns: Record<TaskName, number> = {
  probeMedia: 0,
  plan: 0,
  checkGlyphs: 0,
  describe: 4,
  speak: 1,
  prepareSound: 1,
  joinSounds: 1,
  inspect: 2,
  assemble: 2,
  paceSpeech: 2,
  mixAudio: 2,
  composeMusic: 2,
  makeEffect: 3,
  makeThumbnail: 4,
  prepareMedia: 4,
  illustrate: 5,
  renderScene: 6,
  contactSheet: 7,
};

export interface Turn {
  rank: number;
  /** Among equals the larger goes first, so that no long one is left for the end. */
  size: number;
}

export function turnOf<Name extends TaskName>(task: Name, input: TaskInput<Name>): Turn {
  return {
    rank: turns[task],
    size: task === 'renderScene' ? framesOf(input as TaskInput<'renderScene'>) : 0,
  };
}

/** Position of the one to take next; of equals the one that has waited longest. -1 when none waits. */
export function nextTurn(waiting: readonly { turn: Turn }[]): number {
  let best = -1;
  for (const [index, { turn }] of waiting.entries()) {
    const leader = waiting[best]?.turn;
    if (leader === undefined || goesBefore(turn, leader)) best = index;
  }
  return best;
}

function goesBefore(a: Turn, b: Turn): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.size > b.size);
}

function framesOf({ scene }: TaskInput<'renderScene'>): number {
  return scene.endFrame - scene.startFrame;
}
