// People and their places: city, crowd, applause, footsteps, engine, typing, clicks.
import { between as among, type Random } from '../../domain/random.ts';
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

/** A far hum, cars that pass, now and then a horn. */
export function city(seconds: number, random: Random): Stereo {
  const out = wideNoise(seconds, 'brown', random, (samples) => between(samples, 45, 700));
  for (const side of out) shape(side, () => 0.45);
  layer(
    out,
    wideNoise(seconds, 'pink', random, (samples) => between(samples, 500, 4_500)),
    0.06,
  );
  for (let at = -among(random, 0.5, 2); at < seconds; at += among(random, 1.8, 4.5)) passCar(out, at, random);
  for (let at = among(random, 1, 6); at < seconds - 0.6; at += among(random, 5, 13)) {
    const low = among(random, 310, 420);
    const length = among(random, 0.18, 0.5);
    const horn = glide(length, () => low, [0.5, 0.5, 0.35, 0.2, 0.1]);
    const second = glide(length, () => low * 1.26, [0.5, 0.5, 0.3, 0.2]);
    for (let i = 0; i < horn.length; i++) horn[i]! += second[i]!;
    between(
      shape(horn, (t) => Math.min(1, t / 0.02, (length - t) / 0.06)),
      300,
      2_200,
    );
    place(out, horn, at, 0.035, among(random, -0.9, 0.9));
  }
  room(out, 1.8, 0.12, 0.6);
  return out;
}

/** Tyres and motor that come, sink in pitch as they pass, and go. */
function passCar(out: Stereo, at: number, random: Random): void {
  const length = among(random, 2.6, 4.6);
  const way = random() < 0.5 ? 1 : -1;
  const nearness = among(random, 0.35, 1);
  const swell = (second: number) => 1 / (1 + ((second - length / 2) / (0.32 * length * 0.6)) ** 2);
  const tyres = noise(Math.round(length * rate), 'pink', random);
  sweepBand(tyres, (second) => 500 + 700 * swell(second) * (second < length / 2 ? 1.1 : 0.8), 0.7);
  const hum = among(random, 55, 95);
  const motor = glide(
    length,
    (second) => hum * (1.06 - 0.12 / (1 + Math.exp(-(second - length / 2) * 6))),
    [1, 0.7, 0.4, 0.3],
  );
  const edge = (second: number) => Math.min(1, second * 2, (length - second) * 2);
  for (const [sound, gain] of [
    [tyres, 0.9],
    [motor, 0.12],
  ] as const) {
    shape(sound, (second) => swell(second) * edge(second));
    const left = shape(sound.slice(), (second) =>
      Math.cos(((1 + way * Math.tanh((second / length - 0.5) * 5)) * Math.PI) / 4),
    );
    const right = shape(sound, (second) =>
      Math.sin(((1 + way * Math.tanh((second / length - 0.5) * 5)) * Math.PI) / 4),
    );
    place(out, left, at, gain * nearness * 1.4, -1);
    place(out, right, at, gain * nearness * 1.4, 1);
  }
}

/** First and second formants of a few vowels. */
const vowels: [number, number][] = [
  [730, 1_150],
  [530, 1_750],
  [390, 2_000],
  [570, 900],
  [440, 1_050],
  [640, 1_300],
];

/** Many mouths at once: glottal tones through vowels that change, none to be understood. */
export function crowd(seconds: number, random: Random): Stereo {
  const out = wideNoise(seconds, 'pink', random, (samples) => {
    sweepBand(samples, () => 550, 0.7);
  });
  for (const side of out) shape(side, () => 0.2);
  const speakers = 14;
  for (let k = 0; k < speakers; k++) {
    const pitch = random() < 0.5 ? among(random, 95, 145) : among(random, 170, 250);
    const distance = among(random, 0.3, 1);
    const pan = among(random, -0.9, 0.9);
    for (let at = random() * 0.6 - 0.2; at < seconds; at += among(random, 0.9, 3)) {
      place(out, mutter(pitch, random), at, 0.32 / (0.5 + distance), pan);
    }
  }
  room(out, 1.4, 0.2, 0.55);
  return out;
}

/** Two or three seconds of one voice that says nothing. */
function mutter(pitch: number, random: Random): Float32Array {
  const syllables = Array.from({ length: 3 + Math.floor(random() * 6) }, () => ({
    vowel: vowels[Math.floor(random() * vowels.length)]!,
    tone: among(random, 0.85, 1.25),
    level: among(random, 0.4, 1),
  }));
  const beat = among(random, 0.16, 0.22);
  const length = syllables.length * beat;
  const at = (second: number) => syllables[Math.min(syllables.length - 1, Math.floor(second / beat))]!;
  let smooth = pitch;
  const source = glide(
    length,
    (second) => {
      smooth += 0.0006 * (pitch * at(second).tone - smooth);
      return smooth;
    },
    [1, 0.8, 0.62, 0.5, 0.4, 0.33, 0.27, 0.22, 0.18, 0.15],
  );
  const first = sweepBand(source.slice(), (second) => at(second).vowel[0], 5);
  const other = sweepBand(source, (second) => at(second).vowel[1], 7);
  for (let i = 0; i < first.length; i++) first[i] = first[i]! * 0.3 + other[i]! * 0.18;
  return shape(first, (second) => {
    const inside = (second % beat) / beat;
    return at(second).level * Math.sin(Math.PI * inside) ** 0.7 * Math.min(1, (length - second) / 0.05);
  });
}

