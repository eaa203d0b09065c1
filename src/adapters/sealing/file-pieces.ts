// Reads files through buffers that are used again: a new one for every piece would keep the garbage collector busy.
import { open } from 'node:fs/promises';

const pieceBytes = 1 << 20;

/**
 * All bytes of the file, in pieces of 1 MiB but for the last; none when it is empty. A piece stays as it is until the next but
 * one is asked for. Throws what the file system does.
 */
export async function* filePieces(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    const buffers = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)];
    for (let piece = 0; ; piece++) {
      const buffer = buffers[piece % 2]!;
      let filled = 0;
      while (filled < pieceBytes) {
        const { bytesRead } = await file.read(buffer, filled, pieceBytes - filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      if (filled > 0) yield buffer.subarray(0, filled);
      if (filled < pieceBytes) return;
    }
  } finally {
    await file.close();
  }
}
