// Finds a voice in a mix: how strongly the mix's loudness in the band of speech follows the voice's own, and how much
// later. Compares envelopes, so that gain, compression and an encoder do not matter.
import { filterInPlace, highPass, lowPass } from '../sound/biquad.ts';

/** Milliseconds from one value of an envelope to the next. */
const envelopeStepMs = 2;
const windowSteps = 5;
const bandHz = { from: 250, to: 3_800 };

/** Further apart, voice and mix have nothing to do with each other. */
const farthestMs = 400;
const marginMs = 100;
/** A mix that follows the voice less than this at any place has no shift to tell. */
const leastFit = 0.3;
/** Another place must fit better by this much before a sound counts as shifted. */
const clearlyBetter = 0.03;
/** Shorter speech fits in many places: the whole video's shift is more reliable. */
const shortSpeechMs = 1_500;

export interface EnvelopeFollower {
  push(channels: Float32Array[], frames: number): void;
  /** One value per 2 ms from the start of the sound. */
  read(): Float32Array;
}

export function createEnvelopeFollower(sampleRate: number, maxFrames: number): EnvelopeFollower {
  const filters = [
    highPass(bandHz.from, Math.SQRT1_2, sampleRate),
    lowPass(bandHz.to, Math.SQRT1_2, sampleRate),
  ];
  const stepFrames = Math.round((sampleRate * envelopeStepMs) / 1000);
  const mono = new Float32Array(maxFrames);
  const steps: number[] = [];
  let sum = 0;
  let filled = 0;
  return {
    push(channels, frames) {
      mono.fill(0, 0, frames);
      for (const channel of channels) for (let i = 0; i < frames; i++) mono[i]! += channel[i]!;
      for (const filter of filters) filterInPlace(filter, mono, 0, frames);
      for (let i = 0; i < frames; i++) {
        sum += Math.abs(mono[i]!);
        if (++filled < stepFrames) continue;
        steps.push(sum / stepFrames);
        sum = 0;
        filled = 0;
      }
    },
    read: () => smooth(Float32Array.from(steps)),
  };
}

interface SpokenSpan {
  startMs: number;
  endMs: number;
}

export interface VoiceMatch {
  /** Per span: correlation 0..1 at the best place; 0 where the voice itself is silent. */
  presence: number[];
  /** Per span: how much later the mix has it, ms; negative = earlier. */
  lagMs: number[];
  /** Of all spans together. */
  overallLagMs: number;
}

/** Compares the envelopes of a voice and of a mix that should have it in these spans. */
export function matchVoice(voice: Float32Array, mix: Float32Array, spans: SpokenSpan[]): VoiceMatch {
  const reach = farthestMs / envelopeStepMs;
  const curves = spans.map((span) => correlate(voice, mix, span, reach));
  const overall = new Float64Array(2 * reach + 1);
  for (const [i, curve] of curves.entries()) {
    const weight = spans[i]!.endMs - spans[i]!.startMs;
    for (let lag = 0; lag < overall.length; lag++) overall[lag]! += weight * curve[lag]!;
  }
  const totalMs = spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const overallLag = bestLag(overall, reach, totalMs);
  const toMs = (lag: number) => (lag - reach) * envelopeStepMs;
  const lags = curves.map((curve, i) => {
    const isShort = spans[i]!.endMs - spans[i]!.startMs < shortSpeechMs;
    return isShort ? overallLag : bestLag(curve, reach, 1);
  });
  return {
    presence: curves.map((curve, i) => Math.max(0, curve[lags[i]!]!)),
    lagMs: lags.map(toMs),
    overallLagMs: toMs(overallLag),
  };
}

/** `scale` is what the curve has where the mix is the voice. */
function bestLag(curve: Float64Array, zero: number, scale: number): number {
  let best = zero;
  for (let lag = 0; lag < curve.length; lag++) if (curve[lag]! > curve[best]!) best = lag;
  const shifted = curve[best]! > leastFit * scale && curve[best]! > curve[zero]! + clearlyBetter * scale;
  return shifted ? best : zero;
}

/** Pearson correlation for each lag −reach … reach. */
function correlate(
  voice: Float32Array,
  mix: Float32Array,
  { startMs, endMs }: SpokenSpan,
  reach: number,
): Float64Array {
  const from = Math.max(0, Math.floor((startMs - marginMs) / envelopeStepMs));
  const to = Math.min(voice.length, Math.ceil((endMs + marginMs) / envelopeStepMs));
  const count = Math.max(0, to - from);
  const wanted = voice.subarray(from, to);
  const wantedMean = mean(wanted, 0, count);
  const centred = Float64Array.from(wanted, (value) => value - wantedMean);
  const wantedSquares = centred.reduce((sum, value) => sum + value * value, 0);
  // What lies outside of the mix is silence.
  const heard = new Float64Array(count + 2 * reach);
  for (let i = 0; i < heard.length; i++) heard[i] = mix[from - reach + i] ?? 0;

  return Float64Array.from({ length: 2 * reach + 1 }, (_, lag) => {
    let sum = 0;
    let squares = 0;
    let product = 0;
    for (let i = 0; i < count; i++) {
      const value = heard[lag + i]!;
      sum += value;
      squares += value * value;
      product += value * centred[i]!;
    }
    const heardSquares = squares - (sum * sum) / Math.max(1, count);
    const scale = Math.sqrt(wantedSquares * heardSquares);
    return scale > 1e-9 ? product / scale : 0;
  });
}

function smooth(steps: Float32Array): Float32Array {
  const side = windowSteps >> 1;
  return steps.map((_, i) => mean(steps, Math.max(0, i - side), Math.min(steps.length, i + side + 1)));
}

function mean(values: Float32Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i]!;
  return to > from ? sum / (to - from) : 0;
}
