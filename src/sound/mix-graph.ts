// One pass over the mix, block by block, from the clips on disk to the limited sum: sources, ducking, bus, limiter.
// It keeps no more than a block in memory and decides no level.
import type { MixInput } from '../ports/media-tools.ts';
import { allPass, filterInPlace, highPass, peaking } from './biquad.ts';
import { createCompressor } from './compressor.ts';
import { dbToGain } from './decibels.ts';
import { duckAt } from './ducking.ts';
import { createLimiter } from './limiter.ts';
import type { MixLevels } from './mix-levels.ts';
import type { WavReader } from './wav.ts';

export const mixRate = 48_000;
export const mixBlockFrames = 24_000;

export interface MixSources {
  narration: { reader: WavReader; startFrame: number }[];
  music: WavReader | null;
  effects: { reader: WavReader; startFrame: number; role: 'bed' | 'hit' }[];
}

export interface MixSettings {
  frames: number;
  levels: MixLevels;
  curve: Float32Array;
  ceilingDb: number;
  loudnessLufs: MixInput['loudnessLufs'];
}

export interface MixBlock {
  frames: number;
  /** Stereo, valid for the first `frames` until the next block. Stems sum to the mix before its limiter. */
  narration: Float32Array[];
  music: Float32Array[];
  effects: Float32Array[];
  mix: Float32Array[];
}

/** Beds step back this far at most, hits less: they are meant to be noticed. */
const bedDuckDb = 5;
const hitDuckDb = 4;
/** What music gives up in the band of speech while somebody speaks. */
const musicDip = { frequencyHz: 1_700, q: 0.6, gainDb: -4 };
/** Gains move in straight lines of this many samples; divides `mixBlockFrames`. */
const controlStride = 48;
const edgeFadeFrames = 240;
const startFadeFrames = 480;
const endFadeFrames = 2_880;
/**
 * Synthetic voices pulse: all partials peak together, and the limiter would have to take many dB. Turning their phases
 * spreads the pulses, as broadcasters do with every voice; nobody hears it.
 */
const rotatorsHz = [180, 360, 720];
/** Narration alone stays below this, so that the voice never pushes the music down in the master limiter. */
const narrationCeilingDb = -3;

/** Yields the mix from its first to its last frame; every block but the last has `mixBlockFrames`. */
export function* renderMix(sources: MixSources, settings: MixSettings): Generator<MixBlock> {
  const { frames: total, curve, ceilingDb } = settings;
  const narrate = createNarration(sources, settings);
  const playMusic = createMusic(sources, settings);
  const playEffects = createEffects(sources, settings);
  const glue = createCompressor({
    sampleRate: mixRate,
    thresholdDb: settings.loudnessLufs + 1,
    ratio: 1.6,
    attackMs: 25,
    releaseMs: 220,
  });
  const limiter = createLimiter({
    channelCount: 2,
    sampleRate: mixRate,
    ceiling: dbToGain(ceilingDb),
    lookAheadMs: 5,
    releaseMs: 90,
    maxFrames: mixBlockFrames,
  });

  const bus = stereo();
  const gains = new Float32Array(mixBlockFrames);
  const duck = new Float32Array(mixBlockFrames);
  const late = limiter.delayFrames;
  /** The limited mix comes `late` frames after its stems: it is put together here, while they wait. */
  const mix = stereo(2 * mixBlockFrames);
  let waiting = 0;
  let ready: Omit<MixBlock, 'mix'> | undefined;
  const blocks = [0, 1].map(() => ({ narration: stereo(), music: stereo(), effects: stereo() }));

  for (let from = 0, n = 0; from < total + late; from += mixBlockFrames, n++) {
    const stems = blocks[n % 2]!;
    for (const stem of Object.values(stems)) for (const channel of stem) channel.fill(0);
    const frames = Math.max(0, Math.min(mixBlockFrames, total - from));
    if (frames > 0) {
      drawDuck(duck, curve, from);
      narrate(stems.narration, from, frames);
      playMusic(stems.music, from, frames, duck);
      playEffects(stems.effects, from, frames, duck);
    }
    const all = [stems.narration, stems.music, stems.effects];
    sumInto(bus, all);
    glue.follow(bus, frames, gains);
    fadeEnds(gains, from, frames, total);
    for (const stem of all) for (const channel of stem) multiply(channel, gains, frames);
    sumInto(bus, all);
    limiter.process(bus, mixBlockFrames);

    const skip = from === 0 ? late : 0;
    for (let c = 0; c < 2; c++) mix[c]!.set(bus[c]!.subarray(skip), waiting);
    waiting += mixBlockFrames - skip;
    if (ready) {
      const done = ready.frames;
      yield { ...ready, mix };
      for (const channel of mix) channel.copyWithin(0, done, waiting);
      waiting -= done;
    }
    ready = frames > 0 ? { frames, ...stems } : undefined;
  }
  if (ready) yield { ...ready, mix };
}

