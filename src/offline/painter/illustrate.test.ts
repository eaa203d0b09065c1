import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { VisualsInput } from '../../ports/providers.ts';
import { planarBytes, readLayer } from '../../render/planar.ts';
import { illustrate } from './illustrate.ts';

const input: VisualsInput = {
  scene: { motif: 'sea', keywords: ['ship'], energy: 0.4, seed: 11, text: 'A ship leaves the harbour.' },
  style: 'cinematic',
  mood: 'calm',
  width: 320,
  height: 180,
};

describe('illustrate', () => {
  let scratch: string;
  beforeEach(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'painter-'));
  });
  afterEach(() => rm(scratch, { recursive: true }));

  it('writes the layers that it names, and says how far it is', async () => {
    const steps: number[] = [];
    const { info, layers } = await illustrate(input, {
      scratch,
      signal: new AbortController().signal,
      onProgress: (fraction) => steps.push(fraction),
    });
    expect(layers.length).toBe(info.layers.length);
    expect((await readdir(scratch)).length).toBe(layers.length);
    for (const [i, layer] of info.layers.entries()) {
      expect(path.dirname(layers[i]!.path)).toBe(scratch);
      const planar = await readLayer(layers[i]!.path, layer);
      expect(planar.length).toBe(planarBytes(layer.box.width, layer.box.height, layer.alpha));
    }
    expect(steps).toEqual(layers.map((_, i) => (i + 1) / layers.length));
  });

  it('stops between layers when it is aborted, with the reason', async () => {
    const control = new AbortController();
    const reason = new Error('enough');
    const run = illustrate(input, {
      scratch,
      signal: control.signal,
      onProgress: () => control.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
    expect((await readdir(scratch)).length).toBe(1);
  });

  it('does not begin when it is aborted already', async () => {
    const reason = new Error('never');
    await expect(illustrate(input, { scratch, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(await readdir(scratch)).toEqual([]);
  });
});
