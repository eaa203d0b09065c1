// Struck sounds: pianos, electric piano, mallets and bells, as sums of decaying partials.
import { filterInPlace, lowPass } from '../../../sound/biquad.ts';
import { addNoise, addPartial, addSwungSine, shape, soundOf } from './oscillators.ts';
import { type Instrument, midiToHz, rate } from './voice.ts';

function piano(form: { hardness: number; thump: number; seconds: number }): Instrument {
  return {
    sustained: false,
    render({ midi, seconds: heard, velocity, brightness, random }) {
      const base = midiToHz(midi);
      // Strings are stiff: overtones lie above their multiples, more so in the treble.
      const stiffness = 0.00012 * 2 ** ((midi - 48) / 14);
      const ring = form.seconds * 1.5 * 2 ** ((60 - midi) / 26);
      const seconds = Math.min(form.seconds, ring * 1.1);
      const slope = 0.16 + 0.5 * (1 - form.hardness * (0.45 + 0.35 * velocity + 0.3 * brightness));
      // Both sides move together, or the two would cancel out on one loudspeaker.
      const phases = Array.from({ length: 19 }, () => random() * 6.28);
      const partials = Array.from({ length: 18 }, (_, i) => {
        const k = i + 1;
        const strike = Math.abs(Math.sin(Math.PI * k * 0.127)) + 0.08;
        return {
          k,
          hertz: base * k * Math.sqrt(1 + stiffness * k * k),
          level: (strike * Math.exp(-slope * (k - 1))) / Math.sqrt(k),
          decay: ring / (1 + 0.22 * (k - 1)),
        };
      }).filter(({ hertz }) => hertz <= 9_000);
      // Only the strong partials tell where a string lies: the others are the same on both sides.
      const shared = soundOf(Math.min(seconds, heard));
      for (const { k, hertz, level, decay } of partials.slice(6)) {
        addPartial(shared, hertz, level * 0.7, decay * 0.55, phases[k]!);
      }
      return [-1, 1].map((side) => {
        const out = shared.slice();
        for (const { k, hertz, level, decay } of partials.slice(0, 6)) {
          const phase = phases[k]! + 0.12 * k * side;
          // Two strings a breath apart: a fast first fall, then a long, slowly beating rest.
          addPartial(out, hertz * (1 - 0.0002 * side), level * 0.7, decay * 0.55, phase);
          if (k <= 4) addPartial(out, hertz * (1.0004 + 0.0002 * side), level * 0.35, decay * 1.3, phase);
        }
        const felt = soundOf(0.06);
        addNoise(felt, form.thump, random);
        filterInPlace(lowPass(700, 0.7, rate), felt);
        for (let i = 0; i < felt.length && i < out.length; i++)
          out[i]! += felt[i]! * (1 - i / felt.length) ** 2;
        shape(out, (second) => Math.min(1, second / 0.002, (seconds - second) / 0.25));
        return out;
      });
    },
  };
}

export const grandPiano = piano({ hardness: 1, thump: 0.5, seconds: 4 });
/** With a strip of felt before the hammers: dull, close, with its wood. */
export const feltPiano = piano({ hardness: 0.45, thump: 1.4, seconds: 4.2 });

export const electricPiano: Instrument = {
  sustained: false,
  render({ midi, seconds, velocity, brightness, random }) {
    const base = midiToHz(midi);
    const frames = soundOf(Math.min(3, seconds));
    const depth = (0.7 + 1.6 * velocity * (0.4 + brightness)) * Math.min(1, 500 / base + 0.3);
    // A tine swings the tone's phase: the harder the blow, the more overtones it has at first.
    const swing = frames.slice();
    addPartial(swing, base, depth / (2 * Math.PI), 6.908 / 3.2, random() * 0.3);
    const tone = frames.slice();
    addSwungSine(tone, base * 1.0005, 1, swing);
    addPartial(tone, base * 14, 0.12, 6.908 / 22);
    shape(tone, (second) => Math.exp(-second * 1.7) * Math.min(1, second / 0.003, (3 - second) / 0.4));
    return [-1, 1].map((side) => {
      const out = tone.slice();
      shape(out, (second) => 1 + side * 0.16 * Math.sin(2 * Math.PI * 4.3 * second));
      return out;
    });
  },
};

interface Bar {
  /** [multiple of the pitch, level, share of the decay] */
  modes: [number, number, number][];
  decaySeconds: number;
  seconds: number;
  /** Hz; 0 = none. */
  tremoloHz: number;
  click: number;
}

function mallet(bar: Bar): Instrument {
  return {
    sustained: false,
    render({ midi, seconds, velocity, brightness, random }) {
      const base = midiToHz(midi);
      const decay = bar.decaySeconds * 2 ** ((72 - midi) / 30);
      const out = soundOf(Math.min(bar.seconds, seconds));
      for (const [index, [multiple, level, share]] of bar.modes.entries()) {
        const bright = index === 0 ? 1 : 0.35 + 0.65 * velocity * (0.4 + 0.8 * brightness);
        addPartial(out, base * multiple, level * bright, decay * share, random() * 0.5);
      }
      const knock = soundOf(0.02);
      addNoise(knock, bar.click, random);
      for (let i = 0; i < knock.length && i < out.length; i++)
        out[i]! += knock[i]! * (1 - i / knock.length) ** 3;
      shape(out, (second) => {
        const shake = bar.tremoloHz > 0 ? 1 - 0.22 * (1 + Math.cos(6.28 * bar.tremoloHz * second)) * 0.5 : 1;
        return shake * Math.min(1, second / 0.001, (bar.seconds - second) / 0.15);
      });
      return [out];
    },
  };
}

export const marimba = mallet({
  modes: [
    [1, 1, 1],
    [3.93, 0.28, 0.28],
    [9.2, 0.12, 0.12],
  ],
  decaySeconds: 0.9,
  seconds: 1.3,
  tremoloHz: 0,
  click: 0.12,
});

export const vibraphone = mallet({
  modes: [
    [1, 1, 1],
    [3.98, 0.32, 0.4],
    [10.6, 0.1, 0.1],
  ],
  decaySeconds: 3.6,
  seconds: 3.2,
  tremoloHz: 5.2,
  click: 0.05,
});

/** Thumbs on iron tongues. */
export const kalimba = mallet({
  modes: [
    [1, 1, 1],
    [2.01, 0.12, 0.6],
    [5.42, 0.3, 0.22],
    [8.9, 0.12, 0.1],
  ],
  decaySeconds: 1.7,
  seconds: 1.9,
  tremoloHz: 0,
  click: 0.1,
});

export const celesta = mallet({
  modes: [
    [1, 1, 1],
    [2, 0.3, 0.6],
    [4.1, 0.35, 0.4],
    [7.1, 0.12, 0.2],
  ],
  decaySeconds: 1.9,
  seconds: 2.2,
  tremoloHz: 0,
  click: 0.03,
});

export const bell = mallet({
  modes: [
    [0.5, 0.25, 1.4],
    [1, 1, 1],
    [1.19, 0.4, 0.8],
    [2.01, 0.5, 0.6],
    [2.74, 0.3, 0.4],
    [5.2, 0.18, 0.25],
  ],
  decaySeconds: 3.4,
  seconds: 4,
  tremoloHz: 0,
  click: 0.04,
});
