// The part of the configuration that says who makes what: the order of makers, and keys, addresses, models and prices
// of providers. Read by config.ts only.
import { readFileSync } from 'node:fs';

import { z } from 'zod';
import { listPrices, type Prices, withOwnPrices } from '../domain/prices.ts';
import { type ElevenlabsConfig, elevenlabsConfig, elevenlabsSchema } from './elevenlabs.ts';
import { type FreesoundConfig, freesoundConfig, freesoundSchema } from './freesound.ts';
import { type GeminiConfig, geminiConfig, geminiSchema } from './gemini.ts';
import { type SunoConfig, sunoConfig, sunoSchema } from './suno.ts';

/** For each capability, who can be named. `offline` needs nothing. */
const makerNames = {
  plan: ['gemini', 'offline'],
  voice: ['elevenlabs', 'offline'],
  music: ['suno', 'elevenlabs', 'offline'],
  effects: ['freesound', 'elevenlabs', 'offline'],
  pictures: ['gemini', 'veo', 'offline'],
} as const;

export type MakerName<C extends keyof typeof makerNames> = (typeof makerNames)[C][number];

/** A comma-separated list of distinct names, first asked first. */
const order = <C extends keyof typeof makerNames>(capability: C) =>
  z
    .string()
    .default('offline')
    .transform((text, context) => {
      const known: readonly string[] = makerNames[capability];
      const names = text.split(',').map((name) => name.trim());
      const wrong = names.filter((name, index) => !known.includes(name) || names.indexOf(name) !== index);
      if (wrong.length > 0) context.addIssue(`must be a list of ${known.join(', ')}, each once`);
      return names as [MakerName<C>, ...MakerName<C>[]];
    });

/** The path of a JSON file with an operator's own prices. */
const prices = () =>
  z
    .string()
    .optional()
    .transform((path, context): Prices => {
      if (path === undefined) return listPrices;
      try {
        return withOwnPrices(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        context.addIssue(`the file ${path} cannot be used: ${(error as Error).message}`);
        return listPrices;
      }
    });

export const providerSchema = {
  AIPROD_PLAN: order('plan'),
  AIPROD_VOICE: order('voice'),
  AIPROD_MUSIC: order('music'),
  AIPROD_EFFECTS: order('effects'),
  AIPROD_PICTURES: order('pictures'),
  AIPROD_PRICES: prices(),
  ...elevenlabsSchema,
  ...geminiSchema,
  ...sunoSchema,
  ...freesoundSchema,
};
type ProviderEnvironment = z.infer<z.ZodObject<typeof providerSchema>>;

export interface ProviderConfig {
  /** Who makes what, first asked first. */
  order: { [C in keyof typeof makerNames]: readonly [MakerName<C>, ...MakerName<C>[]] };
  prices: Prices;
  elevenlabs: ElevenlabsConfig;
  gemini: GeminiConfig;
  suno: SunoConfig;
  freesound: FreesoundConfig;
}

export function providerConfig(env: ProviderEnvironment): ProviderConfig {
  return {
    order: {
      plan: env.AIPROD_PLAN,
      voice: env.AIPROD_VOICE,
      music: env.AIPROD_MUSIC,
      effects: env.AIPROD_EFFECTS,
      pictures: env.AIPROD_PICTURES,
    },
    prices: env.AIPROD_PRICES,
    elevenlabs: elevenlabsConfig(env),
    gemini: geminiConfig(env),
    suno: sunoConfig(env),
    freesound: freesoundConfig(env),
  };
}

/** What providers cannot do without, where they are named. */
const needed = {
  elevenlabs: ['ELEVENLABS_API_KEY'],
  gemini: ['GEMINI_API_KEY'],
  veo: ['GEMINI_API_KEY', 'AIPROD_VEO_MODEL'],
  suno: ['AIPROD_SUNO_URL', 'SUNO_API_KEY'],
  freesound: ['FREESOUND_API_KEY'],
} as const;

/** What is wrong with settings together, each of which is right by itself. */
export function faultsOfProviders(env: ProviderEnvironment): string[] {
  const orders = Object.entries({
    AIPROD_PLAN: env.AIPROD_PLAN,
    AIPROD_VOICE: env.AIPROD_VOICE,
    AIPROD_MUSIC: env.AIPROD_MUSIC,
    AIPROD_EFFECTS: env.AIPROD_EFFECTS,
    AIPROD_PICTURES: env.AIPROD_PICTURES,
  });
  return Object.entries(needed).flatMap(([maker, names]) => {
    const missing = names.filter((name) => env[name] === undefined);
    return orders
      .filter(([, makers]) => (makers as readonly string[]).includes(maker))
      .flatMap(([setting]) => missing.map((name) => `${setting}: ${maker} needs ${name}`));
  });
}
