// Chooses the build of the kernels that this machine runs.
import { readFile } from 'node:fs/promises';

import type { Kernels } from './kernels.ts';
import { createScalarKernels } from './scalar-kernels.ts';

/** The SIMD build where this machine runs it, else the scalar one: both draw the same bytes. */
export async function loadKernels(memory: WebAssembly.Memory): Promise<Kernels> {
  const wasm = await readFile(new URL('kernels.wasm', import.meta.url));
  if (!WebAssembly.validate(wasm)) return createScalarKernels(memory);
  const { instance } = await WebAssembly.instantiate(wasm, { env: { memory } });
  return instance.exports as unknown as Kernels;
}
