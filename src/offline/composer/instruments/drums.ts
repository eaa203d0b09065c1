// Percussion: skins as falling sines, metal and wood as filtered noise. Pitch is ignored.

import type { Random } from '../../../domain/random.ts';
import { bandPass, filterInPlace, highPass, lowPass } from '../../../sound/biquad.ts';
import { addNoise, addPartial, shape, soundOf } from './oscillators.ts';
import { envelope, type Instrument, rate } from './voice.ts';

function drum(render: (velocity: number, random: Random) => Float32Array[]): Instrument {
  return { sustained: false, render: ({ velocity, random }) => render(velocity, random) };
}

/** A sine that falls from `fromHz` to `toHz` and dies by `decay` per second. */
function skin(seconds: number, fromHz: number, toHz: number, fall: number, decay: number): Float32Array {
  const out = soundOf(seconds);
  let phase = 0;
  for (let i = 0; i < out.length; i++) {
    const second = i / rate;
    phase += (6.2831853 * (toHz + (fromHz - toHz) * Math.exp(-second * fall))) / rate;
    out[i] = Math.sin(phase) * Math.exp(-second * decay);
  }
  shape(out, (second) => Math.min(1, second / 0.001, (seconds - second) / 0.02));
  return out;
}

interface NoiseForm {
  seconds: number;
  decay: number;
  lowHz: number;
  highHz: number;
  attack?: number;
}

function noise(form: NoiseForm, random: Random): Float32Array {
  const out = soundOf(form.seconds);
  addNoise(out, 1, random);
  filterInPlace(highPass(form.lowHz, 0.7, rate), out);
  filterInPlace(lowPass(form.highHz, 0.7, rate), out);
  const attack = form.attack ?? 0.0008;
  shape(
    out,
    (s) => Math.min(1, s / attack) * Math.exp(-s * form.decay) * Math.min(1, (form.seconds - s) / 0.02),
  );
  return out;
}

function add(into: Float32Array, from: Float32Array, gain: number): Float32Array {
  for (let i = 0; i < into.length && i < from.length; i++) into[i]! += from[i]! * gain;
  return into;
}

export const kick = drum((velocity, random) => {
  const out = skin(0.45, 150, 50, 38, 8);
  return [
    add(out, noise({ seconds: 0.03, decay: 180, lowHz: 1_500, highHz: 7_000 }, random), 0.25 * velocity),
  ];
});

export const softKick = drum(() => [skin(0.4, 95, 52, 30, 9)]);

export const hardKick = drum((velocity, random) => {
  const out = skin(0.6, 210, 47, 45, 5.5).map((x) => Math.tanh(2.2 * x));
  return [
    add(out, noise({ seconds: 0.02, decay: 220, lowHz: 2_500, highHz: 12_000 }, random), 0.35 * velocity),
  ];
});

export const snare = drum((velocity, random) => {
  const out = skin(0.3, 240, 180, 30, 18);
  return [
    add(out, noise({ seconds: 0.3, decay: 16, lowHz: 900, highHz: 9_000 }, random), 0.6 + 0.4 * velocity),
  ];
});

/** A snare in a large room that a gate cuts off. */
export const gatedSnare = drum((velocity, random) =>
  [0, 1].map(() => {
    const out = soundOf(0.42);
    add(out, skin(0.3, 230, 175, 30, 14), 0.9);
    add(out, noise({ seconds: 0.42, decay: 5, lowHz: 400, highHz: 7_500 }, random), 0.5 + 0.4 * velocity);
    shape(out, (second) => (second < 0.24 ? 1 : Math.max(0, 1 - (second - 0.24) / 0.03)));
    return out;
  }),
);

export const clap = drum((_velocity, random) =>
  [0, 1].map(() => {
    const out = soundOf(0.3);
    for (const [start, decay] of [
      [0, 120],
      [0.011, 120],
      [0.022, 110],
      [0.032, 18],
    ] as const) {
      const burst = noise({ seconds: 0.25, decay, lowHz: 900, highHz: 6_500 }, random);
      add(out.subarray(Math.round(start * rate)), burst, 0.8);
    }
    filterInPlace(bandPass(1_500, 0.7, rate), out);
    return out;
  }),
);

