// Performs the steps of a Dockerfile in folders, one per stage. Knows the instructions that ours has and refuses all others:
// a step that is not performed proves nothing.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, posix, relative } from 'node:path';
import { promisify } from 'node:util';

import { assignments, execForm, type Instruction, readDockerfile } from './dockerfile.ts';
import { runInside } from './enter.ts';

export interface Image {
  /** The folder that is `/`. */
  root: string;
  env: Record<string, string>;
  workdir: string;
  /** `uid:gid`; undefined = root. */
  user: string | undefined;
  volumes: string[];
  entrypoint: string[];
  command: string[];
  healthCheck: string[];
}

export interface Workplace {
  /** The project's folder. */
  context: string;
  keptOut(path: string): boolean;
  /** Where the stages' folders are made; not there yet, or empty. */
  folder: string;
  /** Puts what the named image contains into an empty folder. */
  layBase(image: string, root: string): Promise<void>;
  /** Of this machine, for steps that ask the network: variables, and files inside → outside. */
  network: { env: Record<string, string>; files: Record<string, string> };
  onStep(step: string, seconds: number): void;
}

/** Answers the last stage. Throws an Error that names the line of the step that failed or is not known. */
export async function performDockerfile(text: string, workplace: Workplace): Promise<Image> {
  const done = new Map<string, Image>();
  let image: Image | undefined;
  for (const [index, stage] of readDockerfile(text).entries()) {
    const before = done.get(stage.from);
    const root = join(workplace.folder, stage.name ?? String(index));
    mkdirSync(root, { recursive: true });
    const begun = performance.now();
    if (before === undefined) await workplace.layBase(stage.from, root);
    else await copyTree(before.root, root);
    workplace.onStep(`FROM ${stage.from.split('@')[0]}`, (performance.now() - begun) / 1000);
    image = before === undefined ? emptyImage(root) : { ...structuredClone(before), root };
    for (const instruction of stage.instructions) {
      const startedAt = performance.now();
      try {
        await perform(instruction, image, done, workplace);
      } catch (error) {
        throw new Error(`line ${instruction.line}: ${(error as Error).message}`);
      }
      const seconds = (performance.now() - startedAt) / 1000;
      workplace.onStep(`${instruction.name} ${instruction.text}`, seconds);
    }
    if (stage.name !== undefined) done.set(stage.name, image);
  }
  return image!;
}

const emptyImage = (root: string): Image => ({
  ...{ root, env: {}, workdir: '/', user: undefined, volumes: [] },
  ...{ entrypoint: [], command: [], healthCheck: [] },
});

async function perform(
  { name, text, flags }: Instruction,
  image: Image,
  stages: Map<string, Image>,
  workplace: Workplace,
): Promise<void> {
  switch (name) {
    case 'RUN':
      refuseFlags(flags);
      return run(text, image, workplace);
    case 'COPY': {
      const { from, ...others } = flags;
      refuseFlags(others);
      const stage = from === undefined ? undefined : stages.get(from);
      if (from !== undefined && stage === undefined) throw new Error(`no stage is named ${from}`);
      return copy(text.split(/\s+/), image, stage, workplace);
    }
    case 'WORKDIR':
      image.workdir = posix.resolve(image.workdir, text);
      mkdirSync(join(image.root, image.workdir), { recursive: true });
      return;
    case 'ENV':
      Object.assign(image.env, assignments(text));
      return;
    case 'USER':
      image.user = text;
      return;
    case 'VOLUME':
      image.volumes = list(text);
      return;
    case 'ENTRYPOINT':
      image.entrypoint = list(text);
      return;
    case 'CMD':
      image.command = list(text);
      return;
    case 'HEALTHCHECK':
      image.healthCheck = list(text.replace(/^CMD\s+/, ''));
      return;
    case 'LABEL':
    case 'EXPOSE':
      return;
    default:
      throw new Error(`how to perform ${name} is not known`);
  }
}

function refuseFlags(flags: Record<string, string>): void {
  const [flag] = Object.keys(flags);
  if (flag !== undefined) throw new Error(`how to perform --${flag} is not known`);
}

function list(text: string): string[] {
  const words = execForm(text);
  if (words === undefined) throw new Error(`not in exec form: ${text}`);
  return words;
}

async function run(text: string, image: Image, { network }: Workplace): Promise<void> {
  const { root, env, workdir, user } = image;
  const mounts = { '/etc/resolv.conf': '/etc/resolv.conf', ...network.files };
  const made = Object.keys(mounts).filter((inside) => !existsSync(join(root, inside)));
  for (const inside of made) writeFileSync(join(root, inside), '');
  const command = ['/bin/sh', '-c', text];
  await runInside({ root, env: { ...network.env, ...env }, workdir, user, mounts, command });
  for (const inside of made) rmSync(join(root, inside));
}

async function copy(
  words: string[],
  image: Image,
  stage: Image | undefined,
  { context, keptOut }: Workplace,
): Promise<void> {
  const destination = words.at(-1)!;
  const sources = words.slice(0, -1);
  if (sources.length > 1 && !destination.endsWith('/')) throw new Error(`${destination} must end with /`);
  const target = join(image.root, posix.resolve(image.workdir, destination));
  for (const source of sources) {
    const from = join(stage?.root ?? context, stage === undefined ? source : posix.resolve('/', source));
    const isFolder = lstatSync(from).isDirectory();
    const to = !isFolder && destination.endsWith('/') ? join(target, basename(source)) : target;
    if (!isFolder && existsSync(to) && lstatSync(to).isDirectory()) throw new Error(`${to} is a folder`);
    mkdirSync(dirname(to), { recursive: true });
    if (stage === undefined) copyFromContext(from, to, context, keptOut);
    else await copyTree(from, to);
  }
}

/** Everything that is copied belongs to root, who runs this. */
function copyFromContext(
  from: string,
  to: string,
  context: string,
  keptOut: (path: string) => boolean,
): void {
  if (keptOut(relative(context, from))) throw new Error(`${from} is kept out by .dockerignore`);
  const filter = (path: string) => !keptOut(relative(context, path));
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter });
}

async function copyTree(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['--archive', '--no-target-directory', from, to]);
}
