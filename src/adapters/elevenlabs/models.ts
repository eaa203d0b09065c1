// What is known of ElevenLabs' speech models: how much they take at once, which languages they speak, and what they heed.
import type { PriceName } from '../../domain/prices.ts';

export interface SpeechModel {
  /** Of one request. */
  mostCharacters: number;
  /** BCP 47 primary tags. */
  languages: readonly string[];
  /** Heeds `language_code`; others find out by themselves, and refuse to be told. */
  takesLanguage: boolean;
  /** Heeds what is said before and after. */
  takesContext: boolean;
  /** Heeds `style`, which the small models do not have. */
  takesStyle: boolean;
  /** Takes 0, 0.5 and 1 as stability, nothing between. */
  coarseStability: boolean;
  price: PriceName;
}

const multilingual =
  'en ja zh de hi fr ko pt it es id nl tr fil pl sv bg ro ar cs el fi hr ms sk da ta uk ru'.split(' ');
const everyLanguage = [
  ...multilingual,
  ...'af hy as az be bn bs ca ceb et gl gu ha he hu is ga jv kn kk ka ky lb ln lt lv mk ml mr ne no ny pa ps fa'.split(
    ' ',
  ),
  ...'sd sl so sr sw te th ur vi cy'.split(' '),
];

const large: SpeechModel = {
  mostCharacters: 10_000,
  languages: multilingual,
  takesLanguage: false,
  takesContext: true,
  takesStyle: true,
  coarseStability: false,
  price: 'elevenlabs_speech_per_1000_characters',
};
const small: SpeechModel = {
  ...large,
  mostCharacters: 40_000,
  languages: [...multilingual, 'hu', 'no', 'vi'],
  takesLanguage: true,
  takesStyle: false,
  price: 'elevenlabs_fast_speech_per_1000_characters',
};
const englishSmall: SpeechModel = {
  ...small,
  mostCharacters: 30_000,
  languages: ['en'],
  takesLanguage: false,
};

const known = new Map<string, SpeechModel>([
  ['eleven_multilingual_v2', large],
  [
    'eleven_v3',
    {
      ...large,
      mostCharacters: 5_000,
      languages: everyLanguage,
      takesLanguage: true,
      takesContext: false,
      coarseStability: true,
    },
  ],
  ['eleven_flash_v2_5', small],
  ['eleven_turbo_v2_5', small],
  ['eleven_flash_v2', englishSmall],
  ['eleven_turbo_v2', englishSmall],
]);

/** Of a model that nobody here has heard of, no more is expected than of all others. */
const unheardOf: SpeechModel = { ...large, mostCharacters: 5_000, takesContext: false, takesStyle: false };

export function speechModel(name: string): SpeechModel {
  return known.get(name) ?? unheardOf;
}
