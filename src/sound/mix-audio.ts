// Sets narration, music and effects together: levels by measurement, then as many passes as it takes to land on the
// asked loudness with limited peaks. Each writes the mix and its stems, so that the one that lands is the last.
import path from 'node:path';

import { AppError } from '../domain/errors.ts';
import type { MadeFile } from '../ports/made-file.ts';
import type { MixInput, MixResult } from '../ports/media-tools.ts';
import type { WorkContext } from '../ports/work-context.ts';
import { createBreather } from './breather.ts';
import { gainToDb } from './decibels.ts';
import { drawDuckCurve } from './ducking.ts';
import { createLoudnessMeter, silenceLufs } from './loudness.ts';
import { type MixSettings, type MixSources, mixBlockFrames, mixRate, renderMix } from './mix-graph.ts';
import { type MixLevels, measureSource, type SourceLevel, solveLevels, spokenLufs } from './mix-levels.ts';
import { createTruePeakMeter } from './true-peak.ts';
import { openWavReader, openWavWriter, type WavReader } from './wav.ts';

/** Before AAC, which raises peaks; the delivered file is held to −1. */
const highestPeakDbtp = -2;
const startCeilingDb = -2.3;
const toleranceLu = 0.15;
const musicToleranceLu = 1;
const mostPasses = 8;
/** What compressors take from a usual voice, and the bus from the music under it: the first pass lands near with these. */
const usualLossDb = { voice: 3, music: 1.4 };
/** A voice that gains so little per dB, and lacks so much, is as loud as its limiter lets it be: music makes up for it. */
const saturatedYield = 0.4;
const saturatedErrorLu = 0.3;
/** Music comes no nearer to the voice than this. */
const nearestMusicLu = 9.5;
/** Noise of a nearly silent source is not pulled up further than this. */
const mostGainDb = 40;

/** Contract: see MediaTools. Throws `internal` for a clip that is not 48 kHz WAV, `storage_full`. */
export async function mixAudio(input: MixInput, context: WorkContext): Promise<MixResult> {
  const opened: WavReader[] = [];
  const open = (file: string) => {
    const reader = openWavReader(file);
    opened.push(reader);
    if (reader.sampleRate === mixRate) return reader;
    throw new AppError('internal', 'A sound has the wrong sample rate.', {
      cause: new Error(`${file} has ${reader.sampleRate} Hz`),
    });
  };
  try {
    const sources: MixSources = {
      narration: input.narration.map((clip) => ({
        reader: open(clip.path),
        startFrame: toFrame(clip.startMs),
      })),
      music: input.music === null ? null : open(input.music),
      effects: input.effects.map((clip) => ({
        reader: open(clip.path),
        startFrame: toFrame(clip.startMs),
        role: clip.role,
      })),
    };
    return await mix(input, sources, context);
  } finally {
    for (const reader of opened) reader.close();
  }
}

async function mix(input: MixInput, sources: MixSources, context: WorkContext): Promise<MixResult> {
  const breathe = createBreather(context.signal);
  const { loudnessLufs } = input;
  const frames = toFrame(input.durationMs);
  const speech = sources.narration.length > 0 ? input.speech : [];
  const curve = drawDuckCurve(speech, input.durationMs);
  const measure = (reader: WavReader) => measureSource(reader, mixBlockFrames, breathe);

  const voices: SourceLevel[] = [];
  for (const { reader } of sources.narration) voices.push(await measure(reader));
  const music = sources.music && (await measure(sources.music));
  const effects = [];
  for (const [i, { reader, role }] of sources.effects.entries()) {
    effects.push({ level: await measure(reader), role, intensity: input.effects[i]!.intensity });
  }
  const narrationLufs = narrationLoudness(voices);
  const levels = solveLevels({ loudnessLufs, narrationLufs, music, effects, speech, curve });
  const isSpoken = narrationLufs !== undefined;
  const startLevels = {
    ...levels,
    makeupDb: isSpoken ? usualLossDb.voice : 0,
    musicDb: levels.musicDb + (isSpoken ? usualLossDb.music : 0),
  };
  context.onProgress?.(0.2);

  let settings: MixSettings = { frames, levels: startLevels, curve, ceilingDb: startCeilingDb, loudnessLufs };
  /** LU that the voice gains per dB: less than 1, because of its limiter. */
  let yieldLu = isSpoken ? 0.85 : 1;
  let best: { settings: MixSettings; misses: number } | undefined;
  let written: { settings: MixSettings; heard: Heard } | undefined;
  let before: { db: number; lufs: number } | undefined;
  for (let pass = 0; pass < mostPasses; pass++) {
    const heard = await play(sources, settings, speech, context, breathe);
    written = { settings, heard };
    context.onProgress?.(0.2 + 0.7 * (1 - 0.4 ** (pass + 1)));
    const errorLu = heard.integratedLufs > silenceLufs ? loudnessLufs - heard.integratedLufs : 0;
    const isSaturated = yieldLu < saturatedYield && errorLu > saturatedErrorLu;
    const musicOffLu = musicError(heard, levels, isSaturated);
    const overDb = Math.max(0, heard.truePeakDbtp - highestPeakDbtp);
    const misses = Math.abs(errorLu) + 4 * overDb + 0.1 * Math.abs(musicOffLu);
    if (best === undefined || misses < best.misses) best = { settings, misses };
    if (Math.abs(errorLu) <= toleranceLu && overDb === 0 && Math.abs(musicOffLu) <= musicToleranceLu) break;

    const now = { db: settings.levels.makeupDb, lufs: heard.narrationLufs };
    if (before && Math.abs(now.db - before.db) > 0.2) {
      yieldLu = Math.min(1, Math.max(0.25, (now.lufs - before.lufs) / (now.db - before.db)));
    }
    before = now;
    settings = {
      ...settings,
      levels: moveLevels(settings.levels, {
        makeupDb: isSaturated ? errorLu : errorLu / yieldLu,
        musicDb: errorLu + musicOffLu,
        errorLu,
      }),
      ceilingDb: settings.ceilingDb - overDb,
    };
  }
  const chosen = best?.settings ?? settings;
  const heard =
    written?.settings === chosen ? written.heard : await play(sources, chosen, speech, context, breathe);
  context.onProgress?.(1);
  return resultOf(sources, heard, context);
}

