// What the mood adds to any band: hits, sparkle, a bouncing figure, an inner line, drops or a veil.
import { nearestPitch } from './harmony.ts';
import type { ColourPattern } from './moods.ts';
import { type BarPlan, type Pen, swell } from './pen.ts';

/** `[beat, beats, midi, velocity]` */
type ColourStroke = [number, number, number, number];

function colourStrokes(pattern: ColourPattern, { voicing, chord, bar }: BarPlan): ColourStroke[] {
  const top = voicing.at(-1)!;
  const full = bar.level > 0.55;
  switch (pattern) {
    case 'hits': {
      const low = nearestPitch(chord.root, 38);
      const beats = full ? [0, 1.5, 2, 3, 3.5] : [0, 1.5];
      return beats.map((beat, i) => [beat, 0.35, low + (i % 2 === 0 ? 0 : 12), i === 0 ? 0.95 : 0.7]);
    }
    case 'sparkle':
      return (full ? [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5] : [0, 1, 2, 3]).map((beat, i) => [
        beat,
        0.4,
        voicing[i % voicing.length]! + 24,
        i % 3 === 0 ? 0.7 : 0.45,
      ]);
    case 'bounce':
      return [0, 0.5, 1.5, 2, 2.5, 3.5].map((beat, i) => [
        beat,
        0.2,
        voicing[(i * 2) % voicing.length]! + (i % 3 === 2 ? 12 : 0),
        i % 3 === 0 ? 0.8 : 0.55,
      ]);
    case 'steps':
      return (full ? [0.5, 1, 1.5, 2.5, 3, 3.5] : [1, 3]).map((beat, i) => [
        beat,
        0.4,
        voicing[(i + bar.index) % voicing.length]! + 12,
        i % 3 === 0 ? 0.65 : 0.45,
      ]);
    case 'line': {
      const inner = voicing[1]! - 12;
      return full
        ? [
            [0, 1.9, inner, 0.7],
            [2, 1.9, voicing[bar.index % 2 === 0 ? 2 : 0]! - 12, 0.7],
          ]
        : [[0, 3.8, inner, 0.6]];
    }
    case 'drops':
      return bar.index % 2 === 0
        ? [[2.5, 1.5, top + 12, 0.55]]
        : [
            [1, 1, top + 24, 0.4],
            [3.5, 1, top + 12, 0.5],
          ];
    case 'veil':
      return [[0, 4, top + 12, 0.5]];
  }
}

/** What the mood adds, whoever plays. */
export function writeColour(pen: Pen, plan: BarPlan): void {
  const { instrument, levelDb, pattern } = pen.mood.colour;
  for (const [beat, beats, midi, velocity] of colourStrokes(pattern, plan)) {
    pen.write(plan, {
      instrument,
      beat,
      beats,
      midi,
      velocity,
      levelDb: levelDb + swell(plan),
      pan: -0.25,
      room: 1.3,
    });
  }
}
