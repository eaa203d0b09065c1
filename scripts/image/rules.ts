// What our Dockerfile must be besides valid: pinned, without development packages, its program neither root nor a shell.
import { assignments, execForm, type Instruction, readDockerfile, type Stage } from './dockerfile.ts';

const inits = ['tini', 'dumb-init'];

/** One line per broken rule, with where. */
export function brokenRules(text: string): string[] {
  const stages = readDockerfile(text);
  const all = stages.flatMap(({ instructions }) => instructions);
  const last = stages.at(-1)!;
  return [
    ...stages.flatMap((stage, index) => faultsOfBase(stage, stages.slice(0, index))),
    ...all.flatMap((instruction) =>
      faultsOf(instruction).map((fault) => `line ${instruction.line}: ${fault}`),
    ),
    ...faultsOfProgram(last),
  ];
}

function faultsOfBase({ from, line }: Stage, before: Stage[]): string[] {
  if (before.some(({ name }) => name === from)) return [];
  if (/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/.test(from) && !/:latest@/.test(from)) return [];
  return [`line ${line}: ${from} is not named by tag and digest`];
}

function faultsOf({ name, text, flags }: Instruction): string[] {
  switch (name) {
    case 'RUN':
      return faultsOfRun(text);
    case 'COPY':
      return flags.from === undefined && /^\.\/?\s/.test(text)
        ? ['copies the whole folder: name what is needed']
        : [];
    case 'ADD':
      return ['ADD unpacks and downloads: use COPY'];
    case 'ARG':
    case 'ENV':
      return Object.keys(name === 'ENV' ? assignments(text) : { [text.split('=')[0]!]: '' })
        .filter((variable) => /KEY|TOKEN|SECRET|PASSWORD|PEPPER/i.test(variable))
        .map((variable) => `${variable} would be readable in the image`);
    case 'CMD':
    case 'ENTRYPOINT':
      return execForm(text) === undefined
        ? [`${name} is not in exec form: a shell would not pass signals on`]
        : [];
    case 'HEALTHCHECK':
      return execForm(text.replace(/^CMD\s+/, '')) === undefined ? ['HEALTHCHECK is not in exec form'] : [];
    default:
      return [];
  }
}

function faultsOfRun(text: string): string[] {
  const faults: string[] = [];
  if (/\bnpm (install|i|add)\b/.test(text)) faults.push('npm install may take other versions: use npm ci');
  if (/\bnpm ci\b/.test(text) && !/--omit=dev\b/.test(text)) faults.push('npm ci takes development packages');
  if (/\bapt-get install\b/.test(text)) {
    if (!/\bapt-get update\b/.test(text))
      faults.push('apt-get install without apt-get update in the same step');
    if (!/--no-install-recommends\b/.test(text))
      faults.push('apt-get install without --no-install-recommends');
    if (!/rm -rf \/var\/lib\/apt\/lists/.test(text)) faults.push("apt-get's lists are left in the image");
  }
  if (/\b(curl|wget)\b[^|]*\|\s*(ba)?sh\b/.test(text)) faults.push('runs what it downloads');
  return faults;
}

function faultsOfProgram({ instructions }: Stage): string[] {
  const lastOf = (name: string) => instructions.findLast((each) => each.name === name)?.text;
  const faults: string[] = [];
  const user = lastOf('USER');
  if (!/^[1-9]\d*:[1-9]\d*$/.test(user ?? '')) {
    faults.push(`the program's user is ${user ?? 'root'}: name one that is not root, as uid:gid`);
  }
  const entry = execForm(lastOf('ENTRYPOINT') ?? '[]') ?? [];
  if (!inits.includes(entry[0] ?? '')) faults.push('ENTRYPOINT is no init: nobody would reap processes');
  for (const name of ['CMD', 'HEALTHCHECK'])
    if (lastOf(name) === undefined) faults.push(`there is no ${name}`);
  return faults;
}
