// A user's file becomes a scene's art. Which kind it is was told when it was probed; the rest is in the two files below.
import type { MediaTools } from '../../ports/media-tools.ts';
import { prepareClip } from './prepare-clip.ts';
import { prepareImage } from './prepare-image.ts';

/** Contract: see MediaTools. */
export const prepareMedia: MediaTools['prepareMedia'] = async (input, context) => {
  context.signal.throwIfAborted();
  if (input.frames === null) return prepareImage(input, context);
  return prepareClip({ ...input, frames: input.frames }, context);
};
