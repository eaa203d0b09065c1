// The part of the WebAssembly API that the project uses: Node has it, but its types come with the browser library only.
declare namespace WebAssembly {
  class Memory {
    constructor(descriptor: { initial: number; maximum?: number });
    readonly buffer: ArrayBuffer;
    /** By pages of 64 KB; returns the number of pages before. */
    grow(pages: number): number;
  }
  class Module {
    constructor(bytes: ArrayBufferView);
  }
  class Instance {
    constructor(module: Module, imports?: Record<string, Record<string, unknown>>);
    readonly exports: Record<string, unknown>;
  }
  function validate(bytes: ArrayBufferView): boolean;
  function instantiate(
    bytes: ArrayBufferView,
    imports?: Record<string, Record<string, unknown>>,
  ): Promise<{ module: Module; instance: Instance }>;
}
