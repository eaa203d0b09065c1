// Decides how loud each part stands in the mix: measures the sources and solves for gains and duck depth.
// The overall level is not its business; mix-audio.ts finds that by measuring the result.
import { dbToGain, gainToDb } from './decibels.ts';
import { duckAt, duckedPower, type SpeechSpan, solveDuckDepth } from './ducking.ts';
import {
  createLoudnessMeter,
  type Loudness,
  lufsToPower,
  powerToLufs,
  silenceLufs,
  stepsPerSecond,
} from './loudness.ts';
import type { WavReader } from './wav.ts';

/** While somebody speaks, narration stands this far above the music. The delivered file must keep 8 LU. */
const leastDistanceLu = 12;
/** Between sentences the music comes up to this far below the narration. */
const musicBelowNarrationLu = 6;
const duckLimits = { leastDb: 3, mostDb: 24 };
/** Below the narration's loudness at full intensity, and per unit of intensity less. */
const effectLevels = { bed: { belowLu: 11, rangeLu: 10 }, hit: { belowLu: 3, rangeLu: 9 } };
/** A hit that lasts, such as thunder, must not cover a sentence: its loudest 3 s stay this far below. */
const hitCoversLu = 8;
/** No effect peaks higher than this, dBFS in the finished mix: short sounds have little loudness and much peak. */
const effectPeakDb = -5;

export interface SourceLevel extends Loudness {
  /** Largest sample. */
  peak: number;
}

export interface MixLevels {
  /** dB on each source; on narration before its compressor. */
  narrationDb: number;
  /** dB on narration after its compressor, which cannot eat them. */
  makeupDb: number;
  musicDb: number;
  duckDepthDb: number;
  effectsDb: number[];
  /** How far narration should then stand above the music while somebody speaks, LU; null without either. */
  narrationOverMusicLu: number | null;
}

/** Reads a source once. Blocks of at most `blockFrames`; calls `pause` after each. */
export async function measureSource(
  reader: WavReader,
  blockFrames: number,
  pause: () => Promise<void>,
): Promise<SourceLevel> {
  const channels = Array.from({ length: reader.channelCount }, () => new Float32Array(blockFrames));
  const meter = createLoudnessMeter(reader.sampleRate, reader.channelCount);
  let peak = 0;
  for (let from = 0; from < reader.frameCount; from += blockFrames) {
    const frames = Math.min(blockFrames, reader.frameCount - from);
    reader.read(channels, from, frames);
    meter.push(channels, frames);
    for (const channel of channels) {
      for (let i = 0; i < frames; i++) peak = Math.max(peak, Math.abs(channel[i]!));
    }
    await pause();
  }
  return { ...meter.read(), peak };
}

/**
 * `narrationLufs` is the mean loudness of the narration while it speaks (stereo), or undefined without one.
 * `curve` is the duck curve of the same speech.
 */
export function solveLevels(input: {
  loudnessLufs: number;
  narrationLufs: number | undefined;
  music: SourceLevel | null;
  effects: { level: SourceLevel; role: 'bed' | 'hit'; intensity: number }[];
  speech: SpeechSpan[];
  curve: Float32Array;
}): MixLevels {
  const { loudnessLufs, narrationLufs, music, effects, speech, curve } = input;
  const spoken = narrationLufs !== undefined;
  const narrationDb = spoken ? loudnessLufs - narrationLufs : 0;
  const musicTargetLufs = spoken ? loudnessLufs - musicBelowNarrationLu : loudnessLufs;
  const musicDb = music && music.integratedLufs > silenceLufs ? musicTargetLufs - music.integratedLufs : 0;

  let duckDepthDb = 0;
  let narrationOverMusicLu: number | null = null;
  if (spoken && music) {
    const steps = spokenSteps(speech, music.stepPowers.length);
    const gain = dbToGain(musicDb) ** 2;
    const powers = steps.map((step) => music.stepPowers[step]! * gain);
    const amounts = steps.map((step) => duckAt(curve, (step + 0.5) / stepsPerSecond));
    const allowed = lufsToPower(loudnessLufs - leastDistanceLu);
    duckDepthDb = solveDuckDepth(powers, amounts, allowed, duckLimits);
    narrationOverMusicLu = loudnessLufs - powerToLufs(duckedPower(powers, amounts, duckDepthDb));
  }

  const effectsDb = effects.map(({ level, role, intensity }) => {
    const { belowLu, rangeLu } = effectLevels[role];
    const measured = role === 'bed' ? level.integratedLufs : level.maxMomentaryLufs;
    const heard = Math.max(measured, powerToLufs(level.stepPowers.reduce((a, b) => Math.max(a, b), 0)) - 6);
    if (level.peak === 0 || heard <= silenceLufs) return 0;
    const wanted = loudnessLufs - belowLu - (1 - intensity) * rangeLu - heard;
    const covering = loudnessLufs - hitCoversLu - (role === 'hit' ? level.maxShortTermLufs : silenceLufs);
    return Math.min(wanted, covering, effectPeakDb - gainToDb(level.peak));
  });
  return { narrationDb, makeupDb: 0, musicDb, duckDepthDb, effectsDb, narrationOverMusicLu };
}

/** Mean loudness of the steps in which somebody speaks; −70 when there are none. */
export function spokenLufs(stepPowers: Float64Array, speech: SpeechSpan[]): number {
  const steps = spokenSteps(speech, stepPowers.length);
  return powerToLufs(steps.reduce((sum, step) => sum + stepPowers[step]!, 0) / Math.max(1, steps.length));
}

function spokenSteps(speech: SpeechSpan[], stepCount: number): number[] {
  const stepMs = 1000 / stepsPerSecond;
  return Array.from({ length: stepCount }, (_, step) => step).filter((step) =>
    speech.some(({ startMs, endMs }) => step * stepMs >= startMs && (step + 1) * stepMs <= endMs),
  );
}