function createNarration({ narration }: MixSources, { levels, loudnessLufs }: MixSettings) {
  const gain = dbToGain(levels.narrationDb);
  const makeup = dbToGain(levels.makeupDb);
  const rumble = highPass(70, Math.SQRT1_2, mixRate);
  const rotators = rotatorsHz.map((frequencyHz) => allPass(frequencyHz, 0.5, mixRate));
  const compressor = createCompressor({
    sampleRate: mixRate,
    thresholdDb: loudnessLufs,
    ratio: 2.5,
    attackMs: 4,
    releaseMs: 90,
  });
  const limiter = createLimiter({
    channelCount: 1,
    sampleRate: mixRate,
    ceiling: dbToGain(narrationCeilingDb),
    lookAheadMs: 4,
    releaseMs: 70,
    maxFrames: mixBlockFrames,
  });
  const voice = new Float32Array(mixBlockFrames);
  const clip = new Float32Array(mixBlockFrames);
  const gains = new Float32Array(mixBlockFrames);
  let at = 0;

  /** Fills `voice` with the next frames, `delayFrames` behind what was read. */
  function advance(frames: number): void {
    voice.fill(0, 0, frames);
    for (const { reader, startFrame } of narration) {
      if (startFrame >= at + frames || startFrame + reader.frameCount <= at) continue;
      reader.read([clip], at - startFrame, frames);
      for (let i = 0; i < frames; i++) voice[i]! += clip[i]! * gain;
    }
    filterInPlace(rumble, voice, 0, frames);
    for (const rotator of rotators) filterInPlace(rotator, voice, 0, frames);
    compressor.follow([voice], frames, gains);
    for (let i = 0; i < frames; i++) voice[i]! *= gains[i]! * makeup;
    limiter.process([voice], frames);
    at += frames;
  }

  return (stem: Float32Array[], from: number, frames: number): void => {
    if (narration.length === 0) return;
    if (from === 0) advance(limiter.delayFrames);
    advance(mixBlockFrames);
    for (const channel of stem) channel.set(voice.subarray(0, frames));
  };
}

function createMusic({ music }: MixSources, { levels }: MixSettings) {
  const gain = dbToGain(levels.musicDb);
  const dips = [0, 1].map(() => peaking(musicDip.frequencyHz, musicDip.q, musicDip.gainDb, mixRate));
  const dipped = new Float32Array(mixBlockFrames);
  const gains = new Float32Array(mixBlockFrames);

  return (stem: Float32Array[], from: number, frames: number, duck: Float32Array): void => {
    if (!music) return;
    readStereo(music, stem, from, frames);
    drawGain(gains, duck, levels.duckDepthDb, gain);
    for (let c = 0; c < 2; c++) {
      const channel = stem[c]!;
      dipped.set(channel);
      filterInPlace(dips[c]!, dipped, 0, frames);
      for (let i = 0; i < frames; i++) {
        const x = channel[i]!;
        channel[i] = (x + (dipped[i]! - x) * duck[i]!) * gains[i]!;
      }
    }
  };
}

function createEffects({ effects }: MixSources, { levels }: MixSettings) {
  const clip = stereo();
  const gains = new Float32Array(mixBlockFrames);

  return (stem: Float32Array[], from: number, frames: number, duck: Float32Array): void => {
    for (const [index, { reader, startFrame, role }] of effects.entries()) {
      const { frameCount } = reader;
      if (startFrame >= from + frames || startFrame + frameCount <= from) continue;
      readStereo(reader, clip, from - startFrame, frames);
      const gain = dbToGain(levels.effectsDb[index]!);
      const first = Math.max(0, startFrame - from);
      const end = Math.min(frames, startFrame + frameCount - from);
      drawGain(gains, duck, role === 'bed' ? bedDuckDb : hitDuckDb, gain);
      for (let c = 0; c < 2; c++) {
        const out = stem[c]!;
        const sound = clip[c]!;
        for (let i = first; i < end; i++) {
          const at = from + i - startFrame;
          const edge = Math.min(1, (at + 1) / edgeFadeFrames, (frameCount - at) / edgeFadeFrames);
          out[i]! += sound[i]! * gains[i]! * edge;
        }
      }
    }
  };
}

/** Fills `into` with the gain of a part that steps back by `depthDb` where the duck amount is 1. */
function drawGain(into: Float32Array, duck: Float32Array, depthDb: number, gain: number): void {
  const levelAt = (i: number) => gain * dbToGain(-depthDb * duck[i]!);
  let level = levelAt(0);
  for (let start = 0; start < mixBlockFrames; start += controlStride) {
    const next = levelAt(Math.min(mixBlockFrames - 1, start + controlStride));
    const step = (next - level) / controlStride;
    for (let i = 0; i < controlStride; i++) into[start + i] = level + step * i;
    level = next;
  }
}

function drawDuck(into: Float32Array, curve: Float32Array, from: number): void {
  for (let start = 0; start < mixBlockFrames; start += controlStride) {
    const here = duckAt(curve, (from + start) / mixRate);
    const step = (duckAt(curve, (from + start + controlStride) / mixRate) - here) / controlStride;
    for (let i = 0; i < controlStride; i++) into[start + i] = here + step * i;
  }
}

/** Mono plays on both sides. */
function readStereo(reader: WavReader, into: Float32Array[], from: number, frames: number): void {
  reader.read(into, from, frames);
  if (reader.channelCount === 1) into[1]!.set(into[0]!.subarray(0, frames));
}

function sumInto(bus: Float32Array[], stems: Float32Array[][]): void {
  for (let c = 0; c < 2; c++) {
    const out = bus[c]!;
    const [a, b, d] = [stems[0]![c]!, stems[1]![c]!, stems[2]![c]!];
    for (let i = 0; i < mixBlockFrames; i++) out[i] = a[i]! + b[i]! + d[i]!;
  }
}

function multiply(channel: Float32Array, gains: Float32Array, frames: number): void {
  for (let i = 0; i < frames; i++) channel[i]! *= gains[i]!;
}

/** The video begins and ends without a click. */
function fadeEnds(gains: Float32Array, from: number, frames: number, total: number): void {
  for (let i = 0; i < frames && from + i < startFadeFrames; i++) gains[i]! *= (from + i) / startFadeFrames;
  for (let i = Math.max(0, total - endFadeFrames - from); i < frames; i++) {
    gains[i]! *= (total - 1 - from - i) / endFadeFrames;
  }
}

function stereo(frames = mixBlockFrames): Float32Array[] {
  return [new Float32Array(frames), new Float32Array(frames)];
}
