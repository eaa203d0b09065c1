// Looks through the models folder: which of its folders hold a neural voice, of which kind and language. Loads none.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import { AppError } from '../../../domain/errors.ts';
import { referenceVoice } from '../voices.ts';
import { readOnnxMetadata } from './onnx-metadata.ts';
import type { BrokenModel, ModelKind, VoiceModel } from './voice-model.ts';

export interface FoundModels {
  models: VoiceModel[];
  broken: BrokenModel[];
}

/** What a user may write into a model's `voice.json` where the model does not tell it. */
const ownFacts = z
  .strictObject({
    name: z.string().min(1).max(60),
    language: z.string().regex(/^[a-z]{2,3}$/, 'must be a two- or three-letter language code'),
    licence: z.string().min(1).max(120),
    speaker: z.int().min(0).max(10_000),
  })
  .partial();
type OwnFacts = z.infer<typeof ownFacts>;

const folderName = /^[a-z0-9][a-z0-9_-]{0,47}$/;
/** espeak-ng's phoneme data, without which the library ends the process. */
const phonemeFiles = ['phontab', 'phonindex', 'phondata', 'intonations'];

/**
 * Folders with a fault are named in `broken`, never used. Throws `config_invalid` when `folder` itself cannot be read.
 */
export async function findVoiceModels(folder: string): Promise<FoundModels> {
  const found: FoundModels = { models: [], broken: [] };
  for (const name of await listFolders(folder)) {
    try {
      found.models.push(await describe(path.join(folder, name), name));
    } catch (error) {
      found.broken.push({ folder: name, fault: (error as Error).message });
    }
  }
  return found;
}

async function listFolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.name.startsWith('.') && !entry.isFile())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AppError('config_invalid', `The voice models folder ${folder} cannot be read (${code}).`, {
      hint: 'Set AIPROD_VOICE_MODELS to a folder with one folder a voice, or leave it unset.',
      cause: error,
    });
  }
}

async function describe(folder: string, name: string): Promise<VoiceModel> {
  if (!folderName.test(name)) {
    throw new Error('its name must be of a to z, 0 to 9, - and _, at most 48 characters');
  }
  const entries = (await readdir(folder)).sort();
  const own = await readOwnFacts(folder, entries);
  const { kind, files, model } = await pickFiles(folder, entries);
  const facts = await readOnnxMetadata(model).catch((error: Error) => {
    throw new Error(`${path.basename(model)} cannot be used: ${error.message}`);
  });
  const sampleRate = Number(facts.get('sample_rate'));
  if (!Number.isInteger(sampleRate) || sampleRate < 8_000 || sampleRate > 48_000) {
    throw new Error(
      `${path.basename(model)} names no sample rate from 8000 to 48000 Hz in its metadata; take a model that was made for sherpa-onnx`,
    );
  }
  const language = own.language ?? languageOf(facts);
  if (referenceVoice(language) === undefined) {
    throw new Error(`no voice here speaks its language, ${language}, to find the times of its words by`);
  }
  const speakers = Number(facts.get('n_speakers') ?? 1);
  const speaker = own.speaker ?? 0;
  if (speaker > 0 && speaker >= speakers) {
    throw new Error(`voice.json asks for speaker ${speaker}, the model has ${speakers}`);
  }
  return {
    voice: `neural-${name}`,
    name: own.name ?? name,
    language,
    licence: own.licence ?? `see the model in the folder ${name}`,
    kind,
    files,
    speaker,
    sampleRate,
    digest: await digestOf(folder),
  };
}

async function readOwnFacts(folder: string, entries: string[]): Promise<OwnFacts> {
  if (!entries.includes('voice.json')) return {};
  const text = await readFile(path.join(folder, 'voice.json'), 'utf8');
  try {
    const parsed = ownFacts.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
    throw new Error(`voice.json is not valid: ${faults.join('; ')}`);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Error('voice.json is no JSON');
    throw error;
  }
}

interface PickedFiles {
  kind: ModelKind;
  files: Record<string, string>;
  /** The file whose metadata speaks for the voice. */
  model: string;
}

