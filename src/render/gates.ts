// What a finished video must fulfil, judged on what was measured. Pure: the limits live here and nowhere else.
import type { Gate, Report, Span } from '../domain/report.ts';
import type { TimedScene, Timeline } from '../domain/timeline.ts';
import type { InspectInput } from '../ports/media-tools.ts';

/** What the report itself has no place for. */
export interface Findings {
  report: Omit<Report, 'gates'>;
  /** Pictures and packets that could not be read or decoded. */
  faults: number;
  /** True when every picture is shown for one frame and the first one at 0. */
  evenFrames: boolean;
  /** When the sound begins and ends, seconds. */
  sound: { start: number; end: number };
  /** How much later than planned the narration is heard, ms. */
  lagMs: number;
}

const durationSeconds = 0.5;
const loudnessLu = 0.5;
const highestPeakDbtp = -1;
const silenceSeconds = 2.5;
/** The longest that any style has. */
const transitionSeconds = 0.8;
/** Black that a fade at either end may leave. */
const fadeSeconds = 1.5;
const leastPresence = 0.5;
const narrationOverMusicLu = 8;
const captionMs = 80;
/** Rounding of a share. */
const glyphTolerance = 0.0005;
/** Earlier or later, viewers begin to notice. */
const syncMs = 40;
const soundRate = 48_000;
/** Seconds of one AAC frame: sound ends with one. */
const soundStep = 1024 / soundRate;

/** Every gate that applies to this video, passed or not. */
export function judge(findings: Findings, input: InspectInput): Gate[] {
  const { report, faults, evenFrames, sound, lagMs } = findings;
  const { timeline, loudnessLufs } = input;
  const wantedMs = input.durationMet ? input.requestedDurationMs : null;
  const { format, durationFrames } = timeline;
  const { video, audio, loudness, captions } = report;
  const planned = durationFrames / format.fps;
  const frameSeconds = 1 / format.fps;
  const within = (a: number, b: number, tolerance: number) => Math.abs(a - b) <= tolerance + 1e-6;
  const gates: Gate[] = [];
  const gate = (name: string, passed: boolean, measured: string, required: string) =>
    gates.push({ name, passed, measured, required });

  const wanted = wantedMs === null ? planned : wantedMs / 1000;
  gate(
    'duration',
    within(report.duration, planned, frameSeconds) &&
      (wantedMs === null || within(report.duration, wanted, durationSeconds)),
    `${seconds(report.duration)} s`,
    wantedMs === null
      ? `${seconds(planned)} s ±1 frame`
      : `${seconds(wanted)} ±${durationSeconds} s and ${seconds(planned)} s ±1 frame`,
  );
  const asked = `h264 ${format.width}×${format.height}, ${format.fps} fps, yuv420p BT.709, ${durationFrames} even frames`;
  const seen = `${video.codec} ${video.width}×${video.height}, ${round(video.fps, 3)} fps, ${video.pixel_format} ${video.color}, ${video.frames} ${evenFrames ? 'even' : 'uneven'} frames`;
  gate('video_stream', seen === asked, seen, asked);
  const sounding = `${audio.codec}, ${audio.sample_rate} Hz, ${audio.channels} channels`;
  const wantedSound = `aac, ${soundRate} Hz, 2 channels`;
  gate('audio_stream', sounding === wantedSound, sounding, wantedSound);
  gate(
    'decodes_to_end',
    faults === 0 && within(sound.start, 0, soundStep) && within(sound.end, planned, soundStep),
    `${faults} faults, sound ${seconds(sound.start)}–${seconds(sound.end)} s`,
    `0 faults, sound 0–${seconds(planned)} s`,
  );
  gate('faststart', report.faststart, report.faststart ? 'index first' : 'index last', 'index first');
  gate(
    'loudness',
    within(loudness.integrated_lufs, loudnessLufs, loudnessLu),
    `${round(loudness.integrated_lufs, 2)} LUFS`,
    `${loudnessLufs} ±${loudnessLu} LUFS`,
  );
  gate(
    'true_peak',
    loudness.true_peak_dbtp <= highestPeakDbtp,
    `${round(loudness.true_peak_dbtp, 2)} dBTP`,
    `at most ${highestPeakDbtp} dBTP`,
  );

  // Without music, pauses may be silent; speech may not.
  const silent =
    input.music === null
      ? report.silence.flatMap((span) => timeline.scenes.map((scene) => overlap(span, spokenSpan(scene))))
      : report.silence;
  const tooSilent = silent.filter(({ start, end }) => end - start >= silenceSeconds);
  gate('silence', tooSilent.length === 0, list(tooSilent), `none from ${silenceSeconds} s`);
  // What a user sends may be black or stand still: that is reported, not judged.
  const own = spansOf(input.userPictures ?? [], timeline);
  const black = outside(own, report.black).filter(
    ({ start, end }) => !((start === 0 || within(end, planned, frameSeconds)) && end - start <= fadeSeconds),
  );
  gate('black', black.length === 0, list(black), `none from 1 s, at the ends ${fadeSeconds} s`);
  const frozen = outside(own, report.frozen);
  gate('frozen', frozen.length === 0, list(frozen), 'none from 2.5 s');

  const least = Math.min(1, ...report.narration.map(({ presence }) => presence));
  const unheard = report.narration.filter(({ presence }) => presence < leastPresence);
  gate(
    'narration',
    unheard.length === 0,
    unheard.length === 0
      ? `all ${report.narration.length} sentences, least ${round(least, 2)}`
      : `not heard in ${unheard.map(({ scene, sentence, presence }) => `${scene}.${sentence} (${round(presence, 2)})`).join(', ')}`,
    `${leastPresence} in every sentence`,
  );
  gate('sound_in_sync', Math.abs(lagMs) <= syncMs, `${lagMs} ms late`, `±${syncMs} ms`);
  if (loudness.narration_to_music_lu !== null) {
    gate(
      'narration_over_music',
      loudness.narration_to_music_lu >= narrationOverMusicLu,
      `${round(loudness.narration_to_music_lu, 1)} LU`,
      `at least ${narrationOverMusicLu} LU`,
    );
  }
  if (captions.offset_p95_ms !== null) {
    gate(
      'captions_in_time',
      captions.offset_p95_ms <= captionMs,
      `95 % within ${captions.offset_p95_ms} ms`,
      `95 % within ${captionMs} ms`,
    );
  }
  if (input.captions) {
    // What was missing before rendering has been named to the caller; nothing more may be.
    gate(
      'glyphs',
      captions.glyph_coverage >= input.glyphCoverage - glyphTolerance,
      share(captions.glyph_coverage),
      input.glyphCoverage === 1 ? share(1) : `${share(input.glyphCoverage)}, as named beforehand`,
    );
  }
  gate('chapters', report.chapters === input.chapters, `${report.chapters}`, `${input.chapters}`);
  return gates;
}

