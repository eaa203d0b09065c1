// The offline foley artist: picks how a sound is made, gives it its exact length, level and soft edges.
import path from 'node:path';
import { createRandom, mixSeed, type Random } from '../../domain/random.ts';
import type { EffectKind } from '../../domain/storyboard.ts';
import type { MadeFile } from '../../ports/made-file.ts';
import type { WorkContext } from '../../ports/work-context.ts';
import { createBreather } from '../../sound/breather.ts';
import { dbToGain } from '../../sound/decibels.ts';
import { measureLoudness } from '../../sound/loudness.ts';
import { openWavWriter } from '../../sound/wav.ts';
import { chime, clock, drone, heartbeat, impact, riser, sparkle, whoosh } from './drama.ts';
import { applause, city, click, crowd, engine, footsteps, typing } from './places.ts';
import { rate, type Stereo } from './sources.ts';
import { birds, fire, rain, thunder, waves, wind } from './weather.ts';

interface Recipe {
  make: (seconds: number, random: Random) => Stereo;
  /** Beds go on for as long as asked, at one loudness; hits happen once and are held to a peak. */
  bed: boolean;
}

const recipes: Record<EffectKind, Recipe> = {
  whoosh: { make: whoosh, bed: false },
  impact: { make: impact, bed: false },
  riser: { make: riser, bed: false },
  rain: { make: rain, bed: true },
  thunder: { make: thunder, bed: false },
  wind: { make: wind, bed: true },
  waves: { make: waves, bed: true },
  fire: { make: fire, bed: true },
  birds: { make: birds, bed: true },
  city: { make: city, bed: true },
  crowd: { make: crowd, bed: true },
  heartbeat: { make: heartbeat, bed: false },
  clock: { make: clock, bed: false },
  chime: { make: chime, bed: false },
  click: { make: click, bed: false },
  typing: { make: typing, bed: false },
  sparkle: { make: sparkle, bed: false },
  footsteps: { make: footsteps, bed: false },
  engine: { make: engine, bed: true },
  applause: { make: applause, bed: false },
  drone: { make: drone, bed: true },
};

const bedLufs = -24;
const highestPeakDb = -3;
/** Longer sounds are the first stretch, going round. */
const longestTakeSeconds = 24;
/** Over which the end of a take melts into its beginning. */
const seamSeconds = 2;

/** Contract: see SoundEffects.make. */
export async function makeEffect(
  input: { kind: EffectKind; durationMs: number; seed: number },
  context: WorkContext,
): Promise<{ audio: MadeFile }> {
  const breathe = createBreather(context.signal);
  await breathe();
  const { make, bed } = recipes[input.kind];
  const frames = Math.round((input.durationMs * rate) / 1000);
  const seconds = frames / rate;
  const random = createRandom(mixSeed(input.kind, input.seed));
  const round = seconds > longestTakeSeconds;
  const take = make(round ? longestTakeSeconds + seamSeconds : Math.max(0.05, seconds), random);
  await breathe();
  const loop = round ? closeLoop(take) : take;
  level(loop, bed);
  context.onProgress?.(0.8);

  const file = path.join(context.scratch, 'effect.wav');
  const writer = openWavWriter(file, 2, rate);
  try {
    const block = 24_000;
    for (let from = 0; from < frames; from += block) {
      const count = Math.min(block, frames - from);
      const part = loop.map((side) =>
        Float32Array.from({ length: count }, (_, i) => side[(from + i) % side.length]!),
      );
      fadeEdges(part, from, frames, bed);
      writer.write(part);
      await breathe();
    }
  } finally {
    writer.close();
  }
  context.onProgress?.(1);
  return { audio: { path: file, mediaType: 'audio/wav' } };
}

/** Melts the surplus at the end into the beginning, so that the end runs on into the beginning unheard. */
function closeLoop(take: Stereo): Stereo {
  const seam = seamSeconds * rate;
  const length = take[0].length - seam;
  return take.map((side) => {
    const loop = side.slice(0, length);
    for (let i = 0; i < seam; i++) {
      const turn = (i / seam) * (Math.PI / 2);
      loop[i] = side[i]! * Math.sin(turn) + side[length + i]! * Math.cos(turn);
    }
    return loop;
  }) as Stereo;
}

/** Takes out what cannot be heard but costs room (an offset), then sets the loudness or the peak. In place. */
function level(sound: Stereo, bed: boolean): void {
  let peak = 0;
  for (const side of sound) {
    const offset = side.reduce((sum, x) => sum + x, 0) / side.length;
    for (let i = 0; i < side.length; i++) {
      side[i]! -= offset;
      peak = Math.max(peak, Math.abs(side[i]!));
    }
  }
  const toPeak = dbToGain(highestPeakDb) / Math.max(peak, 1e-9);
  const toLoudness = bed ? dbToGain(bedLufs - measureLoudness(sound, rate).integratedLufs) : toPeak;
  const gain = Math.min(toPeak, toLoudness);
  for (const side of sound) for (let i = 0; i < side.length; i++) side[i]! *= gain;
}

function fadeEdges(part: Float32Array[], from: number, frames: number, bed: boolean): void {
  const rise = Math.min(frames / 4, (bed ? 0.25 : 0.0005) * rate);
  const fall = Math.min(frames / 4, (bed ? 0.6 : 0.15) * rate);
  for (const side of part) {
    for (let i = 0; i < side.length; i++) {
      const edge = Math.min(1, (from + i) / rise, (frames - 1 - from - i) / fall);
      if (edge < 1) side[i]! *= edge * edge * (3 - 2 * edge);
    }
  }
}
