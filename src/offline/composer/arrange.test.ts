// Scores without their sound: form, tempo, harmony and range for every mood and style.
import { expect, test } from 'vitest';
import { createRandom } from '../../domain/random.ts';
import { moods, styles } from '../../domain/video-request.ts';
import { arrange } from './arrange.ts';
import { planForm } from './form.ts';
import { leadVoices, noteName, parseChord } from './harmony.ts';
import { inventMotif, singMotif, varyMotif } from './melody.ts';
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
  // Never a rest of half a second, and the last chord begins in time to ring.
  for (let second = 1; second < 26; second += 0.5) {
    const plays = ({ startSeconds, seconds }: (typeof score.notes)[0]) =>
      startSeconds <= second + 0.25 && startSeconds + seconds > second - 0.25;
    expect(score.notes.some(plays)).toBe(true);
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

test.each(
  moods,
)('%s: the tune is on the chord where it counts and never beside a note that the chord alters', (mood) => {
  const written = moodScores[mood];
  const tonic = written.tonics[0]!;
  for (let seed = 0; seed < 12; seed++) {
    const random = createRandom(seed);
    const motif = inventMotif(written, random);
    for (const [index, line] of written.progressions.entries()) {
      const chords = line.split(' ').map((symbol) => parseChord(symbol, tonic, written.scale));
      for (let bar = 0; bar + 1 < chords.length; bar += 2) {
        const pair = [chords[bar]!, chords[bar + 1]!] as [(typeof chords)[0], (typeof chords)[0]];
        const tune = singMotif(varyMotif(motif, index + bar, random), pair, tonic, written, 70);
        for (const [i, { beat, midi }] of tune.entries()) {
          const { tones } = pair[beat < 4 ? 0 : 1];
          const pitchClass = midi % 12;
          const untilNext = (tune[i + 1]?.beat ?? 8) - beat;
          if (beat % 2 === 0 || untilNext >= 1.5) expect(tones).toContain(pitchClass);
          else if (!tones.includes(pitchClass)) {
            expect(written.scale).toContain((pitchClass - tonic + 12) % 12);
            const altered = tones.filter((tone) => !written.scale.includes((tone - tonic + 12) % 12));
            for (const tone of altered) expect([1, 11]).not.toContain((pitchClass - tone + 12) % 12);
          }
          if (i > 0) expect(Math.abs(midi - tune[i - 1]!.midi)).toBeLessThanOrEqual(9);
        }
      }
    }
  }
});

test('in every style and mood, the last chord is the cadence\u2019s and the bass stands on its root', () => {
  for (const mood of moods) {
    for (const style of styles) {
      const score = arrange({ mood, style, durationMs: 30_000, sections, seed: 5 });
      const { cadence, scale, tonics } = moodScores[mood];
      const { bass, pad } = bands[style];
      const final = score.notes.findLast(({ instrument }) => instrument === bass.instrument)!;
      const roots = tonics.map((tonic) => parseChord(cadence[1], tonic, scale).root);
      expect(roots).toContain(final.midi % 12);
      const chord = score.notes.filter(
        ({ instrument, startSeconds }) =>
          instrument === pad.instrument && Math.abs(startSeconds - final.startSeconds) < 0.05,
      );
      expect(chord.length).toBeGreaterThanOrEqual(3);
      expect(chord.map(({ midi }) => midi % 12)).toContain(final.midi % 12);
      expect(30 - final.startSeconds).toBeGreaterThan(2);
    }
  }
});

test('two minutes do not go round: no eight bars are written twice alike', () => {
  for (const mood of ['epic', 'calm', 'playful'] as const) {
    const score = arrange({
      mood,
      style: 'documentary',
      durationMs: 120_000,
      sections: [{ startMs: 0, energy: 0.7 }],
      seed: 2,
    });
    const barSeconds = 240 / score.bpm;
    const pages = new Map<number, string[]>();
    for (const note of score.notes) {
      if (
        note.instrument !== bands.documentary.lead.instrument &&
        note.instrument !== bands.documentary.keys.instrument
      )
        continue;
      const page = Math.floor((120 - note.startSeconds) / (8 * barSeconds));
      pages.set(page, [...(pages.get(page) ?? []), note.instrument + note.midi]);
    }
    const written = [...pages.values()].map((page) => page.join(' '));
    expect(written.length).toBeGreaterThan(2);
    expect(new Set(written).size).toBe(written.length);
  }
});

test.each(
  styles,
)('%s: every two moods differ plainly in tempo, density, chords, register or drums', (style) => {
  const portraits = moods.map((mood) => {
    const { notes, bpm, key } = arrange({ mood, style, durationMs: 30_000, sections, seed: 9 });
    const tonic = Array.from({ length: 12 }, (_, pitchClass) => noteName(pitchClass)).indexOf(
      key.split(' ')[0]!,
    );
    const share = (above: number) =>
      notes.filter(({ midi }) => midi % 12 === (tonic + above) % 12).length / notes.length;
    const meanPitch = notes.reduce((sum, { midi }) => sum + midi, 0) / notes.length;
    const held = notes.reduce((sum, { seconds }) => sum + seconds, 0) / notes.length;
    return [bpm / 4, Math.log2(notes.length) * 6, 20 * (share(3) - share(4)), meanPitch, 6 * Math.log2(held)];
  });
  for (const [i, a] of portraits.entries()) {
    for (const b of portraits.slice(0, i)) {
      expect(Math.hypot(...a.map((x, k) => x - b[k]!))).toBeGreaterThan(2);
    }
  }
});
