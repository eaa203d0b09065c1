// The part of the frame where text may stand: clear of edges, of bars and of what players draw over a video.
import type { AspectRatio } from '../domain/video-request.ts';

export interface Area {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Shares of the frame. Vertical video: apps draw their buttons and texts over its lower fifth and its right edge. */
const margins: Record<AspectRatio, { side: number; top: number; bottom: number }> = {
  '16:9': { side: 0.09, top: 0.075, bottom: 0.075 },
  '9:16': { side: 0.085, top: 0.11, bottom: 0.19 },
  '1:1': { side: 0.07, top: 0.075, bottom: 0.08 },
  '4:5': { side: 0.07, top: 0.075, bottom: 0.09 },
};

/** `barHeight`: of each black bar; text keeps a little distance from it. */
export function safeArea(
  frame: { width: number; height: number; aspect: AspectRatio },
  barHeight: number,
): Area {
  const { side, top, bottom } = margins[frame.aspect];
  const behindBar = barHeight === 0 ? 0 : barHeight + frame.height * 0.035;
  return {
    left: frame.width * side,
    right: frame.width * (1 - side),
    top: Math.max(frame.height * top, behindBar),
    bottom: frame.height - Math.max(frame.height * bottom, behindBar),
  };
}
