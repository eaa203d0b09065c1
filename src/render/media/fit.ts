// Where a picture of one shape goes in a frame of another. Pure arithmetic, shared by images and clips.
import type { MediaFit } from '../../domain/user-media.ts';

interface Size {
  width: number;
  height: number;
}

/** The whole picture drawn at this size and place; parts outside of the frame are cut off. */
export interface Placement extends Size {
  left: number;
  top: number;
}

/**
 * `cover` fills the frame and keeps `focus` (shares 0..1 of the picture) as near to the middle as the picture's edges
 * allow; `contain` shows all of it, centred.
 */
export function placeIn(
  frame: Size,
  picture: Size,
  fit: MediaFit,
  focus: { x: number; y: number },
): Placement {
  const ratios = [frame.width / picture.width, frame.height / picture.height] as const;
  const scale = fit === 'cover' ? Math.max(...ratios) : Math.min(...ratios);
  const width = picture.width * scale;
  const height = picture.height * scale;
  const along = (room: number, size: number, at: number) =>
    fit === 'cover' ? Math.min(0, Math.max(room - size, room / 2 - at * size)) : (room - size) / 2;
  return {
    width,
    height,
    left: along(frame.width, width, focus.x),
    top: along(frame.height, height, focus.y),
  };
}
