// Our meters against FFmpeg's ebur128 on a sound with speech-like dynamics: two independent readings must agree.
import { AV_CHANNEL_ORDER_NATIVE, AV_SAMPLE_FMT_FLT, FilterAPI, Frame } from 'node-av';
import { expect, test } from 'vitest';
import { createRandom } from '../domain/random.ts';
import { gainToDb } from './decibels.ts';
import { measureLoudness } from './loudness.ts';
import { measureTruePeak } from './true-peak.ts';

const rate = 48_000;

/** Noise and tones that come and go, with sharp peaks; the sides differ. */
function restlessSound(seconds: number): Float32Array[] {
  const random = createRandom(7);
  let low = 0;
  return [0.9, 0.6].map((side) =>
    Float32Array.from({ length: seconds * rate }, (_, i) => {
      const t = i / rate;
      low += 0.2 * (random() * 2 - 1 - low);
      const phrase = t % 5 < 3.4 ? 0.3 : 0.02;
      const syllable = 0.4 + 0.6 * Math.max(0, Math.sin(2 * Math.PI * 3.1 * t));
      return side * phrase * syllable * (low + Math.sin(2 * Math.PI * (180 + 9_000 * (t % 1) ** 8) * t));
    }),
  );
}

/** Values that the filter attached to its last frame. */
function readReference(sound: Float32Array[]): Map<string, number> {
  const stereo = { nbChannels: 2, order: AV_CHANNEL_ORDER_NATIVE, mask: 3n };
  using filter = FilterAPI.create('ebur128=metadata=1:peak=true');
  const values = new Map<string, number>();
  const chunk = 4_800;
  for (let from = 0; from + chunk <= sound[0]!.length; from += chunk) {
    const samples = new Float32Array(chunk * 2);
    for (let i = 0; i < chunk; i++) {
      samples[2 * i] = sound[0]![from + i]!;
      samples[2 * i + 1] = sound[1]![from + i]!;
    }
    using frame = Frame.fromAudioBuffer(Buffer.from(samples.buffer), {
      nbSamples: chunk,
      format: AV_SAMPLE_FMT_FLT,
      sampleRate: rate,
      channelLayout: stereo,
      timeBase: { num: 1, den: rate },
      pts: BigInt(from),
    });
    for (const out of filter.processAllSync(frame)) {
      for (const [key, value] of Object.entries(out.getMetadata().getAll())) values.set(key, Number(value));
      out.free();
    }
  }
  return values;
}

test('agrees with FFmpeg', () => {
  const sound = restlessSound(20);
  const reference = readReference(sound);
  const ours = measureLoudness(sound, rate);
  expect(Math.abs(ours.integratedLufs - reference.get('lavfi.r128.I')!)).toBeLessThan(0.1);
  expect(Math.abs(ours.rangeLu - reference.get('lavfi.r128.LRA')!)).toBeLessThan(0.5);
  const peaks = [...reference].filter(([key]) => key.includes('true_peaks_ch')).map(([, value]) => value);
  expect(peaks).toHaveLength(2);
  expect(Math.abs(measureTruePeak(sound) - gainToDb(Math.max(...peaks)))).toBeLessThan(0.2);
});
