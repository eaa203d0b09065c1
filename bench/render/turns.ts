// Measures several ways of making the same pictures in turns, so that whatever else the machine does meets all of them,
// and prints the first one's lead over each other: per round, its median, its spread.
import { readFileSync } from 'node:fs';

import { descendants } from '../../scripts/process-memory.ts';
import { median, printTable } from './table.ts';

export interface Contestant {
  name: string;
  /** Makes its pictures once; how many they are. */
  run(): Promise<number>;
}

export interface Speed {
  framesPerSecond: number;
  /** Of this process and all below it. */
  cpuMsPerFrame: number;
}

export interface Measured {
  name: string;
  /** One for each round. */
  speeds: Speed[];
}

/** Each runs once unmeasured, to warm up, then `rounds` times in turns. */
export async function takeTurns(contestants: readonly Contestant[], rounds: number): Promise<Measured[]> {
  for (const { run } of contestants) await run();
  const measured = contestants.map(({ name }): Measured => ({ name, speeds: [] }));
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) measured[i]!.speeds.push(await measure(contestant));
  }
  return measured;
}

/** Frames per second of the first by those of the other in the same round. */
function ratiosOf(first: Measured, other: Measured): number[] {
  return first.speeds.map((speed, round) => speed.framesPerSecond / other.speeds[round]!.framesPerSecond);
}

/** A table of medians, and for all but the first the ratios of every round. */
export function printTurns([first, ...others]: readonly Measured[], digits: number): void {
  const row = ({ name, speeds }: Measured) => [
    name,
    median(speeds.map(({ framesPerSecond }) => framesPerSecond)).toFixed(1),
    median(speeds.map(({ cpuMsPerFrame }) => cpuMsPerFrame)).toFixed(1),
    // Far below what it can use, others had the machine: then the ratio of CPU says more than that of frames/s.
    median(
      speeds.map(({ framesPerSecond, cpuMsPerFrame }) => (framesPerSecond * cpuMsPerFrame) / 1000),
    ).toFixed(2),
  ];
  const compared = (other: Measured) => {
    const ratios = ratiosOf(first!, other).map((ratio) => ratio.toFixed(digits));
    const sorted = ratios.toSorted((a, b) => Number(a) - Number(b));
    const cpu = first!.speeds.map(
      ({ cpuMsPerFrame }, round) => other.speeds[round]!.cpuMsPerFrame / cpuMsPerFrame,
    );
    return [
      median(ratiosOf(first!, other)).toFixed(digits),
      `${sorted[0]}–${sorted.at(-1)}`,
      ratios.join(' '),
      median(cpu).toFixed(digits),
    ];
  };
  printTable([
    ['', 'frames/s', 'CPU ms/frame', 'cores had', 'ratio', 'spread', 'by round', 'CPU ratio'],
    [...row(first!), '', '', '', ''],
    ...others.map((other) => [...row(other), ...compared(other)]),
  ]);
}

async function measure({ run }: Contestant): Promise<Speed> {
  const cpuBefore = cpuMsOfTree();
  const startedAt = performance.now();
  const frames = await run();
  const seconds = (performance.now() - startedAt) / 1000;
  return { framesPerSecond: frames / seconds, cpuMsPerFrame: (cpuMsOfTree() - cpuBefore) / frames };
}

/** Including what processes took that have ended since: the kernel adds it to their parents. */
function cpuMsOfTree(): number {
  const { user, system } = process.cpuUsage();
  const below = descendants(process.pid).reduce((sum, pid) => sum + cpuTicks(pid, ['own', 'ended']), 0);
  return (user + system) / 1000 + 10 * (below + cpuTicks(process.pid, ['ended']));
}

/** Hundredths of a second: fields 14 and 15 of `stat` for its own, 16 and 17 for its ended children; 0 when it is gone. */
function cpuTicks(pid: number, of: readonly ('own' | 'ended')[]): number {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const sum = (first: number) => Number(fields[first]) + Number(fields[first + 1]);
  return of.reduce((ticks, which) => ticks + sum(which === 'own' ? 11 : 13), 0);
}
