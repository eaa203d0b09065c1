// Sounds that carry chords: bowed ensembles and synthesiser pads, in stereo.

import { bandPass, filterInPlace } from '../../../sound/biquad.ts';
import { addNoise, addWave, saw, shape, soundOf, square, sweepLowPass, type Wave } from './oscillators.ts';
import { envelope, type Instrument, midiToHz, rate, type VoiceNote } from './voice.ts';

interface PadShape {
  wave: Wave;
  /** Voices per side. */
  voices: number;
  detuneCents: number;
  vibratoCents: number;
  attack: number;
  release: number;
  /** Corner of the low-pass at brightness 0 and 1. */
  darkHz: number;
  brightHz: number;
  /** Slow movement of the corner, share. */
  breathing: number;
  /** Share of a sine an octave below. */
  sub: number;
  /** Share of breath noise. */
  air: number;
}

function pad(padShape: PadShape): Instrument {
  return { sustained: true, render: (note) => renderPad(padShape, note) };
}

function renderPad(
  form: PadShape,
  { midi, seconds, velocity, brightness, random }: VoiceNote,
): Float32Array[] {
  const base = midiToHz(midi);
  const attack = Math.min(form.attack, seconds * 0.5);
  const cornerHz = form.darkHz + (form.brightHz - form.darkHz) * brightness * (0.5 + 0.5 * velocity);
  const sides = [-1, 1].map((side) => {
    const out = soundOf(seconds + form.release);
    for (let v = 0; v < form.voices; v++) {
      const spread = form.voices === 1 ? side * 0.5 : v / (form.voices - 1) - 0.5 + side * 0.13;
      const cents = spread * form.detuneCents * 2 + (random() - 0.5) * 2;
      const speed = 4.6 + random() * 1.2;
      const turn = random() * 6.28;
      addWave(out, form.wave, random(), 0.4 / form.voices, (second) => {
        const wobble = form.vibratoCents * Math.min(1, second / 0.8) * Math.sin(turn + 6.28 * speed * second);
        return base * 2 ** ((cents + wobble) / 1200);
      });
    }
    if (form.sub > 0) addWave(out, square, random(), form.sub * 0.2, () => base / 2);
    const drift = random() * 6.28;
    sweepLowPass(out, (second) => {
      const swell = 0.45 + 0.55 * envelope(second, attack * 1.6, seconds, form.release * 1.2);
      return cornerHz * swell * (1 + form.breathing * Math.sin(drift + second * 0.9));
    });
    if (form.air > 0) {
      const breath = new Float32Array(out.length);
      addNoise(breath, form.air, random);
      filterInPlace(bandPass(base * 2, 6, rate), breath);
      for (let i = 0; i < out.length; i++) out[i]! += breath[i]!;
    }
    shape(out, (second) => envelope(second, attack, seconds, form.release));
    return out;
  });
  crossFeed(sides as [Float32Array, Float32Array]);
  return sides;
}

/** Each side hears some of the other: two that have nothing in common lose half their power on one loudspeaker. */
function crossFeed([left, right]: [Float32Array, Float32Array]): void {
  for (let i = 0; i < left.length; i++) {
    const [l, r] = [left[i]!, right[i]!];
    left[i] = l + 0.4 * r;
    right[i] = r + 0.4 * l;
  }
}

/** A bowed ensemble. */
export const strings = pad({
  wave: saw,
  voices: 3,
  detuneCents: 9,
  vibratoCents: 6,
  attack: 0.45,
  release: 0.9,
  darkHz: 1_200,
  brightHz: 7_000,
  breathing: 0.08,
  sub: 0,
  air: 0,
});

/** Soft and round; stays behind a voice. */
export const warmPad = pad({
  wave: saw,
  voices: 2,
  detuneCents: 7,
  vibratoCents: 2,
  attack: 0.9,
  release: 1.6,
  darkHz: 450,
  brightHz: 2_000,
  breathing: 0.25,
  sub: 0.2,
  air: 0,
});

/** Breath and thin tone. */
export const airyPad = pad({
  wave: square,
  voices: 2,
  detuneCents: 8,
  vibratoCents: 3,
  attack: 1.2,
  release: 2,
  darkHz: 500,
  brightHz: 1_300,
  breathing: 0.3,
  sub: 0,
  air: 0.35,
});

/** The fat chord of an analogue polysynth. */
export const analogPad = pad({
  wave: saw,
  voices: 3,
  detuneCents: 14,
  vibratoCents: 4,
  attack: 0.12,
  release: 0.7,
  darkHz: 600,
  brightHz: 3_800,
  breathing: 0.2,
  sub: 0.35,
  air: 0,
});

/** Bright, wide and pumping. */
export const superSaw = pad({
  wave: saw,
  voices: 4,
  detuneCents: 18,
  vibratoCents: 0,
  attack: 0.03,
  release: 0.35,
  darkHz: 1_200,
  brightHz: 6_500,
  breathing: 0.05,
  sub: 0,
  air: 0,
});

/** Hardly more than a hum. */
export const drone = pad({
  wave: square,
  voices: 1,
  detuneCents: 5,
  vibratoCents: 1,
  attack: 1.4,
  release: 2.2,
  darkHz: 260,
  brightHz: 700,
  breathing: 0.35,
  sub: 0,
  air: 0.02,
});
