// Sounds of the cutting room: whoosh, impact, riser, drone, and small signs: heartbeat, clock, chime, sparkle.
import { between as among, type Random } from '../../domain/random.ts';
import {
  between,
  burst,
  glide,
  layer,
  type Mode,
  noise,
  place,
  rate,
  ring,
  room,
  type Stereo,
  shape,
  silence,
  sweepBand,
  wander,
  wideNoise,
} from './sources.ts';

/** Something passes close by: rises, is loudest a little before the middle, falls in pitch as it leaves. */
export function whoosh(seconds: number, random: Random): Stereo {
  const peak = among(random, 0.42, 0.48);
  const way = random() < 0.5 ? 1 : -1;
  const top = among(random, 1_500, 2_800);
  const near = (x: number) => Math.exp(-(((x - peak) / (x < peak ? 0.17 : 0.22)) ** 2));
  const out = wideNoise(seconds, 'pink', random, (samples, side) => {
    const doppler = (x: number) => 1.18 - 0.4 / (1 + Math.exp(-(x - peak) * 18));
    sweepBand(samples, (second) => (220 + top * near(second / seconds)) * doppler(second / seconds), 1.1);
    shape(samples, (second) => {
      const x = second / seconds;
      const angle = ((1 + way * Math.tanh((x - peak) * 5)) * Math.PI) / 4;
      return near(x) ** 1.4 * (side < 0 ? Math.cos(angle) : Math.sin(angle));
    });
  });
  const low = noise(out[0].length, 'brown', random);
  between(low, 50, 260);
  shape(low, (second) => near(second / seconds) ** 2);
  place(out, low, 0, 0.8, 0);
  return out;
}

/** A deep drop, a slam and the hall's answer. */
export function impact(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const low = among(random, 34, 44);
  const boom = glide(seconds, (second) => low + 75 * Math.exp(-second * 11));
  for (let i = 0; i < boom.length; i++) boom[i] = Math.tanh(1.8 * boom[i]! * Math.exp((-i / rate) * 2.6));
  place(out, boom, 0, 0.95, 0);
  for (const side of [-0.8, 0.8]) {
    const slam = between(noise(Math.round(0.6 * rate), 'white', random), 90, among(random, 2_600, 4_200));
    place(out, shape(slam, burst(0.001, 13)), 0, 0.85, side);
    const debris = between(noise(Math.round(1.2 * rate), 'pink', random), 200, 1_800);
    place(out, shape(debris, burst(0.02, 4.5)), 0, 0.35, side);
  }
  const plate: Mode[] = [1, 1.47, 2.09, 2.56, 3.31].map((k) => [
    among(random, 92, 120) * k,
    0.16 / k,
    1.6 / k,
  ]);
  place(out, ring(Math.min(seconds, 2), plate, random), 0, 0.8, among(random, -0.2, 0.2));
  room(out, 3, 0.3, 0.5);
  return out;
}

/** Grows and climbs until the end, where it stops. */
export function riser(seconds: number, random: Random): Stereo {
  const grow = (second: number) => Math.min(1, second / seconds);
  const base = among(random, 95, 130);
  const out = wideNoise(seconds, 'white', random, (samples) => {
    sweepBand(samples, (second) => 250 * 26 ** grow(second), 1.4);
    shape(samples, (second) => 0.9 * grow(second) ** 2.2);
  });
  for (const [pan, detune] of [
    [-0.7, 0.994],
    [0, 1],
    [0.7, 1.007],
  ] as const) {
    const tone = glide(
      seconds,
      (second) => base * detune * 2 ** (2.1 * grow(second) ** 1.5),
      [0.6, 0.35, 0.24, 0.16, 0.1],
    );
    shape(
      tone,
      (second) =>
        grow(second) ** 2 * (0.75 + 0.25 * Math.sin(2 * Math.PI * second * (3 + 11 * grow(second)))),
    );
    place(out, tone, 0, 0.35, pan);
  }
  for (const side of out) shape(side, (second) => Math.min(1, (seconds - second) / 0.03));
  return out;
}