async function pickFiles(folder: string, entries: string[]): Promise<PickedFiles> {
  const need = (name: string, what: string) => {
    if (!entries.includes(name)) throw new Error(`${name} is missing (${what})`);
    return path.join(folder, name);
  };
  const models = entries.filter((name) => name.endsWith('.onnx'));
  if (models.length === 0) throw new Error('there is no .onnx model in it');
  const tokens = need('tokens.txt', 'the list of sounds that the model knows');
  const lexicon = entries.includes('lexicon.txt') ? path.join(folder, 'lexicon.txt') : undefined;
  const dataDir = await phonemeData(folder, entries);
  if (dataDir === undefined && lexicon === undefined) {
    throw new Error('espeak-ng-data or lexicon.txt is missing (how words are pronounced)');
  }
  const words = { ...(dataDir && { dataDir }), ...(lexicon && { lexicon }) };

  const acoustic = models.find((name) => /^model-steps-\d+\.onnx$/.test(name));
  if (acoustic !== undefined) {
    const vocoder =
      models.find((name) => /vocos|hifigan/i.test(name)) ?? models.find((name) => name !== acoustic);
    if (vocoder === undefined) throw new Error('the vocoder is missing (vocos-*.onnx or hifigan_*.onnx)');
    const model = path.join(folder, acoustic);
    const files = { acousticModel: model, vocoder: path.join(folder, vocoder), tokens, ...words };
    return { kind: 'matcha', files, model };
  }
  const [only] = models;
  if (models.length > 1)
    throw new Error(`it holds ${models.length} models (${models.join(', ')}); leave one`);
  const model = path.join(folder, only!);
  if (entries.includes('voices.bin')) {
    const files = { model, voices: path.join(folder, 'voices.bin'), tokens, ...words };
    return { kind: 'kokoro', files, model };
  }
  return { kind: 'vits', files: { model, tokens, ...words }, model };
}

async function phonemeData(folder: string, entries: string[]): Promise<string | undefined> {
  if (!entries.includes('espeak-ng-data')) return undefined;
  const data = path.join(folder, 'espeak-ng-data');
  const present = new Set(await readdir(data));
  const missing = phonemeFiles.filter((name) => !present.has(name));
  if (missing.length > 0) throw new Error(`espeak-ng-data is not complete: ${missing.join(', ')} missing`);
  return data;
}

const englishNames = new Intl.DisplayNames('en', { type: 'language' });
const knownLanguages = [
  ...['ar', 'bg', 'ca', 'cs', 'da', 'de', 'el', 'en', 'es', 'et', 'fa', 'fi', 'fr', 'hi', 'hr', 'hu', 'id'],
  ...['is', 'it', 'ka', 'kk', 'ko', 'lt', 'lv', 'lb', 'ne', 'nl', 'no', 'pl', 'pt', 'ro', 'ru', 'sk', 'sl'],
  ...['sr', 'sv', 'sw', 'tr', 'uk', 'vi', 'zh'],
];

/** From `voice` (`en-us`, `cmn`) or the English name of the language (`English`, `German`). */
function languageOf(facts: ReadonlyMap<string, string>): string {
  const code = /^[a-z]{2,3}(?=$|[-_])/i.exec(facts.get('voice') ?? '')?.[0].toLowerCase();
  if (code !== undefined) return { cmn: 'zh', nb: 'no' }[code] ?? code;
  const name = (facts.get('language') ?? '').split(/[,;(]/)[0]!.trim().toLowerCase();
  const known = knownLanguages.find((tag) => tag === name || englishNames.of(tag)?.toLowerCase() === name);
  if (known !== undefined) return known;
  throw new Error('its language is not known; write it into voice.json beside the model: {"language": "en"}');
}

/** Of every file's place and bytes. */
async function digestOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true });
  for (const name of entries.sort()) {
    const file = path.join(folder, name);
    if (!(await stat(file)).isFile()) continue;
    hash.update(`${name}\0`);
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  }
  return hash.digest('hex');
}
