// Weather and nature: rain, thunder, wind, waves, fire, birds.
import type { Random } from '../../domain/random.ts';
import { between as among } from '../../domain/random.ts';
import {
  between,
  burst,
  glide,
  layer,
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

/** A far curtain of drops, a nearer hiss, and single drops on leaves and puddles. */
export function rain(seconds: number, random: Random): Stereo {
  const gust = wander(6, random);
  const out = wideNoise(seconds, 'pink', random, (samples) => {
    between(samples, 350, 5_500);
    shape(samples, (second) => 0.5 + 0.25 * gust(second));
  });
  layer(
    out,
    wideNoise(seconds, 'white', random, (samples) => {
      between(samples, 3_500, 13_000);
      shape(samples, (second) => 0.045 + 0.04 * gust(second));
    }),
    1,
  );
  const drops = Math.round(seconds * 130);
  for (let k = 0; k < drops; k++) {
    const size = random() ** 2;
    const hertz = among(random, 1_400, 6_500) * (1 - 0.6 * size);
    const drop = ring(0.03, [[hertz, 1, 0.012 + 0.03 * size]], random);
    place(out, drop, random() * seconds, 0.02 + 0.16 * size * random(), among(random, -0.9, 0.9));
  }
  return out;
}

/** A tearing crack, then rolls that come back from the clouds. */
export function thunder(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const near = among(random, 0.4, 1);
  const bolts = 3 + Math.floor(random() * 4);
  for (let k = 0; k < bolts; k++) {
    const crack = noise(Math.round(0.35 * rate), 'white', random);
    between(crack, 250, 5_500);
    shape(crack, burst(0.001, among(random, 14, 30)));
    place(out, crack, k * among(random, 0.02, 0.07), (0.9 * near) / (1 + 0.3 * k), among(random, -0.6, 0.6));
  }
  const rolls = Array.from({ length: 6 + Math.floor(seconds) }, (_, k) => ({
    at: k === 0 ? 0.03 : random() * seconds * 0.6,
    fall: among(random, 0.9, 2.4),
    level: k === 0 ? 1 : among(random, 0.25, 0.7),
    rise: k === 0 ? 0.05 : among(random, 0.15, 0.5),
    pan: among(random, -0.6, 0.6),
  }));
  for (const { at, fall, level, rise, pan } of rolls) {
    const rumble = noise(Math.round(Math.max(0.2, seconds - at) * rate), 'brown', random);
    sweepBand(rumble, (second) => 60 + 240 * Math.exp(-second * 2.2), 0.6);
    shape(rumble, (second) => Math.min(1, second / rise) * Math.exp(-second * fall));
    place(out, rumble, at, level * 4.5, pan);
  }
  room(out, 3.5, 0.25, 0.6);
  return out;
}

/** Gusts over a low body, whistling where they are strong. */
export function wind(seconds: number, random: Random): Stereo {
  const gust = wander(5.5, random);
  const out = wideNoise(seconds, 'pink', random, (samples, side) => {
    const centre = (second: number) => 190 + 520 * gust(second + side * 0.25) ** 1.6;
    sweepBand(samples, centre, 0.9);
    shape(samples, (second) => 0.35 + 1.1 * gust(second + side * 0.25) ** 1.5);
  });
  layer(
    out,
    wideNoise(seconds, 'white', random, (samples, side) => {
      sweepBand(samples, (second) => 620 + 900 * gust(second + 0.3 * side), 14);
      shape(samples, (second) => 0.5 * Math.max(0, gust(second + 0.3 * side) - 0.35) ** 1.5);
    }),
    0.9,
  );
  layer(
    out,
    wideNoise(seconds, 'brown', random, (samples) => between(samples, 40, 160)),
    0.5,
  );
  return out;
}

/** Swells that rise, break and run back over sand. */
export function waves(seconds: number, random: Random): Stereo {
  const out = wideNoise(seconds, 'brown', random, (samples) => between(samples, 45, 420));
  for (const side of out) shape(side, () => 0.17);
  let at = -among(random, 0.4, 1.4);
  while (at < seconds) {
    const length = among(random, 4.6, 7.2);
    const crest = among(random, 0.34, 0.42);
    const height = among(random, 0.7, 1);
    const swell = wideNoise(length, 'pink', random, (samples, side) => {
      const lag = side * 0.12;
      sweepBand(samples, (second) => 320 + 1_900 * bump((second + lag) / length, crest, 0.18), 0.55);
      shape(samples, (second) => bump((second + lag) / length, crest, 0.24) ** 1.3);
    });
    const foam = wideNoise(length, 'white', random, (samples) => {
      between(samples, 2_600, 11_000);
      shape(samples, (second) => 0.14 * bump(second / length, crest + 0.2, 0.26));
    });
    for (let c = 0; c < 2; c++) {
      place(out, swell[c]!, at, 1.6 * height, c * 2 - 1);
      place(out, foam[c]!, at, height, c * 2 - 1);
    }
    at += length * among(random, 0.62, 0.85);
  }
  return out;
}

function bump(x: number, centre: number, width: number): number {
  if (x <= 0 || x >= 1) return 0;
  const side = x < centre ? width : width * 1.5;
  return Math.exp(-(((x - centre) / side) ** 2)) * Math.min(1, x * 12, (1 - x) * 12);
}

/** A low roar and the wood's crackle, in small volleys. */
export function fire(seconds: number, random: Random): Stereo {
  const flame = wander(1.7, random);
  const out = wideNoise(seconds, 'brown', random, (samples) => {
    between(samples, 70, 700);
    shape(samples, (second) => 0.45 + 0.35 * flame(second));
  });
  layer(
    out,
    wideNoise(seconds, 'pink', random, (samples) => {
      between(samples, 900, 6_000);
      shape(samples, (second) => 0.05 + 0.06 * flame(second));
    }),
    1,
  );
  for (let at = random() * 0.2; at < seconds; ) {
    const volley = random() < 0.25 ? 5 + Math.floor(random() * 9) : 1;
    for (let k = 0; k < volley; k++) {
      const strength = random() ** 2.4;
      const snap = noise(Math.round(0.05 * rate), 'white', random);
      sweepBand(snap, () => among(random, 900, 6_500), 1.2);
      shape(snap, burst(0.0004, among(random, 90, 420) * (1.2 - strength)));
      place(out, snap, at + k * 0.02 * random() * volley, 0.2 + 1.9 * strength, among(random, -0.7, 0.7));
    }
    at += -Math.log(1 - random() * 0.98) * 0.11;
  }
  return out;
}

/** Several singers, each with a song of its own, near and far. */
export function birds(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const singers = 4 + Math.floor(random() * 3);
  for (let k = 0; k < singers; k++) {
    const distance = k === 0 ? 0.1 : among(random, 0.2, 1);
    const pan = among(random, -0.85, 0.85);
    const base = among(random, 2_300, 5_200);
    const song = Array.from({ length: 3 + Math.floor(random() * 5) }, () => syllable(base, random));
    for (let at = k === 0 ? random() * 0.3 : random() * 2.5; at < seconds; at += among(random, 1.1, 3.8)) {
      let later = at;
      for (const { sound, gap } of song) {
        place(out, sound, later, (0.5 + 0.2 * random()) / (1 + 3 * distance), pan);
        later += sound.length / rate + gap;
      }
    }
  }
  room(out, 1.6, 0.22, 0.5);
  const air = wideNoise(seconds, 'pink', random, (samples) => between(samples, 250, 3_000));
  layer(out, air, 0.012);
  return out;
}

function syllable(base: number, random: Random): { sound: Float32Array; gap: number } {
  const length = among(random, 0.05, 0.19);
  const from = base * among(random, 0.8, 1.35);
  const to = base * among(random, 0.75, 1.4);
  const trill = random() < 0.4 ? among(random, 22, 48) : 0;
  const depth = trill > 0 ? among(random, 0.04, 0.13) : 0;
  const bend = among(random, -0.18, 0.22);
  const sound = glide(
    length,
    (second) => {
      const x = second / length;
      const line = from + (to - from) * x + base * bend * Math.sin(Math.PI * x);
      return line * (1 + depth * Math.sin(2 * Math.PI * trill * second));
    },
    [1, 0.12],
  );
  shape(sound, (second) => Math.max(0, Math.sin((Math.PI * second) / length)) ** 0.8);
  return { sound, gap: among(random, 0.02, 0.12) };
}
