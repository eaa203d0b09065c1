// What paid providers take, as they publish it; operators who pay other prices say so. Micro-USD per named unit.

/** As published for their APIs in November 2026, in USD and without taxes; where prices differ, the higher. */
export const listPrices = {
  /** Multilingual and v3 models: 0.10. */
  elevenlabs_speech_per_1000_characters: 100_000,
  /** Flash and turbo models: 0.05. */
  elevenlabs_fast_speech_per_1000_characters: 50_000,
  /** 0.12. */
  elevenlabs_sound_effects_per_minute: 120_000,
  /** 0.30 for the first model, 0.60 for later ones. */
  elevenlabs_music_per_minute: 600_000,
  /** Gemini 3.8 Flash: 0.75, 1.50 from 2027 on. */
  gemini_text_per_million_input_tokens: 750_000,
  /** Thoughts included: 3.75, 7.50 from 2027 on. */
  gemini_text_per_million_output_tokens: 3_750_000,
  /** Gemini 3.1 Flash Image: 1,120 tokens of 60 per million. */
  gemini_picture_1k: 67_200,
  /** 1,680 tokens. */
  gemini_picture_2k: 100_800,
  /** Veo 3.1 with sound, up to 1080p: 0.40. */
  veo_per_second: 400_000,
  /** Two takes of one request, at the usual brokers: 12 credits of 0.005. */
  suno_song: 60_000,
};

export type PriceName = keyof typeof listPrices;
export type Prices = Readonly<Record<PriceName, number>>;

/** `units` may be a fraction; a part of a micro-USD counts as one. */
export function costMicroUsd(priceMicroUsd: number, units: number): number {
  // What arithmetic leaves behind the sixth digit is no part of anything.
  return Math.ceil(Number((priceMicroUsd * units).toFixed(6)));
}

/**
 * The list prices with an operator's own in their place. `changes` is what was read from JSON. Throws an Error that says
 * which entries are not prices.
 */
export function withOwnPrices(changes: unknown): Prices {
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes))
    throw new Error('it must be one JSON object of names and prices');
  const entries = Object.entries(changes);
  const unknown = entries.filter(([name]) => !Object.hasOwn(listPrices, name)).map(([name]) => name);
  if (unknown.length > 0)
    throw new Error(
      `there is no price ${unknown.join(', ')}; there are ${Object.keys(listPrices).join(', ')}`,
    );
  const wrong = entries
    .filter(([, price]) => !(Number.isSafeInteger(price) && price >= 0))
    .map(([name]) => name);
  if (wrong.length > 0) throw new Error(`${wrong.join(', ')} must be whole numbers of micro-USD`);
  return { ...listPrices, ...(changes as Partial<Prices>) };
}
