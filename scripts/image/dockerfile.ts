// Reads a Dockerfile into stages of instructions. Judges nothing (rules.ts) and performs nothing (perform.ts).

export interface Instruction {
  /** In capital letters. */
  name: string;
  /** `--from=packages` is `from: packages`. */
  flags: Record<string, string>;
  /** What follows the flags, continued lines joined. */
  text: string;
  /** Where it begins, counted from 1. */
  line: number;
}

export interface Stage {
  /** What FROM names: an image, or an earlier stage. */
  from: string;
  name: string | undefined;
  line: number;
  instructions: Instruction[];
}

/** Throws an Error that names the line when something stands before the first FROM. */
export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of readInstructions(text)) {
    const { name, line } = instruction;
    const [from, as, stageName] = instruction.text.split(/\s+/);
    if (name === 'FROM') {
      stages.push({ from: from!, name: as === undefined ? undefined : stageName, line, instructions: [] });
    } else if (stages.length === 0) {
      throw new Error(`line ${line}: ${name} before the first FROM`);
    } else {
      stages.at(-1)!.instructions.push(instruction);
    }
  }
  return stages;
}

function readInstructions(text: string): Instruction[] {
  const instructions: Instruction[] = [];
  let begun: { line: number; text: string } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    begun ??= { line: index + 1, text: '' };
    const goesOn = /\\\s*$/.test(line);
    begun.text += line.replace(/\\\s*$/, ' ');
    if (goesOn) continue;
    instructions.push(readInstruction(begun));
    begun = undefined;
  }
  return instructions;
}

function readInstruction({ line, text }: { line: number; text: string }): Instruction {
  const [, name, rest] = /^\s*(\w+)\s+(.*?)\s*$/.exec(text) ?? [];
  if (name === undefined) throw new Error(`line ${line}: not an instruction`);
  const [, given] = /^((?:--[\w-]+=\S+\s+)*)/.exec(rest!)!;
  const flags = [...given!.matchAll(/--([\w-]+)=(\S+)/g)].map(([, flag, value]) => [flag, value]);
  return {
    name: name.toUpperCase(),
    flags: Object.fromEntries(flags),
    text: rest!.slice(given!.length),
    line,
  };
}

/** `["a", "b"]` as a list; undefined for a shell's command line. */
export function execForm(text: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/** What ENV and LABEL say: `NAME=value NAME="with spaces"`. */
export function assignments(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)=(?:"([^"]*)"|(\S*))/g)];
  return Object.fromEntries(pairs.map(([, name, quoted, bare]) => [name, quoted ?? bare]));
}