/** Where a scene's words are heard, seconds. */
function spokenSpan({ speechStartMs, speechEndMs }: TimedScene): Span {
  return { start: speechStartMs / 1000, end: speechEndMs / 1000 };
}

/** When these scenes are on screen, with the transitions around them, seconds. */
function spansOf(ids: string[], { scenes, format }: Timeline): Span[] {
  const shown = scenes.filter(({ id }) => ids.includes(id));
  return shown.map(({ startFrame, endFrame }) => ({
    start: startFrame / format.fps - transitionSeconds,
    end: endFrame / format.fps + transitionSeconds,
  }));
}

/** Spans that do not lie within one or several of `allowed`, which are in order. */
function outside(allowed: Span[], spans: Span[]): Span[] {
  return spans.filter(({ start, end }) => {
    let at = start;
    for (const span of allowed) if (span.start <= at) at = Math.max(at, span.end);
    return at < end;
  });
}

function overlap(a: Span, b: Span): Span {
  const start = Math.max(a.start, b.start);
  return { start, end: Math.max(start, Math.min(a.end, b.end)) };
}

function list(spans: Span[]): string {
  if (spans.length === 0) return 'none';
  return spans.map(({ start, end }) => `${seconds(start)}–${seconds(end)} s`).join(', ');
}

function share(value: number): string {
  return `${round(100 * value, 2)} %`;
}

function seconds(value: number): string {
  return value.toFixed(2);
}

export function round(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
