// Puts the makers in the order that the configuration asks for. Adapters of providers are loaded only when one is named.
import type { ProviderConfig } from './config-providers.ts';
import type { InOrder, Makers } from './ports/makers.ts';
import type { Metrics } from './ports/metrics.ts';

/** What adapters of providers are made of. */
export interface MakerParts {
  /** The makers that need nothing; they are asked when they are named, as an operator may forbid them. */
  offline: Makers;
  metrics: Pick<Metrics, 'providerCalled'>;
}

export async function chooseMakers({ order }: ProviderConfig, { offline }: MakerParts): Promise<Makers> {
  return {
    language: await inOrder(order.plan, { offline: () => offline.language[0] }),
    speech: await inOrder(order.voice, { offline: () => offline.speech[0] }),
    music: await inOrder(order.music, { offline: () => offline.music[0] }),
    soundEffects: await inOrder(order.effects, { offline: () => offline.soundEffects[0] }),
    visuals: await inOrder(order.pictures, { offline: () => offline.visuals[0] }),
    tools: offline.tools,
  };
}

async function inOrder<Name extends string, M>(
  [first, ...others]: readonly [Name, ...Name[]],
  create: Record<Name, () => M | Promise<M>>,
): Promise<InOrder<M>> {
  return [await create[first](), ...(await Promise.all(others.map((name) => create[name]())))];
}
