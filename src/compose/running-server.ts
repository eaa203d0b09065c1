// Where a data folder's server listens: written when it starts, removed when it stops, checked before it is believed.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileIn = (dataFolder: string) => join(dataFolder, 'server.json');

/** The returned function takes it back, unless another server was announced meanwhile: a shared folder may have several. */
export async function announceServer(dataFolder: string, url: string): Promise<() => Promise<void>> {
  const file = fileIn(dataFolder);
  const text = `${JSON.stringify({ url, pid: process.pid })}\n`;
  await writeFile(file, text);
  return async () => {
    const announced = await readFile(file, 'utf8').catch(() => undefined);
    if (announced === text) await rm(file, { force: true });
  };
}

/** The base URL of the server that runs on this folder; undefined when none answers. */
export async function findRunningServer(dataFolder: string): Promise<string | undefined> {
  try {
    const { url } = JSON.parse(await readFile(fileIn(dataFolder), 'utf8')) as { url: string };
    const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(2_000) });
    return response.ok ? url : undefined;
  } catch {
    return undefined;
  }
}
