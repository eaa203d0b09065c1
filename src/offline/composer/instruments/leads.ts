// Sounds that sing one line: flute, cello, muted trumpet, horn, synthesiser; and the deep ones that hold the bass.
import { bandPass, filterInPlace, peaking } from '../../../sound/biquad.ts';
import {
  addNoise,
  addPartial,
  addWave,
  saw,
  shape,
  sine,
  soundOf,
  square,
  sweepLowPass,
} from './oscillators.ts';
import { envelope, type Instrument, midiToHz, rate } from './voice.ts';

/** Pitch with a small scoop from below and a vibrato that comes late. */
function sung(midi: number, scoopCents: number, vibratoCents: number, speedHz: number) {
  const base = midiToHz(midi);
  return (second: number): number => {
    const scoop = -scoopCents * Math.exp(-second * 22);
    const late = Math.min(1, Math.max(0, second - 0.18) / 0.5);
    return base * 2 ** ((scoop + late * vibratoCents * Math.sin(6.28 * speedHz * second)) / 1200);
  };
}

export const flute: Instrument = {
  sustained: true,
  render({ midi, seconds, velocity, random }) {
    const out = soundOf(seconds + 0.22);
    const pitch = sung(midi, 18, 14, 4.9);
    addWave(out, sine, 0, 1, pitch);
    addWave(out, sine, 0, 0.16 + 0.18 * velocity, (second) => 2 * pitch(second));
    addWave(out, sine, 0, 0.07, (second) => 3 * pitch(second));
    const breath = new Float32Array(out.length);
    addNoise(breath, 0.9, random);
    filterInPlace(bandPass(midiToHz(midi) * 1.02, 5, rate), breath);
    shape(breath, (second) => 0.35 + 0.9 * Math.exp(-second * 20));
    for (let i = 0; i < out.length; i++) out[i]! += breath[i]!;
    shape(out, (second) => envelope(second, 0.07, seconds, 0.2) * (0.9 + 0.1 * Math.sin(30.8 * second)));
    return [out];
  },
};

interface BowedForm {
  attack: number;
  release: number;
  cornerHz: number;
  vibratoCents: number;
  scoopCents: number;
  /** [Hz, Q, dB] of the body. */
  body: [number, number, number][];
}

function singing(form: BowedForm): Instrument {
  return {
    sustained: true,
    render({ midi, seconds, velocity, brightness, random }) {
      const pitch = sung(midi, form.scoopCents, form.vibratoCents, 5.1);
      const start = random();
      return [-1, 1].map((side) => {
        const out = soundOf(seconds + form.release);
        addWave(out, saw, start, 0.4, pitch);
        addWave(out, saw, random(), 0.2, (second) => pitch(second) * (1 + side * 0.0014));
        const corner = form.cornerHz * (0.5 + 0.5 * brightness) * (0.5 + 0.7 * velocity);
        sweepLowPass(
          out,
          (second) => corner * (0.35 + 0.65 * envelope(second, form.attack * 1.5, seconds, form.release)),
        );
        for (const [hertz, q, db] of form.body) filterInPlace(peaking(hertz, q, db, rate), out);
        shape(out, (second) => envelope(second, Math.min(form.attack, seconds / 2), seconds, form.release));
        return out;
      });
    },
  };
}

export const cello = singing({
  attack: 0.14,
  release: 0.35,
  cornerHz: 2_600,
  vibratoCents: 16,
  scoopCents: 12,
  body: [
    [220, 1.5, 4],
    [600, 1.2, -4],
    [1_400, 1.4, -3],
  ],
});

export const horn = singing({
  attack: 0.11,
  release: 0.3,
  cornerHz: 2_300,
  vibratoCents: 4,
  scoopCents: 25,
  body: [
    [380, 1, 4],
    [1_200, 1, -4],
  ],
});

/** With a harmon mute: thin and nasal. */
export const mutedTrumpet = singing({
  attack: 0.05,
  release: 0.16,
  cornerHz: 5_200,
  vibratoCents: 20,
  scoopCents: 55,
  body: [
    [450, 0.8, -8],
    [1_900, 2, 7],
    [3_400, 2, 5],
  ],
});

function synthLead(wave: Float32Array[], cornerHz: number): Instrument {
  return {
    sustained: true,
    render({ midi, seconds, velocity, brightness, random }) {
      const out = soundOf(seconds + 0.18);
      const pitch = sung(midi, 30, 12, 5.6);
      addWave(out, wave, random(), 0.35, pitch);
      addWave(out, wave, random(), 0.25, (second) => pitch(second) * 1.006);
      const open = cornerHz * (0.4 + 0.8 * brightness) * (0.5 + 0.5 * velocity);
      sweepLowPass(out, (second) => 300 + open * (0.4 + 0.6 * Math.exp(-second * 5)), 0.25);
      shape(out, (second) => envelope(second, 0.015, seconds, 0.17));
      return [out];
    },
  };
}

export const sawLead = synthLead(saw, 3_600);
export const squareLead = synthLead(square, 4_800);

/** Basses and cellos together. */
export const lowStrings = singing({
  attack: 0.12,
  release: 0.4,
  cornerHz: 1_200,
  vibratoCents: 5,
  scoopCents: 5,
  body: [[110, 1, 4]],
});

/** A round tone with a little growl, felt more than heard. */
export const softBass: Instrument = {
  sustained: true,
  render({ midi, seconds, velocity, random }) {
    const out = soundOf(seconds + 0.25);
    const hertz = midiToHz(midi);
    addPartial(out, hertz, 1, 14, random());
    addPartial(out, hertz * 2, 0.3 + 0.2 * velocity, 3, random());
    addPartial(out, hertz * 3, 0.12 * velocity, 1.5, random());
    shape(out, (second) => envelope(second, 0.03, seconds, 0.24));
    return [out];
  },
};

/** A drum machine's kick drawn out into a bass. */
export const boomBass: Instrument = {
  sustained: true,
  render({ midi, seconds, velocity }) {
    const out = soundOf(seconds + 0.2);
    const hertz = midiToHz(midi);
    let phase = 0;
    for (let i = 0; i < out.length; i++) {
      const second = i / rate;
      phase += (6.2831853 * hertz * (1 + 1.4 * Math.exp(-second * 60))) / rate;
      out[i] = Math.tanh(1.9 * Math.sin(phase) * Math.exp(-second * 1.4)) * (0.7 + 0.3 * velocity);
    }
    shape(out, (second) => envelope(second, 0.004, seconds, 0.18));
    return [out];
  },
};

/** A finger on an electric bass. */
export const fingerBass: Instrument = {
  sustained: true,
  render({ midi, seconds, velocity, brightness, random }) {
    const out = soundOf(seconds + 0.12);
    const hertz = midiToHz(midi);
    addWave(out, saw, random(), 0.4, () => hertz);
    addPartial(out, hertz, 0.5, 6, 0);
    sweepLowPass(out, (second) => 160 + (500 + 900 * brightness) * velocity * Math.exp(-second * 7));
    shape(out, (second) => envelope(second, 0.008, seconds, 0.11) * (0.55 + 0.45 * Math.exp(-second * 3)));
    return [out];
  },
};
