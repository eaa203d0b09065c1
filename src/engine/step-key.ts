// Names a step's work by what was asked: equal questions have equal keys, whoever asks and whenever.
import { createHash } from 'node:crypto';

import type { Json } from '../ports/step-store.ts';

/** JSON with object keys in code-unit order and without undefined members: equal values have equal text. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`A step's input holds ${value}, which JSON cannot carry`);
  }
  return JSON.stringify(value);
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface StepKey {
  /** SHA-256 over the step's name, version and input. */
  stepKey: string;
  /** Digest of each part (`version`, `input.pace`, …), so that a later run can tell what changed. */
  parts: Record<string, string>;
}

export function stepKeyOf(step: { name: string; version: string }, input: Json): StepKey {
  const parts: Record<string, string> = { version: shortDigest(step.version) };
  if (input !== null && typeof input === 'object' && !Array.isArray(input)) {
    for (const [name, member] of Object.entries(input)) {
      if (member !== undefined) parts[`input.${name}`] = shortDigest(canonicalJson(member));
    }
  } else {
    parts.input = shortDigest(canonicalJson(input));
  }
  return { stepKey: sha256Hex(canonicalJson({ step: step.name, version: step.version, input })), parts };
}

/** Names of the parts that differ between two runs of a step, sorted. */
export function changedParts(before: Record<string, string>, after: Record<string, string>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => before[name] !== after[name]).sort();
}

function shortDigest(text: string): string {
  return sha256Hex(text).slice(0, 16);
}
