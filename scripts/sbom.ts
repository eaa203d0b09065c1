// `npm run sbom`: the packages that production installs, on every platform, as a CycloneDX list on standard output.
// npm's own `sbom --omit=dev` leaves out what development uses as well, such as zod; so npm is shown production alone.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Lock {
  packages: Record<string, { dev?: boolean; devDependencies?: unknown }>;
}

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8'));
const { devDependencies: _, ...production } = read('package.json') as Record<string, unknown>;
const lock = read('package-lock.json') as Lock;
const kept = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
const packages = Object.fromEntries(kept.map(([path, { devDependencies: _, ...locked }]) => [path, locked]));

const above = mkdtempSync(join(tmpdir(), 'aiprod-sbom-'));
try {
  // npm names the list after the folder.
  const folder = join(above, 'aiprod');
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(production));
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx'];
  const npm = process.env.npm_execpath;
  const [command, first] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const { status } = spawnSync(command, [...first, ...args], { cwd: folder, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(above, { recursive: true });
}
