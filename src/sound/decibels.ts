// Decibels and amplitudes, converted. Nothing else.

/** Amplitude factor of a level change in dB. */
export function dbToGain(db: number): number {
  return 10 ** (db / 20);
}

/** Level in dB of an amplitude factor; −Infinity for 0. */
export function gainToDb(gain: number): number {
  return 20 * Math.log10(gain);
}
