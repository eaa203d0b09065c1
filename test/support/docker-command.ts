// Judges docker command lines of the documents: whether options are known, files and services are there.
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse } from 'yaml';

const options: Record<string, string[]> = {
  build: ['-f', '-t'],
  'buildx imagetools inspect': ['--format'],
  'compose build': [],
  'compose down': [],
  'compose logs': ['--follow', '--since'],
  'compose ps': [],
  'compose restart': [],
  'compose run': ['--rm'],
  'compose stop': [],
  'compose up': ['--detach', '--scale'],
  run: [
    ...[
      '--rm',
      '--read-only',
      '--tmpfs',
      '--cap-drop',
      '--security-opt',
      '--network',
      '--env',
      '--volume',
      '--user',
    ],
    '--entrypoint',
  ],
};
const withValue = new Set(['-f', '-t']);

/**
 * What is run inside of a container, if that is said; `words` come after `docker`. Throws an Error that says what is unknown. Values
 * of long options are given with `=`.
 */
export async function checkDocker(words: string[], root: string): Promise<string[]> {
  if (words[0] === 'compose') return checkCompose(words.slice(1), root);
  const name = words[0] === 'buildx' ? words.slice(0, 3).join(' ') : words[0]!;
  const { given, rest } = takeOptions(name, words.slice(name.split(' ').length));
  if (name === 'build') await checkFile(given.get('-f')!, root);
  const [image, ...inside] = rest;
  if (image === undefined) throw new Error(`docker ${name} names nothing`);
  return given.has('--entrypoint') ? [] : inside;
}

async function checkCompose(words: string[], root: string): Promise<string[]> {
  const [flag, file, command, ...after] = words;
  if (flag !== '-f') throw new Error('docker compose names no file by -f');
  await checkFile(file!, root);
  const { services } = parse(await readFile(resolve(root, file!), 'utf8')) as { services: object };
  const { given, rest } = takeOptions(`compose ${command}`, after);
  const named = command === 'run' ? rest.slice(0, 1) : rest;
  const scaled = given.get('--scale')?.split('=').slice(0, 1) ?? [];
  for (const service of [...named, ...scaled]) {
    if (!Object.hasOwn(services, service)) throw new Error(`${file} has no service ${service}`);
  }
  return command === 'run' ? rest.slice(1) : [];
}

function takeOptions(name: string, words: string[]) {
  const known = options[name];
  if (known === undefined) throw new Error(`docker ${name} is not known here`);
  const given = new Map<string, string>();
  let at = 0;
  for (; words[at]?.startsWith('-'); at++) {
    const [option, value = ''] = words[at]!.split(/=(.*)/s);
    if (!known.includes(option!)) throw new Error(`docker ${name} has no option ${option} here`);
    given.set(option!, withValue.has(option!) ? words[++at]! : value);
  }
  return { given, rest: words.slice(at) };
}

async function checkFile(file: string, root: string): Promise<void> {
  await stat(resolve(root, file));
}
