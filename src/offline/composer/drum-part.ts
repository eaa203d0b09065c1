// What the drums play in one bar: the kit's pattern for its fullness, and the way into a new section.
import { type Bar, beatsPerBar } from './form.ts';
import { kits } from './kits.ts';
import { type BarPlan, type Pen, type Stroke, swell } from './pen.ts';

/** Level times drive from which the light, middle and full patterns play. */
const degreeFrom = [0.12, 0.33, 0.55];

export function writeDrums(pen: Pen, plan: BarPlan, next: Bar | undefined): void {
  const { band, mood } = pen;
  const kit = kits[band.kit.name];
  const force = plan.bar.level * Math.min(1, mood.drive * band.drive);
  const degree = degreeFrom.filter((from) => force >= from).length - 1;
  const base = { beats: 0.2, midi: 60, room: 0.5 };
  const write = (stroke: Omit<Stroke, keyof typeof base> & { midi?: number }) =>
    pen.write(plan, { ...base, ...stroke });

  if (mood.pedal && plan.bar.level > 0.25) {
    for (let i = 0; i < 8; i++) {
      write({
        instrument: 'tick',
        beat: i / 2,
        velocity: i % 2 ? 0.4 : 0.7,
        levelDb: band.kit.levelDb - 12,
        pan: 0.2,
      });
    }
  }
  if (mood.thunder && band.kit.name !== 'orchestral' && band.drive > 0 && plan.bar.level > 0.35) {
    const beats = plan.bar.level > 0.5 ? [0, 1.5, 2, 2.75, 3, 3.5] : [0, 1.5, 2.5];
    for (const [i, beat] of beats.entries()) {
      write({
        instrument: 'taiko',
        beat,
        velocity: i === 0 ? 0.95 : 0.65,
        levelDb: -5 + swell(plan),
        pan: -0.1,
      });
    }
  }
  if (degree < 0) return;
  const swellLevelDb = band.kit.levelDb - 9;
  if (kit.lead && next?.opensSection && next.part === 'body') {
    const instrument = kit.lead;
    if (instrument === 'cymbalSwell') {
      const beats = 2 / pen.beatSeconds;
      write({ instrument, beat: beatsPerBar - beats, velocity: 0.7, levelDb: swellLevelDb });
    } else {
      for (const beat of [3, 3.25, 3.5, 3.75])
        write({ instrument, beat, velocity: 0.5 + beat / 8, levelDb: band.kit.levelDb - 5 });
    }
  }
  if (kit.arrival && plan.bar.opensSection && degree === 2) {
    write({ instrument: kit.arrival, beat: 0, velocity: 0.7, levelDb: swellLevelDb });
  }
  for (const { instrument, steps, levelDb, pan } of kit.degrees[degree]!) {
    for (const [i, mark] of [...steps].entries()) {
      if (mark === '.') continue;
      const velocity = (mark === 'X' ? 1 : mark === 'x' ? 0.75 : 0.4) * (0.75 + 0.25 * plan.bar.level);
      const level = band.kit.levelDb + levelDb + swell(plan) * 0.5;
      // Pitch means nothing to a drum but another take of the same blow.
      write({ instrument, beat: i / 4, velocity, levelDb: level, pan, midi: 60 + (i % 4 === 0 ? 0 : 1) });
      if (instrument === kit.kick && band.pumpDb > 0) pen.kick(plan, i / 4);
    }
  }
}
