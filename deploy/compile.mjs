// Loads modules while the image is built, so that Node keeps their compiled code in NODE_COMPILE_CACHE. Takes files and
// folders; does nothing else, for loading a module of ours has no effect of its own.
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

for (const path of process.argv.slice(2)) {
  for (const file of await modulesOf(resolve(path))) await import(pathToFileURL(file).href);
}

async function modulesOf(path) {
  if ((await stat(path)).isFile()) return [path];
  const names = await readdir(path, { recursive: true });
  return names.filter((name) => name.endsWith('.ts')).map((name) => join(path, name));
}
