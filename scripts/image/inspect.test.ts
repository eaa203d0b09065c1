import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { faultsOfImage } from './inspect.ts';
import type { Image } from './perform.ts';

const packageLock = JSON.stringify({
  packages: {
    '': {},
    'node_modules/used': {},
    'node_modules/elsewhere': { optional: true },
    'node_modules/tester': { dev: true },
  },
});

const packageFile = (name: string) => JSON.stringify({ name, version: '1.0.0' });
const sound = {
  'app/sbom.cdx.json': JSON.stringify({ components: [{ name: 'used', version: '1.0.0' }] }),
  'app/src/main.ts': '',
  'app/node_modules/used/package.json': packageFile('used'),
  'app/node_modules/used/test/x.test.ts': '',
};

test('a sound image has no faults', () => {
  expect(faultsOfImage(imageWith(sound), packageLock)).toEqual([]);
});

test.each([
  ['app/node_modules/tester/package.json', packageFile('tester'), 'node_modules/tester is for development'],
  ['app/node_modules/used/package.json', undefined, 'node_modules/used is missing'],
  ['app/sbom.cdx.json', '{"components":[]}', 'node_modules/used is not in sbom.cdx.json'],
  ['app/src/main.test.ts', '', 'src/main.test.ts has no place in the image'],
  ['app/.git/config', '', '.git/config has no place in the image'],
])('%s with %s is found', (file, content, fault) => {
  const { [file]: _, ...rest } = sound as Record<string, string>;
  const files = content === undefined ? rest : { ...rest, [file]: content };
  expect(faultsOfImage(imageWith(files), packageLock)).toContain(fault);
});

test('what anybody could change is found, but in volumes and folders for it', () => {
  const image = imageWith({ ...sound, 'data/mine': '', 'tmp/x': '' });
  for (const open of ['data', 'tmp', 'app/src/main.ts', 'app/node_modules']) {
    chmodSync(join(image.root, open), 0o777);
  }
  expect(faultsOfImage(image, packageLock).sort()).toEqual([
    "/app/node_modules can be changed by the program's user",
    "/app/src/main.ts can be changed by the program's user",
  ]);
});

function imageWith(files: Record<string, string>): Image {
  const root = mkdtempSync(join(tmpdir(), 'aiprod-inspect-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return {
    ...{ root, env: {}, workdir: '/app', user: '10001:10001', volumes: ['/data'] },
    ...{ entrypoint: [], command: [], healthCheck: [] },
  };
}
