// The one memory of a renderer: frames, layers, maps and sprites as 8-bit planes that the kernels work on.
// It hands out places; it does not know what is drawn.
import type { Kernels } from './kernels/kernels.ts';
import { loadKernels } from './kernels/load-kernels.ts';

const pageBytes = 65_536;
/** Kernels read up to 16 bytes past a row's end, and sprites one row before their start. */
const guardBytes = 64;

/** A 4:2:0 picture in the memory: where its planes are and how long their rows. */
export interface Planes {
  y: number;
  u: number;
  v: number;
  /** Bytes per row; chroma rows have half. A multiple of 32. */
  stride: number;
  height: number;
}

export interface PictureMemory {
  readonly memory: WebAssembly.Memory;
  readonly kernels: Kernels;
  /** Reserves zeroed bytes, 64-aligned. Call `bytes()` again after it: growing moves the memory. */
  allocate(byteLength: number): number;
  allocatePlanes(width: number, height: number): Planes;
  bytes(): Uint8Array;
  /** Takes back all that was handed out. A memory that is used again costs neither new pages nor garbage collections. */
  clear(): void;
}

export async function createPictureMemory(
  makeKernels: (memory: WebAssembly.Memory) => Promise<Kernels> | Kernels = loadKernels,
): Promise<PictureMemory> {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 32_768 });
  const kernels = await makeKernels(memory);
  let top = pageBytes;
  /** From here on the memory has never been written to. */
  let unused = top;
  const allocate = (byteLength: number): number => {
    const from = top;
    const at = top + guardBytes;
    top = Math.ceil((at + byteLength + guardBytes) / 64) * 64;
    const missing = top - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
    if (from < unused) new Uint8Array(memory.buffer).fill(0, from, Math.min(top, unused));
    unused = Math.max(unused, top);
    return at;
  };
  return {
    memory,
    kernels,
    allocate,
    allocatePlanes(width, height) {
      const stride = Math.ceil(width / 32) * 32;
      const y = allocate(stride * height);
      const u = allocate((stride * height) / 4);
      const v = allocate((stride * height) / 4);
      return { y, u, v, stride, height };
    },
    bytes: () => new Uint8Array(memory.buffer),
    clear() {
      top = pageBytes;
    },
  };
}
