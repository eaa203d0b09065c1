// Puts the makers in the order that the configuration asks for. Adapters of providers are loaded only when one is named.
import { systemClock } from '../adapters/system/clock.ts';
import type { ProviderConfig } from '../config/providers.ts';
import type { InOrder, Makers } from '../ports/makers.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { RequestBudget } from '../ports/request-budget.ts';
import type { Tracer } from '../ports/tracer.ts';

/** What adapters of providers are made of. */
export interface MakerParts {
  /** The makers that need nothing; they are asked when they are named, as an operator may forbid them. */
  offline: Makers;
  metrics: Pick<Metrics, 'providerUsed' | 'providerCalled'>;
  tracer?: Tracer;
  /** Shared by all instances. */
  requestBudget: RequestBudget;
}

export async function chooseMakers(config: ProviderConfig, parts: MakerParts): Promise<Makers> {
  const { order } = config;
  const { offline } = parts;
  const elevenlabs = once(() => loadElevenlabs(config, parts));
  const gemini = once(() => loadGemini(config, parts));
  return {
    language: await inOrder(order.plan, {
      gemini: async () => (await gemini()).language,
      offline: () => offline.language[0],
    }),
    speech: await inOrder(order.voice, {
      elevenlabs: async () => (await elevenlabs()).speech,
      offline: () => offline.speech[0],
    }),
    music: await inOrder(order.music, {
      suno: () => loadSuno(config, parts),
      elevenlabs: async () => (await elevenlabs()).music,
      offline: () => offline.music[0],
    }),
    soundEffects: await inOrder(order.effects, {
      freesound: () => loadFreesound(config, parts),
      elevenlabs: async () => (await elevenlabs()).soundEffects,
      offline: () => offline.soundEffects[0],
    }),
    visuals: await inOrder(order.pictures, {
      gemini: async () => (await gemini()).pictures,
      veo: async () => {
        const { clips } = await gemini();
        if (clips === undefined) throw new Error('Veo is named without its model');
        return clips;
      },
      offline: () => offline.visuals[0],
    }),
    tools: offline.tools,
  };
}

/** Makers of one account share its limits, whatever they make. */
async function loadElevenlabs({ elevenlabs, prices }: ProviderConfig, { offline, ...observers }: MakerParts) {
  const { createElevenlabsMakers } = await import('../adapters/elevenlabs/makers.ts');
  const { apiKey, baseUrl, concurrency } = elevenlabs;
  if (apiKey === undefined) throw new Error('ElevenLabs is named without its key');
  const client = await clientOf('elevenlabs', concurrency, observers);
  return createElevenlabsMakers({ client, baseUrl, apiKey, prices, tools: offline.tools }, elevenlabs);
}

async function loadGemini({ gemini, prices }: ProviderConfig, { offline, ...observers }: MakerParts) {
  const { createGeminiMakers } = await import('../adapters/gemini/makers.ts');
  const { apiKey, baseUrl, concurrency, models } = gemini;
  if (apiKey === undefined) throw new Error('Gemini is named without its key');
  const client = await clientOf('gemini', concurrency, observers);
  const clipClient = await clientOf('gemini', concurrency, observers);
  const parts = { client, clipClient, clock: systemClock, baseUrl, apiKey, prices };
  return createGeminiMakers({ ...parts, rules: offline.language[0] }, models);
}

async function loadSuno({ suno, prices }: ProviderConfig, { offline, ...observers }: MakerParts) {
  const { createSunoMusic } = await import('../adapters/suno/music.ts');
  const { createPinnedDownload } = await import('../adapters/https/pinned-download.ts');
  const { apiKey, baseUrl, concurrency, model, callbackUrl } = suno;
  if (apiKey === undefined || baseUrl === undefined)
    throw new Error('Suno is named without its key or address');
  const client = await clientOf('suno', concurrency, observers);
  const wayTo = createPinnedDownload({ baseUrl });
  const parts = { client, baseUrl, apiKey, prices, clock: systemClock, tools: offline.tools, wayTo };
  return createSunoMusic({ ...parts, model, callbackUrl });
}

async function loadFreesound(
  { freesound }: ProviderConfig,
  { offline, requestBudget, ...observers }: MakerParts,
) {
  const { createFreesoundEffects } = await import('../adapters/freesound/sound-effects.ts');
  const { createPinnedDownload } = await import('../adapters/https/pinned-download.ts');
  const { apiKey, baseUrl, concurrency, ...settings } = freesound;
  if (apiKey === undefined) throw new Error('Freesound is named without its key');
  const client = await clientOf('freesound', concurrency, observers);
  const wayTo = createPinnedDownload({ baseUrl });
  const parts = { client, baseUrl, apiKey, clock: systemClock, tools: offline.tools, wayTo };
  return createFreesoundEffects({ ...parts, budget: requestBudget, ...settings });
}

/** The client of a provider's adapter. */
export async function clientOf(
  provider: string,
  concurrency: number,
  { metrics, tracer }: Pick<MakerParts, 'metrics' | 'tracer'>,
) {
  const { createProviderClient } = await import('../adapters/http-provider/provider-client.ts');
  metrics.providerUsed(provider);
  const onCall = metrics.providerCalled;
  const parts = { provider, clock: systemClock, concurrency, onCall };
  return createProviderClient({ ...parts, ...(tracer && { tracer }) });
}

function once<Part>(create: () => Promise<Part>): () => Promise<Part> {
  let part: Promise<Part> | undefined;
  return () => {
    part ??= create();
    return part;
  };
}

async function inOrder<Name extends string, M>(
  [first, ...others]: readonly [Name, ...Name[]],
  create: Record<Name, () => M | Promise<M>>,
): Promise<InOrder<M>> {
  return [await create[first](), ...(await Promise.all(others.map((name) => create[name]())))];
}
