// The catalogue of offline voices and the choice among them. Light: the API process loads it; it knows no engine.
import { AppError } from '../../domain/errors.ts';
import type { Voice } from '../../ports/providers.ts';
import type { VoiceModel } from './neural/voice-model.ts';
import type { Peak } from './polish.ts';
import type { Melody } from './prosody/intonation.ts';

export interface OfflineVoice extends Voice {
  engine: 'flite' | 'espeak-ng' | 'neural';
  /** The engine's own name of the voice. */
  engineVoice: string;
  /** Brings this voice to where the polish works best: its take is then at about −25 LUFS. Measured. */
  levelDb: number;
  /** The engine's pace at which this voice narrates at ease. */
  tempo: number;
  /** Towards the spectrum of broadcast speech. Measured. */
  tone: readonly Peak[];
  /** What its engine's melody lacks; undefined = nothing. */
  melody?: Melody;
}

const peak = (hz: number, q: number, gainDb: number): Peak => ({ hz, q, gainDb });
/** For voices that nobody has measured: less box, more presence. */
const usualTone = [peak(320, 0.9, -2), peak(3_000, 0.8, 2.5), peak(5_500, 0.9, 1.5)];
const espeakTone = [peak(180, 0.8, 2), peak(1_400, 0.7, -2), peak(3_000, 0.8, -4)];

const fliteLicence = 'BSD-like (CMU Flite)';
const espeakLicence = 'GPL-3.0 (eSpeak NG)';

function flite(
  engineVoice: string,
  name: string,
  { levelDb, tempo, range, tone }: Pick<OfflineVoice, 'levelDb' | 'tempo' | 'tone'> & Pick<Melody, 'range'>,
  description: string,
): OfflineVoice {
  const voice = `en-${engineVoice}`;
  const engine = 'flite';
  return {
    voice,
    name,
    languages: ['en'],
    engine,
    licence: fliteLicence,
    description,
    engineVoice,
    levelDb,
    tempo,
    tone,
    melody: { range, lengthening: 0.1, cadence: 1 },
  };
}

function espeak(id: string, name: string, engineVoice: string, languages = [id]): OfflineVoice {
  return {
    voice: `${id}-espeak`,
    name: `${name} (eSpeak)`,
    languages,
    engine: 'espeak-ng',
    licence: espeakLicence,
    description: `male, clear but plainly synthetic, ${name}`,
    engineVoice,
    levelDb: 2.5,
    tempo: 1,
    tone: espeakTone,
    melody: { range: 1.2, lengthening: 0.22, cadence: 0.6 },
  };
}