/** Hundreds of hands: each pair with its own size, place and rhythm. */
export function applause(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const hands = 46;
  for (let k = 0; k < hands; k++) {
    const clap = pairOfHands(random);
    const pan = among(random, -0.95, 0.95);
    const distance = among(random, 0.15, 1);
    const tempo = among(random, 3.4, 5.4);
    for (let at = random() * 0.35; at < seconds; at += among(random, 0.85, 1.15) / tempo) {
      const swell = Math.min(1, 0.55 + at) * Math.min(1, (seconds - at) / (seconds * 0.35));
      place(out, clap, at, (swell * among(random, 0.6, 1)) / (0.4 + 2 * distance), pan);
    }
  }
  room(out, 1.5, 0.28, 0.45);
  return out;
}

function pairOfHands(random: Random): Float32Array {
  const clap = noise(Math.round(0.05 * rate), 'white', random);
  const hertz = among(random, 800, 2_400);
  sweepBand(clap, () => hertz, among(random, 1.1, 2.4));
  return shape(clap, burst(0.0006, among(random, 70, 150)));
}

/** Heel, then sole, on a floor; two feet are never the same. */
export function footsteps(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const pace = among(random, 0.5, 0.6);
  const floorHz = among(random, 130, 230);
  for (let at = 0.01, step = 0; at < seconds - 0.05; at += pace * among(random, 0.96, 1.04), step++) {
    const side = step % 2 === 0 ? -0.18 : 0.18;
    const heel = ring(
      0.16,
      [
        [floorHz, 0.8, 0.09],
        [floorHz * 2.3, 0.3, 0.05],
        [1_150, 0.12, 0.02],
      ],
      random,
    );
    const tap = shape(
      between(noise(Math.round(0.06 * rate), 'white', random), 400, 4_200),
      burst(0.0008, 95),
    );
    const sole = shape(between(noise(Math.round(0.16 * rate), 'pink', random), 500, 5_000), burst(0.03, 26));
    const weight = among(random, 0.8, 1);
    place(out, heel, at, 0.7 * weight, side);
    place(out, tap, at, 0.65 * weight, side);
    place(out, sole, at + 0.085, 0.4 * weight, side);
  }
  room(out, 0.9, 0.16, 0.5);
  return out;
}

/** A motor that starts, revs and runs. */
export function engine(seconds: number, random: Random): Stereo {
  const idle = among(random, 26, 34);
  const rev = among(random, 1.6, 2.3);
  const shake = wander(0.7, random);
  const turns = (second: number) => {
    const blip = Math.exp(-(((second - 0.55) / 0.42) ** 2)) * rev;
    return idle * (0.75 + 0.25 * Math.min(1, second * 3) + blip) * (0.985 + 0.03 * shake(second));
  };
  const fire = glide(
    seconds,
    turns,
    [0.5, 1, 0.5, 0.9, 0.4, 0.6, 0.3, 0.45, 0.2, 0.3, 0.15, 0.22, 0.1, 0.15],
  );
  for (let i = 0; i < fire.length; i++) fire[i] = Math.tanh(fire[i]! * 0.8);
  const breath = noise(fire.length, 'pink', random);
  sweepBand(breath, (second) => turns(second) * 14, 0.9);
  for (let i = 0; i < fire.length; i++) fire[i]! += breath[i]! * 0.5 * (0.5 + 0.5 * Math.max(0, fire[i]!));
  between(fire, 35, 3_200);
  const out = silence(seconds);
  place(out, fire, 0, 0.8, -0.15);
  place(out, fire, 0.0007, 0.6, 0.6);
  room(out, 0.8, 0.08, 0.6);
  return out;
}

/** Keys go down and come up; words, pauses, the deeper space bar. */
export function typing(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  let inWord = 2 + Math.floor(random() * 6);
  for (let at = 0.005; at < seconds - 0.05; ) {
    const space = inWord === 0;
    key(out, at, space, random);
    at += space ? among(random, 0.1, 0.26) : among(random, 0.07, 0.17);
    inWord = space ? 2 + Math.floor(random() * 7) : inWord - 1;
  }
  room(out, 0.4, 0.08, 0.5);
  return out;
}

function key(out: Stereo, at: number, space: boolean, random: Random): void {
  const pan = space ? 0 : among(random, -0.45, 0.45);
  const body = space ? among(random, 240, 300) : among(random, 420, 780);
  const down = ring(
    0.07,
    [
      [body, 0.7, 0.03],
      [body * 2.7, 0.35, 0.018],
      [among(random, 3_200, 4_600), 0.3, 0.01],
    ],
    random,
  );
  const click = shape(
    between(noise(Math.round(0.02 * rate), 'white', random), 1_200, 9_000),
    burst(0.0003, 320),
  );
  const weight = among(random, 0.6, 1) * (space ? 1.2 : 1);
  place(out, down, at, 0.6 * weight, pan);
  place(out, click, at, 0.8 * weight, pan);
  place(out, click, at + among(random, 0.05, 0.075), 0.28 * weight, pan);
}

/** One switch: snap, then the smaller snap of letting go. */
export function click(seconds: number, random: Random): Stereo {
  const out = silence(seconds);
  const hertz = among(random, 1_500, 2_600);
  for (const [at, level] of [
    [0, 1],
    [among(random, 0.06, 0.1), 0.45],
  ] as const) {
    const snap = shape(
      between(noise(Math.round(0.02 * rate), 'white', random), 1_000, 9_000),
      burst(0.0002, 350),
    );
    place(out, snap, at, level, 0);
    place(
      out,
      ring(
        0.06,
        [
          [hertz, 0.5, 0.02],
          [hertz * 1.9, 0.25, 0.012],
          [310, 0.35, 0.02],
        ],
        random,
      ),
      at,
      level,
      0,
    );
  }
  room(out, 0.35, 0.06, 0.5);
  return out;
}