/** A dark held tone that breathes and beats. */
export function drone(seconds: number, random: Random): Stereo {
  const base = among(random, 41, 55);
  const breath = wander(7, random);
  const out = silence(seconds);
  for (const [multiple, level, pan] of [
    [1, 1, 0],
    [1.006, 0.7, -0.6],
    [1.498, 0.35, 0.6],
    [2.003, 0.4, 0.3],
    [2.99, 0.14, -0.4],
    [4.01, 0.08, 0.5],
  ] as const) {
    const move = wander(among(random, 3, 9), random);
    const tone = glide(seconds, () => base * multiple, [1, 0.3, 0.12]);
    place(
      out,
      shape(tone, (second) => level * (0.45 + 0.55 * move(second))),
      0,
      0.5,
      pan,
    );
  }
  const air = wideNoise(seconds, 'pink', random, (samples, side) => {
    sweepBand(samples, (second) => 220 + 380 * breath(second + side * 0.4), 2.2);
  });
  layer(out, air, 0.35);
  room(out, 3.2, 0.2, 0.6);
  return out;
}

/** Two soft blows, close together, over and over. */
export function heartbeat(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const beat = 60 / among(random, 62, 78);
  for (let at = 0.01; at < seconds - 0.1; at += beat * among(random, 0.98, 1.02)) {
    for (const [later, level, hertz] of [
      [0, 1, 52],
      [beat * 0.32, 0.7, 61],
    ] as const) {
      const thump = glide(0.3, (second) => hertz + 45 * Math.exp(-second * 40));
      shape(thump, (second) => Math.min(1, second / 0.008) * Math.exp(-second * 16));
      const flesh = shape(
        between(noise(Math.round(0.12 * rate), 'brown', random), 60, 320),
        burst(0.006, 32),
      );
      place(out, thump, at + later, level, 0);
      place(out, flesh, at + later, level * 1.6, 0);
    }
  }
  room(out, 0.7, 0.06, 0.7);
  return out;
}

/** Tick and tock of a small case. */
export function clock(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const body = among(random, 620, 900);
  const beat = random() < 0.5 ? 0.5 : 1;
  for (let at = 0.005, n = 0; at < seconds - 0.03; at += beat, n++) {
    const tone = n % 2 === 0 ? 1 : 0.86;
    const modes: Mode[] = [
      [body * tone, 0.4, 0.05],
      [2_350 * tone, 0.5, 0.03],
      [4_150 * tone, 0.35, 0.018],
      [6_700 * tone, 0.2, 0.01],
    ];
    place(out, ring(0.12, modes, random), at, n % 2 === 0 ? 1 : 0.8, 0.05);
    const snap = shape(
      between(noise(Math.round(0.01 * rate), 'white', random), 2_500, 11_000),
      burst(0.0002, 500),
    );
    place(out, snap, at, 0.5, 0.05);
    place(out, snap, at + 0.018, 0.2, 0.05);
  }
  room(out, 0.8, 0.12, 0.4);
  return out;
}

/** A struck bell, with the beating of two nearly equal partials. */
export function chime(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const base = among(random, 520, 880);
  const notes = random() < 0.5 ? [1] : [1, 1.335];
  for (const [n, up] of notes.entries()) {
    const modes: Mode[] = [
      [1, 0.8, 3],
      [1.004, 0.4, 3.4],
      [2.01, 0.5, 2],
      [2.76, 0.35, 1.4],
      [3.76, 0.22, 0.9],
      [5.4, 0.22, 0.6],
      [8.9, 0.12, 0.25],
    ].map(([multiple, level, decay]) => [base * up * multiple!, level!, decay!]);
    place(out, ring(seconds, modes, random), n * 0.16, 0.6, n * 0.3 - 0.1);
  }
  room(out, 2.6, 0.25, 0.3);
  return out;
}

/** A handful of tiny bells that run upwards. */
export function sparkle(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const scale = [0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24];
  const count = 9 + Math.floor(random() * 6);
  const base = among(random, 1_500, 1_900);
  const run = Math.min(seconds * 0.5, 0.9);
  for (let k = 0; k < count; k++) {
    const x = k / (count - 1);
    const step = scale[Math.min(scale.length - 1, Math.floor(x * 9 + random() * 2))]!;
    const hertz = base * 2 ** (step / 12);
    const modes: Mode[] = [
      [hertz, 0.6, 0.9],
      [hertz * 2.01, 0.3, 0.5],
      [hertz * 3.9, 0.15, 0.25],
    ];
    place(
      out,
      ring(Math.max(0.1, seconds), modes, random),
      x ** 0.8 * run,
      among(random, 0.35, 0.8),
      among(random, -0.8, 0.8),
    );
  }
  room(out, 2, 0.3, 0.2);
  return out;
}