/** LU by which the music stands too low under the voice. */
function musicError(heard: Heard, { narrationOverMusicLu }: MixLevels, isSaturated: boolean): number {
  if (heard.narrationToMusicLu === null || narrationOverMusicLu === null) return 0;
  const wantedLu = isSaturated ? Math.min(nearestMusicLu, narrationOverMusicLu) : narrationOverMusicLu;
  return heard.narrationToMusicLu - wantedLu;
}

function moveLevels(
  levels: MixLevels,
  by: { makeupDb: number; musicDb: number; errorLu: number },
): MixLevels {
  return {
    ...levels,
    makeupDb: Math.min(mostGainDb, levels.makeupDb + by.makeupDb),
    musicDb: Math.min(mostGainDb, levels.musicDb + by.musicDb),
    effectsDb: levels.effectsDb.map((db) => Math.min(mostGainDb, db + by.errorLu)),
  };
}

const bothChannelsLu = 10 * Math.log10(2);

/** Ungated mean over the clips, on two channels; undefined when nothing is heard. */
function narrationLoudness(voices: SourceLevel[]): number | undefined {
  const powers = Float64Array.from(voices.flatMap(({ stepPowers }) => [...stepPowers]));
  const lufs = spokenLufs(powers, [{ startMs: 0, endMs: Number.POSITIVE_INFINITY }]) + bothChannelsLu;
  return lufs > silenceLufs + bothChannelsLu ? lufs : undefined;
}

interface Heard {
  integratedLufs: number;
  truePeakDbtp: number;
  /** While somebody speaks. */
  narrationLufs: number;
  /** While somebody speaks; null without voice or music. */
  narrationToMusicLu: number | null;
}

/** Writes the mix and its stems as they sound with these settings, and listens. */
async function play(
  sources: MixSources,
  settings: MixSettings,
  speech: MixInput['speech'],
  context: WorkContext,
  breathe: () => Promise<void>,
): Promise<Heard> {
  const loudness = createLoudnessMeter(mixRate, 2);
  const truePeak = createTruePeakMeter(2, mixBlockFrames);
  // The voice is the same on both sides: one is measured for two.
  const voice = createLoudnessMeter(mixRate, 1);
  const music = createLoudnessMeter(mixRate, 2);
  const compare = speech.length > 0 && sources.music !== null;
  const writers = stemsOf(sources).map((name) => ({
    name,
    writer: openWavWriter(fileOf(name, context).path, 2, mixRate),
  }));
  try {
    for (const block of renderMix(sources, settings)) {
      loudness.push(block.mix, block.frames);
      truePeak.push(block.mix, block.frames);
      if (speech.length > 0) voice.push(block.narration, block.frames);
      if (compare) music.push(block.music, block.frames);
      for (const { name, writer } of writers) writer.write(block[name], block.frames);
      await breathe();
    }
  } finally {
    for (const { writer } of writers) writer.close();
  }
  const narrationLufs = spokenLufs(voice.read().stepPowers, speech) + bothChannelsLu;
  return {
    integratedLufs: loudness.read().integratedLufs,
    truePeakDbtp: gainToDb(truePeak.peak()),
    narrationLufs,
    narrationToMusicLu: compare ? narrationLufs - spokenLufs(music.read().stepPowers, speech) : null,
  };
}

type FileName = 'mix' | 'narration' | 'music' | 'effects';

function stemsOf({ music, effects }: MixSources): FileName[] {
  return [
    'mix',
    'narration',
    ...(music ? ['music' as const] : []),
    ...(effects.length > 0 ? ['effects' as const] : []),
  ];
}

function fileOf(name: FileName, { scratch }: WorkContext): MadeFile {
  return { path: path.join(scratch, `${name}.wav`), mediaType: 'audio/wav' };
}

function resultOf(sources: MixSources, heard: Heard, context: WorkContext): MixResult {
  const names = stemsOf(sources);
  const file = (name: FileName) => fileOf(name, context);
  return {
    mix: file('mix'),
    narration: file('narration'),
    music: names.includes('music') ? file('music') : null,
    effects: names.includes('effects') ? file('effects') : null,
    integratedLufs: heard.integratedLufs,
    truePeakDbtp: heard.truePeakDbtp,
    narrationToMusicLu: heard.narrationToMusicLu,
  };
}

function toFrame(ms: number): number {
  return Math.round((ms * mixRate) / 1000);
}
