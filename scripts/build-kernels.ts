// Compiles the compositor's kernels to WebAssembly. `buildKernels()` returns the bytes; run as a script it writes them
// beside their source, where they are committed. The same compiler gives the same bytes; a test checks that.
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import asc from 'assemblyscript/asc';

const sourceFolder = fileURLToPath(new URL('../src/render/kernels/assembly/', import.meta.url));
const wasmPath = fileURLToPath(new URL('../src/render/kernels/kernels.wasm', import.meta.url));

/** The compiled module. Throws with the compiler's messages. */
export async function buildKernels(): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--baseDir',
      sourceFolder,
      '--outFile',
      'kernels.wasm',
      '--runtime',
      'stub',
      '--optimizeLevel',
      '3',
      '--shrinkLevel',
      '0',
      '--noAssert',
      '--importMemory',
      '--enable',
      'simd',
    ],
    {
      writeFile: (_name: string, contents: Uint8Array | string) => {
        if (typeof contents !== 'string') wasm = contents;
      },
    },
  );
  if (error || wasm === undefined) throw new Error(`kernels do not compile\n${stderr}`, { cause: error });
  return wasm;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wasm = await buildKernels();
  await writeFile(wasmPath, wasm);
  console.log(`${wasmPath}: ${wasm.length} bytes`);
}
