// A WASI host of a few calls: runs a command-line WebAssembly module on files in memory, without clock, network or disk.
// `node:wasi` crashes on the speech engine; this is all that engine asks for. One instance serves many runs.
import { variablesStart } from './wasm-layout.ts';

export interface WasiRun {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Files that the command wrote, by name. */
  files: Map<string, Uint8Array>;
}

interface OpenFile {
  name: string;
  bytes: Uint8Array;
  size: number;
  position: number;
  written: boolean;
}

/** Carries the exit code out of the module's stack. */
class Exit {
  readonly code: number;
  constructor(code: number) {
    this.code = code;
  }
}

const success = 0;
const badDescriptor = 8;
const notFound = 44;
const notSeekable = 70;
const rootDescriptor = 3;
const createFlag = 1;

export interface WasiCommand {
  /**
   * Runs the module's `_start` with `args` (the first is the program's name) and `files`, as if for the first time.
   * A trap is thrown.
   */
  run(args: string[], files?: ReadonlyMap<string, Uint8Array>): WasiRun;
}

/** `binary` is the module; what its C code declares constant is taken as such. */
export function createWasiCommand(binary: Uint8Array<ArrayBuffer>): WasiCommand {
  const module = new WebAssembly.Module(binary);
  const firstVariable = variablesStart(binary);
  let files: ReadonlyMap<string, Uint8Array> = new Map();
  let encodedArgs: Buffer[] = [];
  const open = new Map<number, OpenFile>();
  const written = new Map<string, Uint8Array>();
  const output: [Buffer[], Buffer[]] = [[], []];
  let nextDescriptor = rootDescriptor + 1;
  let instance: WebAssembly.Instance | undefined;
  let memory: WebAssembly.Memory;
  /** Memory from the first variable on, as it was before the first run. */
  let fresh: Uint8Array;

  const bytes = () => new Uint8Array(memory.buffer);
  const view = () => new DataView(memory.buffer);
  const putU32 = (at: number, value: number) => view().setUint32(at, value, true);

  function slices(vectors: number, count: number): Uint8Array[] {
    const data = view();
    return Array.from({ length: count }, (_, i) => {
      const start = data.getUint32(vectors + 8 * i, true);
      return bytes().subarray(start, start + data.getUint32(vectors + 8 * i + 4, true));
    });
  }

  function append(file: OpenFile, chunk: Uint8Array): void {
    const end = file.position + chunk.length;
    if (end > file.bytes.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(file.bytes.subarray(0, file.size));
      file.bytes = grown;
    }
    file.bytes.set(chunk, file.position);
    file.position = end;
    file.size = Math.max(file.size, end);
    file.written = true;
  }

  const calls = {
    args_sizes_get(countAt: number, bytesAt: number): number {
      putU32(countAt, encodedArgs.length);
      putU32(
        bytesAt,
        encodedArgs.reduce((sum, arg) => sum + arg.length, 0),
      );
      return success;
    },
    args_get(pointersAt: number, bytesAt: number): number {
      let at = bytesAt;
      encodedArgs.forEach((arg, i) => {
        putU32(pointersAt + 4 * i, at);
        bytes().set(arg, at);
        at += arg.length;
      });
      return success;
    },
    /** Time stands still, so that two runs are the same. */
    clock_time_get(_clock: number, _precision: bigint, at: number): number {
      view().setBigUint64(at, 0n, true);
      return success;
    },
    fd_close(descriptor: number): number {
      const file = open.get(descriptor);
      if (file?.written) written.set(file.name, file.bytes.subarray(0, file.size));
      open.delete(descriptor);
      return success;
    },
    fd_fdstat_get(descriptor: number, at: number): number {
      const [characterDevice, directory, regularFile] = [2, 3, 4];
      const type =
        descriptor === rootDescriptor
          ? directory
          : descriptor < rootDescriptor
            ? characterDevice
            : regularFile;
      bytes().fill(0, at, at + 24);
      view().setUint8(at, type);
      view().setBigUint64(at + 8, 0xffff_ffffn, true);
      view().setBigUint64(at + 16, 0xffff_ffffn, true);
      return success;
    },
    fd_fdstat_set_flags: (): number => success,
    fd_prestat_get(descriptor: number, at: number): number {
      if (descriptor !== rootDescriptor) return badDescriptor;
      putU32(at, 0);
      putU32(at + 4, 1);
      return success;
    },
    fd_prestat_dir_name(_descriptor: number, at: number): number {
      bytes()[at] = '/'.charCodeAt(0);
      return success;
    },
    fd_read(descriptor: number, vectors: number, count: number, doneAt: number): number {
      const file = open.get(descriptor);
      let done = 0;
      if (file) {
        for (const target of slices(vectors, count)) {
          const end = Math.min(file.size, file.position + target.length);
          const chunk = file.bytes.subarray(file.position, end);
          target.set(chunk);
          file.position += chunk.length;
          done += chunk.length;
        }
      }
      putU32(doneAt, done);
      return success;
    },
    fd_seek(descriptor: number, offset: bigint, whence: number, at: number): number {
      const file = open.get(descriptor);
      if (!file) return notSeekable;
      const base = [0, file.position, file.size][whence] ?? 0;
      file.position = base + Number(offset);
      view().setBigUint64(at, BigInt(file.position), true);
      return success;
    },
    fd_write(descriptor: number, vectors: number, count: number, doneAt: number): number {
      const file = open.get(descriptor);
      let done = 0;
      for (const chunk of slices(vectors, count)) {
        if (file) append(file, chunk);
        else output[descriptor === 1 ? 0 : 1].push(Buffer.from(chunk));
        done += chunk.length;
      }
      putU32(doneAt, done);
      return success;
    },
    path_open(
      _root: number,
      _lookup: number,
      nameAt: number,
      nameBytes: number,
      flags: number,
      _rights: bigint,
      _inherited: bigint,
      _fdFlags: number,
      descriptorAt: number,
    ): number {
      const name = Buffer.from(bytes().subarray(nameAt, nameAt + nameBytes)).toString('utf8');
      const existing = files.get(name);
      if (!existing && !(flags & createFlag)) return notFound;
      open.set(nextDescriptor, {
        name,
        bytes: existing ?? new Uint8Array(65_536),
        size: existing?.length ?? 0,
        position: 0,
        written: false,
      });
      putU32(descriptorAt, nextDescriptor++);
      return success;
    },
    proc_exit(code: number): never {
      throw new Exit(code);
    },
  };

  /** A new instance copies all of the module's data, which takes longer than a short run. */
  function prepare(): WebAssembly.Instance {
    if (instance) {
      const variables = bytes().subarray(firstVariable);
      variables.set(fresh);
      variables.fill(0, fresh.length);
      return instance;
    }
    const started = new WebAssembly.Instance(module, { wasi_snapshot_preview1: calls });
    memory = started.exports.memory as WebAssembly.Memory;
    fresh = bytes().slice(firstVariable);
    return started;
  }

  return {
    run(args, given = new Map()) {
      files = given;
      encodedArgs = args.map((arg) => Buffer.from(`${arg}\0`, 'utf8'));
      open.clear();
      written.clear();
      output.forEach((chunks) => {
        chunks.length = 0;
      });
      nextDescriptor = rootDescriptor + 1;
      const ready = prepare();
      // Whatever leaves the module by a throw leaves its stack pointer behind, which no memory holds.
      instance = undefined;
      let exitCode = 0;
      try {
        (ready.exports._start as () => void)();
        instance = ready;
      } catch (error) {
        if (!(error instanceof Exit)) throw error;
        exitCode = error.code;
      }
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      return { exitCode, stdout: text(output[0]), stderr: text(output[1]), files: new Map(written) };
    },
  };
}
