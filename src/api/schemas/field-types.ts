// The kinds of fields that several schemas share, with messages that say what to send instead.
import { z } from 'zod';

/** An object that refuses unknown members by name and says which ones it knows. */
export function strict<Shape extends z.ZodRawShape>(shape: Shape) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return `is not a known field here; known are: ${known}`;
      return issue.input === undefined ? 'is required and must be an object' : 'must be an object';
    },
  });
}

/** One of a closed list; the message names them all. */
export function choice<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names, { error: () => `must be one of: ${names.join(', ')}` });
}

/** True or false. */
export function flag() {
  return z.boolean({ error: 'must be true or false' });
}

/** Any text; `what` says in words which one is wanted. */
export function plainText(what: string) {
  return z.string({
    error: ({ input }) => `${input === undefined ? 'is required and ' : ''}must be ${what}`,
  });
}

/** A number between two limits, both allowed. */
export function numberBetween(least: number, most: number, { whole = false } = {}) {
  const error = `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}`;
  const base = whole ? z.int({ error }) : z.number({ error });
  return base.min(least, { error }).max(most, { error });
}

/** Characters as people count them: code points, not UTF-16 units or bytes. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Says why a text cannot be kept as it is; undefined when it can. */
export function faultOfText(text: string): string | undefined {
  const nul = text.indexOf('\u0000');
  if (nul >= 0) return `holds a NUL character (U+0000) at position ${nul}; leave it out`;
  if (!text.isWellFormed())
    return 'holds half of a surrogate pair, which is no character; send valid Unicode';
  return undefined;
}

/** Text for people, counted in code points; whitespace alone does not count as text. */
export function text(maxCharacters: number) {
  return plainText('text: the words to speak')
    .superRefine((value, context) => {
      const refuse = (message: string) => void context.addIssue({ code: 'custom', message });
      const fault = faultOfText(value);
      if (fault !== undefined) return refuse(fault);
      const characters = countCharacters(value);
      if (characters === 0) return refuse('is empty; send the words to speak');
      if (characters > maxCharacters) {
        return refuse(
          `has ${grouped(characters)} characters (Unicode code points); at most ${grouped(maxCharacters)} are allowed`,
        );
      }
      if (value.trim() === '') return refuse('holds only white space; send the words to speak');
    })
    .meta({ minLength: 1, maxLength: maxCharacters });
}

/** Query parameter: how many of a list to answer with. */
export function pageSize(most: number, usual: number) {
  const error = `must be a whole number from 1 to ${most}`;
  return z.coerce.number({ error }).int({ error }).min(1, { error }).max(most, { error }).default(usual);
}

/** Query parameter: where a list goes on. */
export const pageCursor = z
  .string({ error: 'must be the next_cursor of a page, given once' })
  .min(1, 'is empty; send the next_cursor of a page')
  .max(500, 'is too long to be the next_cursor of a page')
  .optional()
  .describe('`next_cursor` of the page before.');

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** ISO 8601 in UTC. */
export const timestamp = z.iso.datetime().meta({ example: '2026-11-24T09:30:00.000Z' });

export const microUsd = z.int().min(0).describe('Millionths of a US dollar.');
