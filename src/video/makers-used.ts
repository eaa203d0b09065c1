// Keeps who made what in a video, for its manifest.
import type { Maker } from '../ports/providers.ts';

export type Capability = 'plan' | 'voice' | 'music' | 'sound_effects' | 'pictures';

export interface MakersUsed {
  note(capability: Capability, maker: Maker): void;
  /** Capability → makers with their versions; both in alphabetical order, whoever was done first. */
  list(): Partial<Record<Capability, string[]>>;
}

export function createMakersUsed(): MakersUsed {
  const used = new Map<Capability, Set<string>>();
  return {
    note(capability, { id, version }) {
      used.set(capability, (used.get(capability) ?? new Set()).add(`${id}@${version}`));
    },
    list: () =>
      Object.fromEntries(
        [...used.keys()].sort().map((capability) => [capability, [...used.get(capability)!].sort()]),
      ),
  };
}
