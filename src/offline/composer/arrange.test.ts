// Scores without their sound: form, tempo, harmony and range for every mood and style.
import { expect, test } from 'vitest';

import { moods, styles } from '../../domain/video-request.ts';
import { arrange } from './arrange.ts';
import { planForm } from './form.ts';
import { leadVoices, parseChord } from './harmony.ts';
import { moodScores } from './moods.ts';
import { bands } from './styles.ts';

const sections = [
  { startMs: 0, energy: 0.3 },
  { startMs: 7_300, energy: 0.6 },
  { startMs: 15_100, energy: 0.9 },
  { startMs: 23_900, energy: 0.5 },
];

test.each(moods.flatMap((mood) => styles.map((style) => ({ mood, style }))))('$mood $style', ({
  mood,
  style,
}) => {
  const score = arrange({ mood, style, durationMs: 30_000, sections, seed: 3 });
  expect(score.notes.length).toBeGreaterThan(20);
  for (const note of score.notes) {
    expect(note.startSeconds).toBeGreaterThanOrEqual(0);
    expect(note.startSeconds + note.seconds).toBeLessThanOrEqual(30 + 1e-6);
    expect(note.midi).toBeGreaterThanOrEqual(24);
    expect(note.midi).toBeLessThanOrEqual(103);
  }
  const [slow, fast] = moodScores[mood].tempoBpm;
  expect(score.bpm).toBeGreaterThan(slow * bands[style].tempo * 0.939);
  expect(score.bpm).toBeLessThan(fast * bands[style].tempo * 1.061);
  // Something plays all the time, and the last chord begins in time to ring.
  for (let second = 1; second < 26; second++) {
    expect(
      score.notes.some((note) => note.startSeconds <= second && note.startSeconds + note.seconds > second),
    ).toBe(true);
  }
  expect(score.notes.at(-1)!.startSeconds).toBeLessThan(30 - 1.5);
});

test('the same request gives the same score; another seed another', () => {
  const request = { mood: 'calm', style: 'nature', durationMs: 20_000, sections, seed: 1 } as const;
  expect(arrange(request)).toEqual(arrange(request));
  expect(arrange({ ...request, seed: 2 }).notes).not.toEqual(arrange(request).notes);
});

test.each([
  5_000, 7_040, 30_033, 61_500, 600_000,
])('bars of %i ms end with the video and meet the cuts', (durationMs) => {
  const form = planForm({ durationMs, sections: sections.filter(({ startMs }) => startMs < durationMs) }, 90);
  const last = form.bars.at(-1)!;
  expect(last.startSeconds + form.beatSeconds * 4).toBeCloseTo(durationMs / 1000, 6);
  expect(Math.abs(form.bpm / 90 - 1)).toBeLessThanOrEqual(0.0601);
  expect(last.part).toBe('final');
  expect(durationMs / 1000 - form.bars.find(({ part }) => part === 'final')!.startSeconds).toBeGreaterThan(2);
  expect(form.pickupSeconds).toBeGreaterThanOrEqual(0);
  expect(form.pickupSeconds).toBeLessThan(form.beatSeconds * 4);
});

test('busy scenes are fuller than quiet ones', () => {
  const at = (energy: number) => {
    const { notes } = arrange({
      mood: 'epic',
      style: 'cinematic',
      durationMs: 30_000,
      sections: [{ startMs: 0, energy }],
      seed: 4,
    });
    return notes.length;
  };
  expect(at(1)).toBeGreaterThan(at(0) * 1.5);
});

test('every chord of every mood can be read, and voices move little', () => {
  for (const mood of moods) {
    const { progressions, cadence, scale } = moodScores[mood];
    for (const line of [...progressions, cadence.join(' ')]) {
      let voicing: number[] | undefined;
      for (const symbol of line.split(' ')) {
        const chord = parseChord(symbol, 2, scale);
        const before = voicing;
        voicing = leadVoices(chord, before, 60);
        expect(new Set(voicing.map((pitch) => pitch % 12))).toEqual(new Set(chord.tones));
        if (!before) continue;
        const moves = voicing.map((pitch) => Math.min(...before.map((old) => Math.abs(old - pitch))));
        expect(moves.reduce((a, b) => a + b, 0) / moves.length).toBeLessThanOrEqual(3);
      }
    }
  }
});

test('roman numerals mean what they say', () => {
  const minor = moodScores.dramatic.scale;
  expect(parseChord('i', 9, minor).tones).toEqual([9, 0, 4]);
  expect(parseChord('VI', 9, minor).tones).toEqual([5, 9, 0]);
  expect(parseChord('V7', 9, minor).tones).toEqual([4, 8, 11, 2]);
  expect(parseChord('bII', 0, minor).tones).toEqual([1, 5, 8]);
  expect(() => parseChord('H7', 0, minor)).toThrow(RangeError);
});