/** The first that speaks a language is its default. */
export const catalogue: readonly OfflineVoice[] = [
  flite(
    'slt',
    'Sally',
    {
      levelDb: 0.5,
      tempo: 0.93,
      range: 1.7,
      tone: [peak(170, 0.9, -9), peak(1_300, 0.8, 1.5), peak(3_200, 0.7, 4), peak(5_500, 0.9, 2)],
    },
    'female, clear and even, American English',
  ),
  flite(
    'rms',
    'Robert',
    {
      levelDb: 4,
      tempo: 1,
      range: 1.1,
      tone: [peak(150, 0.8, -5), peak(900, 1.2, 3), peak(1_500, 0.8, 3), peak(5_500, 0.9, 1.5)],
    },
    'male, deep and measured, American English',
  ),
  flite(
    'awb',
    'Alan',
    {
      levelDb: 3,
      tempo: 0.95,
      range: 1.2,
      tone: [peak(250, 0.9, -2.5), peak(3_000, 0.8, 1), peak(6_000, 0.7, 9)],
    },
    'male, lively, Scottish English',
  ),
  espeak('en', 'American English', 'en-us'),
  { ...espeak('en-gb', 'British English', 'en'), languages: ['en'] },
  espeak('ar', 'Arabic', 'ar'),
  espeak('bg', 'Bulgarian', 'bg'),
  espeak('ca', 'Catalan', 'ca'),
  espeak('cs', 'Czech', 'cs'),
  espeak('da', 'Danish', 'da'),
  espeak('de', 'German', 'de'),
  espeak('el', 'Greek', 'el'),
  espeak('es', 'Spanish', 'es'),
  { ...espeak('es-419', 'Latin American Spanish', 'es-419'), languages: ['es'] },
  espeak('et', 'Estonian', 'et'),
  espeak('fa', 'Persian', 'fa'),
  espeak('fi', 'Finnish', 'fi'),
  espeak('fr', 'French', 'fr'),
  espeak('hi', 'Hindi', 'hi'),
  espeak('hr', 'Croatian', 'hr'),
  espeak('hu', 'Hungarian', 'hu'),
  espeak('id', 'Indonesian', 'id'),
  espeak('it', 'Italian', 'it'),
  espeak('ko', 'Korean', 'ko'),
  espeak('lt', 'Lithuanian', 'lt'),
  espeak('lv', 'Latvian', 'lv'),
  espeak('nl', 'Dutch', 'nl'),
  espeak('no', 'Norwegian', 'nb', ['no', 'nb']),
  espeak('pl', 'Polish', 'pl'),
  espeak('pt', 'Brazilian Portuguese', 'pt-br'),
  { ...espeak('pt-pt', 'European Portuguese', 'pt'), languages: ['pt'] },
  espeak('ro', 'Romanian', 'ro'),
  espeak('ru', 'Russian', 'ru'),
  espeak('sk', 'Slovak', 'sk'),
  espeak('sl', 'Slovenian', 'sl'),
  espeak('sr', 'Serbian', 'sr'),
  espeak('sv', 'Swedish', 'sv'),
  espeak('tr', 'Turkish', 'tr'),
  espeak('uk', 'Ukrainian', 'uk'),
  espeak('vi', 'Vietnamese', 'vi'),
  espeak('zh', 'Mandarin Chinese', 'cmn', ['zh', 'cmn']),
];

/** A voice from the user's models folder. */
export function neuralVoice({ voice, name, language, licence, digest }: VoiceModel): OfflineVoice {
  return {
    voice,
    name: `${name} (neural)`,
    languages: [language],
    engine: 'neural',
    licence,
    description: 'from your models folder; word times are found by comparison, nearly always within 80 ms',
    digest,
    engineVoice: '',
    levelDb: 0,
    tempo: 1,
    tone: usualTone,
  };
}

/** Who speaks the language with times of its own, for a neural voice to be compared with. */
export function referenceVoice(language: string): OfflineVoice | undefined {
  // Of the English ones this came closest.
  if (language === 'en') return catalogue.find(({ voice }) => voice === 'en-rms');
  return catalogue.find(({ languages }) => languages.includes(language));
}

/**
 * The voice asked for, or the language's default. `language` is a BCP 47 tag of which the primary part counts; `added`
 * are never a default. Throws `language_unsupported`, `request_invalid` (no such voice, or it does not speak the language).
 */
export function chooseVoice(
  language: string,
  voice: string | undefined,
  added: readonly OfflineVoice[] = [],
): OfflineVoice {
  const primary = language.toLowerCase().split(/[-_]/)[0]!;
  const all = [...catalogue, ...added];
  const speakers = all.filter(({ languages }) => languages.includes(primary));
  const first = speakers[0];
  if (first === undefined) {
    const known = [...new Set(all.flatMap(({ languages }) => languages))].sort().join(', ');
    throw new AppError('language_unsupported', `No offline voice speaks the language ${quote(language)}.`, {
      hint: `Use one of: ${known}.`,
    });
  }
  if (voice === undefined) return first;
  const asked = speakers.find((each) => each.voice === voice);
  if (asked !== undefined) return asked;
  const elsewhere = all.some((each) => each.voice === voice);
  const message = elsewhere
    ? `The voice ${quote(voice)} does not speak the language ${quote(primary)}.`
    : `There is no voice ${quote(voice)}.`;
  throw new AppError('request_invalid', message, {
    hint: `Voices for ${primary}: ${speakers.map((each) => each.voice).join(', ')}.`,
    errors: [{ pointer: '/voice', detail: message }],
  });
}

/** Long or odd input, safe and short to show. */
function quote(text: string): string {
  const shown = text.replace(/[\p{Cc}\p{Cf}]/gu, '');
  return `“${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}”`;
}
