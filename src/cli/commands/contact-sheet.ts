// aiprod contact-sheet: every style in every mood as one picture, to look at. Needs no server and no database.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { type Motif, motifs, waysToCompose } from '../../domain/storyboard.ts';
import { aspectRatios, type StyleName, styles } from '../../domain/video-request.ts';
import { CommandError, type ExitCode, exitCodes, refuseArguments } from '../exit-codes.ts';

export const contactSheetOptions = {
  style: { type: 'string' },
  motif: { type: 'string' },
  things: { type: 'string' },
  variant: { type: 'string' },
  aspect: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
} as const;

type Values = { [Name in keyof typeof contactSheetOptions]?: string };

export async function contactSheet(args: string[], values: Values): Promise<ExitCode> {
  refuseArguments('contact-sheet', args);
  const out = path.resolve(values.out ?? 'out/contact-sheet.png');
  const style = values.style === undefined ? undefined : oneOf<StyleName>('style', values.style, styles);
  const input = {
    ...(style !== undefined && { style }),
    motif: oneOf<Motif>('motif', values.motif ?? 'mountains', motifs),
    keywords: (values.things ?? '').split(/[\s,]+/).filter((word) => word !== ''),
    variant: wholeNumber('variant', values.variant ?? '0', waysToCompose - 1),
    aspect: oneOf('aspect', values.aspect ?? '16:9', aspectRatios),
    seed: wholeNumber('seed', values.seed ?? '1', 2 ** 31 - 1),
  };
  const { makeContactSheet } = await import('../../compose/contact-sheet-task.ts');
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const onProgress = (fraction: number) =>
      void (process.stderr.isTTY && process.stderr.write(`\r${Math.round(100 * fraction)} %`));
    const png = await makeContactSheet(input, { signal: interrupted.signal, onProgress });
    if (process.stderr.isTTY) process.stderr.write('\r');
    await mkdir(path.dirname(out), { recursive: true });
    await writeFile(out, png);
  } catch (error) {
    if (interrupted.signal.aborted) return exitCodes.interrupted;
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
  process.stdout.write(`${out}\n`);
  return exitCodes.ok;
}

function oneOf<Name extends string>(option: string, value: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === value);
  if (found !== undefined) return found;
  throw new CommandError(exitCodes.usage, `"${value}" is no ${option}.`, `One of: ${names.join(', ')}.`);
}

function wholeNumber(option: string, value: string, most: number): number {
  if (/^\d{1,10}$/.test(value) && Number(value) <= most) return Number(value);
  throw new CommandError(
    exitCodes.usage,
    `"${value}" is no ${option}.`,
    `Give a whole number from 0 to ${most}.`,
  );
}
