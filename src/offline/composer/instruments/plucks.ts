// Plucked strings (a delay line that eats its own overtones, after Karplus and Strong) and short synthesiser notes.
import { filterInPlace, highPass, lowPass, peaking } from '../../../sound/biquad.ts';
import { addWave, saw, shape, soundOf, square, sweepLowPass } from './oscillators.ts';
import { envelope, type Instrument, midiToHz, rate } from './voice.ts';

interface StringForm {
  seconds: number;
  /** Time to fall by 60 dB at middle C. */
  decaySeconds: number;
  /** 0 = metal … 1 = gut. */
  softness: number;
  /** Where it is plucked, share of the string. */
  pickAt: number;
  bodyHz: number;
  bodyDb: number;
  /** What lies above dies in the finger, the wood and the pick-up; at middle brightness. */
  topHz: number;
}

function pluckedString(form: StringForm): Instrument {
  return {
    sustained: false,
    render({ midi, seconds, velocity, brightness, random }) {
      const frequencyHz = midiToHz(midi);
      const out = soundOf(Math.min(form.seconds, seconds));
      const blend = 0.5 + 0.45 * (1 - form.softness) * (0.4 + 0.6 * brightness);
      // The averaging filter delays by the share of the sample before, the allpass by the fraction that is left.
      const period = rate / frequencyHz - (1 - blend);
      const length = Math.floor(period - 0.2);
      const fraction = period - length;
      const allpass = (1 - fraction) / (1 + fraction);
      const line = new Float32Array(length);
      const hardness = Math.min(0.95, 0.25 + 0.5 * velocity + 0.3 * brightness - 0.3 * form.softness);
      let smooth = 0;
      for (let i = 0; i < length; i++) {
        smooth += hardness * (random() * 2 - 1 - smooth);
        line[i] = smooth;
      }
      const comb = Math.max(1, Math.floor(length * form.pickAt));
      const plucked = line.map((x, i) => x - line[(i + comb) % length]!);
      line.set(plucked);
      const mean = line.reduce((sum, x) => sum + x, 0) / length;
      for (let i = 0; i < length; i++) line[i]! -= mean;
      const loss = 10 ** ((-3 * length) / rate / (form.decaySeconds * (261 / frequencyHz) ** 0.35));
      let before = 0;
      let state = 0;
      let last = 0;
      for (let i = 0, at = 0; i < out.length; i++) {
        const x = line[at]!;
        out[i] = x;
        const averaged = loss * (blend * x + (1 - blend) * before);
        before = x;
        const y = allpass * averaged + last - allpass * state;
        last = averaged;
        state = y;
        line[at] = y;
        at = at + 1 === length ? 0 : at + 1;
      }
      const topHz = form.topHz * (0.5 + 0.5 * brightness + 0.5 * velocity);
      for (let pole = 0; pole < 2; pole++) filterInPlace(lowPass(topHz, 0.6, rate), out);
      filterInPlace(peaking(form.bodyHz, 1.1, form.bodyDb, rate), out);
      filterInPlace(highPass(Math.min(60, frequencyHz * 0.6), 0.7, rate), out);
      shape(out, (second) => Math.min(1, second / 0.0015, (form.seconds - second) / 0.08));
      return [out];
    },
  };
}

export const guitar = pluckedString({
  seconds: 2.4,
  decaySeconds: 2.6,
  softness: 0.35,
  pickAt: 0.18,
  bodyHz: 210,
  bodyDb: 4,
  topHz: 4_200,
});

/** Palm on the bridge: short and woody. */
export const mutedGuitar = pluckedString({
  seconds: 0.5,
  decaySeconds: 0.38,
  softness: 0.5,
  pickAt: 0.12,
  bodyHz: 240,
  bodyDb: 5,
  topHz: 2_600,
});

export const harp = pluckedString({
  seconds: 3,
  decaySeconds: 3.4,
  softness: 0.55,
  pickAt: 0.42,
  bodyHz: 300,
  bodyDb: 2,
  topHz: 3_800,
});

export const uprightBass = pluckedString({
  seconds: 1.5,
  decaySeconds: 1,
  softness: 0.8,
  pickAt: 0.3,
  bodyHz: 95,
  bodyDb: 6,
  topHz: 900,
});

/** Fingers on violins: very short bowed notes. */
export const spiccato: Instrument = {
  sustained: false,
  render({ midi, velocity, brightness, random }) {
    return [-1, 1].map((side) => {
      const out = soundOf(0.5);
      for (let v = 0; v < 2; v++) {
        const cents = side * 4 + v * 7 - 3 + random() * 4;
        addWave(out, saw, random(), 0.3, () => midiToHz(midi) * 2 ** (cents / 1200));
      }
      sweepLowPass(out, (second) => (900 + 3_600 * brightness * velocity) * (0.35 + Math.exp(-second * 9)));
      shape(out, (second) => envelope(second, 0.012, 0.07, 0.38) * Math.exp(-second * 5));
      return out;
    });
  },
};

interface SynthPluckForm {
  wave: Float32Array[];
  cornerHz: number;
  fallPerSecond: number;
  resonance: number;
  seconds: number;
}

function synthPluck(form: SynthPluckForm): Instrument {
  return {
    sustained: false,
    render({ midi, velocity, brightness, random }) {
      const out = soundOf(form.seconds);
      for (const cents of [-6, 6]) {
        addWave(out, form.wave, random(), 0.3, () => midiToHz(midi) * 2 ** (cents / 1200));
      }
      const open = form.cornerHz * (0.4 + brightness) * (0.4 + 0.6 * velocity);
      sweepLowPass(out, (second) => 180 + open * Math.exp(-second * form.fallPerSecond), form.resonance);
      const fade = form.seconds * 0.6;
      shape(out, (second) => envelope(second, 0.003, form.seconds - fade, fade) * Math.exp(-second * 3));
      return [out];
    },
  };
}

/** The running notes of a sequencer of the eighties. */
export const sequencer = synthPluck({
  wave: saw,
  cornerHz: 4_200,
  fallPerSecond: 14,
  resonance: 0.55,
  seconds: 0.4,
});

/** Short, bright, of today. */
export const brightPluck = synthPluck({
  wave: square,
  cornerHz: 6_500,
  fallPerSecond: 18,
  resonance: 0.3,
  seconds: 0.45,
});

/** A sawtooth bass with a closing filter. */
export const synthBass: Instrument = {
  sustained: true,
  render({ midi, seconds, velocity, brightness, random }) {
    const out = soundOf(seconds + 0.09);
    const hertz = midiToHz(midi);
    addWave(out, saw, random(), 0.35, () => hertz * 1.002);
    addWave(out, square, random(), 0.3, () => hertz * 0.999);
    const open = 300 + 1_700 * brightness * velocity;
    sweepLowPass(out, (second) => 120 + open * Math.exp(-second * 9), 0.35);
    shape(out, (second) => envelope(second, 0.006, seconds, 0.08));
    filterInPlace(lowPass(5_000, 0.7, rate), out);
    return [out];
  },
};
