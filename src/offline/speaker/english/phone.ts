// Phone numbers over several tokens: `+1 (555) 123-4567`, `0800 123 456`.
import type { Part } from '../take-apart.ts';
import { spellDigits } from './numbers.ts';

const group = /^\+?\d{1,5}(?:-\d{3,5}){0,2}$/;
const leastDigits = 8;

/** True when `parts[index]` is one of the groups of a phone number. */
export function isPhoneAhead(parts: Part[], index: number): boolean {
  if (!group.test(parts[index]!.core)) return false;
  let first = index;
  while (first > 0 && goesOn(parts, first - 1)) first--;
  let last = index;
  while (goesOn(parts, last)) last++;
  if (last === first) return false;
  const written = parts.slice(first, last + 1);
  const digits = written.map(({ core }) => core.replace(/\D/g, '')).join('');
  const opens = parts[first]!;
  return (
    digits.length >= leastDigits &&
    digits.length <= 15 &&
    (/^(\+\d|0\d)/.test(opens.core) || (opens.opens && /^\d{3}$/.test(opens.core)))
  );
}

function goesOn(parts: Part[], index: number): boolean {
  const [here, next] = [parts[index]!, parts[index + 1]];
  // A bracket that closes asks for a comma's rest.
  const joined = here.rest === 'none' || (here.rest === 'comma' && here.opens);
  return joined && !here.stopped && next !== undefined && group.test(here.core) && group.test(next.core);
}

/** A country's code keeps its plus. */
export function readPhoneGroup(core: string): string {
  return `${core.startsWith('+') ? 'plus ' : ''}${spellDigits(core.replace(/\D/g, ''))}`;
}