export const snap = drum((_velocity, random) => {
  const out = noise({ seconds: 0.12, decay: 60, lowHz: 1_600, highHz: 5_000 }, random);
  filterInPlace(bandPass(2_300, 3, rate), out);
  return [out];
});

export const closedHat = drum((velocity, random) => [
  noise({ seconds: 0.08, decay: 75 - 20 * velocity, lowHz: 7_000, highHz: 16_000 }, random),
]);

export const openHat = drum((_velocity, random) => [
  noise({ seconds: 0.4, decay: 11, lowHz: 6_500, highHz: 16_000 }, random),
]);

export const shaker = drum((_velocity, random) => [
  noise({ seconds: 0.12, decay: 32, lowHz: 4_500, highHz: 12_000, attack: 0.018 }, random),
]);

export const brush = drum((velocity, random) => [
  noise({ seconds: 0.3, decay: 14, lowHz: 1_800, highHz: 8_500, attack: 0.03 - 0.02 * velocity }, random),
]);

/** A wire brush that goes round. */
export const brushSweep = drum((_velocity, random) =>
  [0, 1].map(() => {
    const out = soundOf(0.7);
    addNoise(out, 0.6, random);
    filterInPlace(bandPass(3_600, 0.8, rate), out);
    shape(out, (second) => envelope(second, 0.28, 0.3, 0.4) * (0.8 + 0.2 * Math.sin(second * 37)));
    return out;
  }),
);

export const ride = drum((velocity, random) => {
  const out = noise({ seconds: 1.2, decay: 5, lowHz: 5_500, highHz: 14_000 }, random).map((x) => x * 0.25);
  for (const hertz of [2_740, 3_510, 4_130, 5_230, 6_870]) {
    addPartial(out, hertz * (1 + random() * 0.004), 0.07 * (0.6 + velocity), 1.1, random() * 6);
  }
  shape(out, (second) => Math.min(1, (1.2 - second) / 0.2));
  return [out];
});

export const crash = drum((_velocity, random) =>
  [0, 1].map(() => noise({ seconds: 2.6, decay: 2.1, lowHz: 2_600, highHz: 14_000, attack: 0.004 }, random)),
);

/** A cymbal that grows for two seconds and stops at its loudest. */
export const cymbalSwell = drum((_velocity, random) =>
  [0, 1].map(() => {
    const out = soundOf(2.3);
    addNoise(out, 0.8, random);
    filterInPlace(highPass(3_200, 0.7, rate), out);
    shape(out, (second) => (second < 2 ? (second / 2) ** 3 : Math.max(0, 1 - (second - 2) / 0.3) ** 2));
    return out;
  }),
);

export const taiko = drum((velocity, random) =>
  [0, 1].map((side) => {
    const out = skin(1.3, 120 + 12 * side, 58 + side, 14, 3.6);
    add(out, skin(0.5, 210, 128, 20, 9), 0.4);
    return add(
      out,
      noise({ seconds: 0.15, decay: 30, lowHz: 120, highHz: 900 + 1_800 * velocity }, random),
      0.8,
    );
  }),
);

export const tom = drum((_velocity, random) => {
  const out = skin(0.6, 190, 105, 16, 6);
  return [add(out, noise({ seconds: 0.05, decay: 70, lowHz: 300, highHz: 3_000 }, random), 0.35)];
});

export const frameDrum = drum((velocity, random) => {
  const out = skin(0.7, 130, 82, 12, 6);
  return [add(out, noise({ seconds: 0.08, decay: 55, lowHz: 400, highHz: 2_600 }, random), 0.5 * velocity)];
});

export const woodBlock = drum(() => {
  const out = soundOf(0.12);
  addPartial(out, 980, 0.8, 0.09);
  addPartial(out, 2_310, 0.4, 0.05);
  return [out];
});

/** One tick of a clock-like pulse. */
export const tick = drum((_velocity, random) => {
  const out = noise({ seconds: 0.03, decay: 260, lowHz: 3_000, highHz: 9_000 }, random);
  addPartial(out, 3_150, 0.2, 0.03);
  return [out];
});
