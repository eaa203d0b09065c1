// The offline painter's task: paints a scene and writes its layers as files into the call's own folder.
import path from 'node:path';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { MadeFile } from '../../ports/made-file.ts';
import type { PaintedPicture, VisualsInput } from '../../ports/providers.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { writeLayer } from '../../render/planar.ts';
import { paintScene } from './paint-scene.ts';

/** Contract: see Visuals.illustrate. Looks at the signal before every layer. */
export async function illustrate(input: VisualsInput, context: WorkContext): Promise<PaintedPicture> {
  context.signal.throwIfAborted();
  const painting = paintScene(input);
  const layers: MadeFile[] = [];
  for (;;) {
    // Pixels that the canvas handed out are only freed when the event loop turns.
    await yieldToEvents();
    context.signal.throwIfAborted();
    const painted = painting.next();
    if (!painted) break;
    const file = path.join(context.scratch, `layer-${layers.length}.zst`);
    await writeLayer(file, painted.planar);
    layers.push({ path: file, mediaType: 'application/zstd' });
    context.onProgress?.(layers.length / painting.count);
  }
  return { info: painting.info(), layers };
}
