// Holds deploy/Dockerfile and what goes into it to the linter, to our own rules, and to package-lock.json.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { validate } from 'dockerfile-utils';
import { expect, onTestFinished, test } from 'vitest';

import packageLock from '../../package-lock.json' with { type: 'json' };
import { assignments, execForm, readDockerfile } from '../../scripts/image/dockerfile.ts';
import { readIgnoreFile } from '../../scripts/image/ignore-file.ts';
import { brokenRules } from '../../scripts/image/rules.ts';
import { readConfig } from '../../src/config/config.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFile(resolve(root, file), 'utf8');
const run = promisify(execFile);

const text = await read('deploy/Dockerfile');
const program = readDockerfile(text).at(-1)!.instructions;
const lastOf = (name: string) => program.findLast((each) => each.name === name)!.text;

test('the linter finds nothing in the Dockerfile, and would', () => {
  expect(validate(text)).toEqual([]);
  expect(validate(text.replace('VOLUME', 'VOLUMES'))).not.toEqual([]);
});

test('the Dockerfile keeps our rules', () => {
  expect(brokenRules(text)).toEqual([]);
});

test('the settings in the image are valid ones, and give both roles', () => {
  const settings = assignments(lastOf('ENV'));
  const { roles, port, host } = readConfig({}, settings);
  expect({ roles, port, host }).toEqual({ roles: { api: true, worker: true }, port: 8787, host: '0.0.0.0' });
  expect(lastOf('EXPOSE')).toBe(settings.AIPROD_PORT);
  expect(execForm(lastOf('VOLUME'))).toEqual([settings.AIPROD_DATA]);
});

test('the build gets to see the program, no tests and nothing private', async () => {
  const keptOut = readIgnoreFile(await read('.dockerignore'));
  const { stdout } = await run('git', ['ls-files'], { cwd: root, maxBuffer: 2 ** 24 });
  const seen = stdout.split('\n').filter((file) => file !== '' && !keptOut(file));
  expect(seen).toContain('src/main.ts');
  const outside = seen.filter((file) => !file.startsWith('src/'));
  expect(outside.sort()).toEqual(
    [
      ...['.npmrc', 'LICENSE', 'package-lock.json', 'package.json'],
      ...['deploy/aiprod', 'deploy/compile.mjs', 'deploy/health-check.mjs'],
    ].sort(),
  );
  expect(seen.filter((file) => file.includes('.test.'))).toEqual([]);
  for (const file of ['.git/config', '.env', '.aiprod/keys/audit-key', 'node_modules/x/index.js']) {
    expect(keptOut(file), file).toBe(true);
  }
});

test('every file that a step copies is let in', async () => {
  const keptOut = readIgnoreFile(await read('.dockerignore'));
  const copies = readDockerfile(text).flatMap(({ instructions }) =>
    instructions.filter(({ name, flags }) => name === 'COPY' && flags.from === undefined),
  );
  const sources = copies.flatMap(({ text: words }) => words.split(/\s+/).slice(0, -1));
  expect(sources).toContain('src');
  for (const source of sources) expect(keptOut(source), source).toBe(false);
});

test('npm run sbom lists exactly the packages of production', async () => {
  const { stdout } = await run(process.execPath, ['scripts/sbom.ts'], { cwd: root, maxBuffer: 2 ** 26 });
  const { bomFormat, components } = JSON.parse(stdout) as {
    bomFormat: string;
    components: { name: string; version: string; hashes: unknown[]; licenses: unknown[] }[];
  };
  expect(bomFormat).toBe('CycloneDX');
  const listed = components.map(({ name, version }) => `${name}@${version}`);
  expect(new Set(listed)).toEqual(new Set(productionPackages()));
  expect(components.filter(({ hashes }) => hashes.length === 0)).toEqual([]);
}, 60_000);

interface LockedPackage {
  name?: string;
  version?: string;
  dev?: boolean;
}

function productionPackages(): string[] {
  return Object.entries(packageLock.packages as Record<string, LockedPackage>)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { name, version }]) => `${name ?? path.split('node_modules/').at(-1)}@${version}`);
}

test.each([
  [200, 0],
  [503, 1],
])('the health check of a server that answers %i ends with %i', async (status, code) => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.writeHead(status).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  expect(await healthCheck((server.address() as AddressInfo).port)).toBe(code);
  expect(asked).toEqual(['/health']);
});

test('the health check of a port on which nobody listens ends with 1', async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  expect(await healthCheck(port)).toBe(1);
});

/** The exit code of the very command of HEALTHCHECK. */
async function healthCheck(port: number): Promise<number> {
  const [, ...args] = execForm(lastOf('HEALTHCHECK').replace(/^CMD\s+/, ''))!;
  const child = run(process.execPath, args, { cwd: root, env: { AIPROD_PORT: String(port) } });
  return child.then(
    () => 0,
    ({ code }: { code: number }) => code,
  );
}
