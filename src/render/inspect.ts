// Measures the finished file: plays all of it, listens to the stems beside it, and has the result judged.
// Changes nothing and refuses nothing: a missed gate is a result.
import { open } from 'node:fs/promises';
import {
  AVCOL_PRI_BT709,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_BT709,
  type AVPixelFormat,
  avGetPixFmtName,
} from 'node-av';

import { AppError } from '../domain/errors.ts';
import type { Report, Span } from '../domain/report.ts';
import { frameToMs, msToFrame } from '../domain/timeline.ts';
import type { InspectInput } from '../ports/media-tools.ts';
import type { WorkContext } from '../ports/work-context.ts';
import { createBreather } from '../sound/breather.ts';
import { gainToDb } from '../sound/decibels.ts';
import { createLoudnessMeter, powerToLufs, stepsPerSecond } from '../sound/loudness.ts';
import { measureSource, spokenLufs } from '../sound/mix-levels.ts';
import { createTruePeakMeter } from '../sound/true-peak.ts';
import { openWavReader } from '../sound/wav.ts';
import { checkGlyphs } from './check-glyphs.ts';
import { judge, round } from './gates.ts';
import { findBoxes, listTopBoxes, readBox } from './mp4-boxes.ts';
import { type AudioTrack, playThrough, type VideoTrack } from './play-through.ts';
import { spokenSentences } from './spoken-sentences.ts';
import { createEnvelopeFollower, matchVoice } from './voice-envelope.ts';
import { createPictureWatcher } from './watch-pictures.ts';

const silentLufs = -50;
const leastSilenceSeconds = 2.5;
const blockFrames = 24_000;
/** AAC frames have 1,024 samples, with its extensions twice as many. */
const mostDecoded = 2_048;
const quietestDb = -120;

/** Contract: see MediaTools. Throws `inspection_failed` when the file cannot be read at all. */
export async function inspect(input: InspectInput, context: WorkContext): Promise<Report> {
  const breathe = createBreather(context.signal);
  const { timeline } = input;
  const { fps } = timeline.format;
  const stems = await hearStems(input, breathe);
  const { file, played, heard, spans } = await readable(context.signal, async () => ({
    file: await readIndex(input.video),
    ...(await play(input, context, breathe)),
  }));

  const spoken = spokenSentences(timeline.scenes);
  const match = matchVoice(stems.voice, heard.envelope, spoken);
  const glyphs = await checkGlyphs(
    { text: spoken.flatMap(({ words }) => words.map(({ text }) => text)).join(' '), language: 'en' },
    context,
  );
  const { video, audio, durationSeconds, faults } = played;
  const offsets = spoken.flatMap(({ words }, i) =>
    words.map(({ startMs }) => captionOffsetMs(startMs, match.lagMs[i]!, fps)),
  );

  const report: Omit<Report, 'gates'> = {
    duration: round(durationSeconds, 3),
    duration_error:
      input.requestedDurationMs === null
        ? null
        : round(durationSeconds - input.requestedDurationMs / 1000, 3),
    bytes: file.bytes,
    container: file.container,
    faststart: file.faststart,
    video: describeVideo(video),
    audio: {
      codec: audio?.codec ?? 'none',
      sample_rate: audio?.sampleRate ?? 0,
      channels: audio?.channels ?? 0,
      bit_rate: audio?.bitRate ?? 0,
    },
    chapters: file.chapters,
    loudness: {
      integrated_lufs: round(heard.integratedLufs, 2),
      true_peak_dbtp: round(Math.max(quietestDb, heard.truePeakDbtp), 2),
      range_lu: round(heard.rangeLu, 1),
      narration_to_music_lu: stems.narrationToMusicLu,
    },
    silence: heard.silence,
    ...spans,
    narration: spoken.map(({ scene, sentence }, i) => ({
      scene,
      sentence,
      presence: round(match.presence[i]!, 3),
    })),
    captions: {
      words: timeline.scenes.reduce((sum, { words }) => sum + words.length, 0),
      offset_p95_ms: input.captions && offsets.length > 0 ? percentile95(offsets) : null,
      glyph_coverage: round(glyphs.coverage, 4),
    },
  };
  const gates = judge(
    {
      report,
      faults: faults + missingPackets(video),
      evenFrames: video?.even ?? false,
      sound: soundSpan(audio),
      lagMs: match.overallLagMs,
    },
    input,
  );
  context.onProgress?.(1);
  return { ...report, gates };
}

interface Stems {
  voice: Float32Array;
  narrationToMusicLu: number | null;
}

async function hearStems(
  { narration, music, timeline }: InspectInput,
  breathe: () => Promise<void>,
): Promise<Stems> {
  const speech = timeline.scenes.map(({ speechStartMs, speechEndMs }) => ({
    startMs: speechStartMs,
    endMs: speechEndMs,
  }));
  const voice = openWavReader(narration);
  try {
    const follower = createEnvelopeFollower(voice.sampleRate, blockFrames);
    const level = await measureSource(
      {
        ...voice,
        read(into, from, frames) {
          voice.read(into, from, frames);
          follower.push(into, frames);
        },
      },
      blockFrames,
      breathe,
    );
    const narrationLufs = spokenLufs(level.stepPowers, speech);
    const musicLufs = music === null ? null : spokenLufs(await powersOf(music, breathe), speech);
    return {
      voice: follower.read(),
      narrationToMusicLu: musicLufs === null ? null : round(narrationLufs - musicLufs, 2),
    };
  } finally {
    voice.close();
  }
}

async function powersOf(path: string, breathe: () => Promise<void>): Promise<Float64Array> {
  const reader = openWavReader(path);
  try {
    return (await measureSource(reader, blockFrames, breathe)).stepPowers;
  } finally {
    reader.close();
  }
}

async function play({ video, timeline }: InspectInput, context: WorkContext, breathe: () => Promise<void>) {
  const watcher = createPictureWatcher(timeline.format.fps);
  let ears: Ears | undefined;
  let seen = 0;
  const played = await playThrough(
    video,
    {
      see(picture) {
        watcher.see(picture);
        if (++seen % 30 === 0) context.onProgress?.(Math.min(0.95, seen / timeline.durationFrames));
      },
      hear(channels, frames, startSample, sampleRate) {
        ears ??= createEars(sampleRate, channels.length, startSample);
        ears.hear(channels, frames);
      },
    },
    breathe,
  );
  return { played, spans: watcher.spans(), heard: (ears ?? createEars(48_000, 2, 0)).read() };
}

interface Ears {
  hear(channels: Float32Array[], frames: number): void;
  read(): {
    integratedLufs: number;
    rangeLu: number;
    truePeakDbtp: number;
    silence: Span[];
    envelope: Float32Array;
  };
}

/** Everything that is heard in the finished sound, with 0 where the pictures begin. */
function createEars(sampleRate: number, channelCount: number, startSample: number): Ears {
  const loudness = createLoudnessMeter(sampleRate, channelCount);
  const truePeak = createTruePeakMeter(channelCount, mostDecoded);
  const envelope = createEnvelopeFollower(sampleRate, mostDecoded);
  const hear = (channels: Float32Array[], frames: number) => {
    loudness.push(channels, frames);
    truePeak.push(channels, frames);
    envelope.push(channels, frames);
  };
  const silence = Array.from({ length: channelCount }, () => new Float32Array(mostDecoded));
  for (let at = 0; at < startSample; at += mostDecoded)
    hear(silence, Math.min(mostDecoded, startSample - at));
  return {
    hear,
    read() {
      const { integratedLufs, rangeLu, stepPowers } = loudness.read();
      return {
        integratedLufs,
        rangeLu,
        truePeakDbtp: gainToDb(truePeak.peak()),
        silence: silentSpans(stepPowers),
        envelope: envelope.read(),
      };
    },
  };
}

function silentSpans(stepPowers: Float64Array): Span[] {
  const spans: Span[] = [];
  let start: number | undefined;
  for (let step = 0; step <= stepPowers.length; step++) {
    const silent = step < stepPowers.length && powerToLufs(stepPowers[step]!) < silentLufs;
    if (silent) start ??= step;
    else if (start !== undefined) {
      if ((step - start) / stepsPerSecond >= leastSilenceSeconds) {
        spans.push({ start: start / stepsPerSecond, end: step / stepsPerSecond });
      }
      start = undefined;
    }
  }
  return spans;
}

/** Captions change with the frame in which a word begins; the word is heard `lagMs` later than planned. */
function captionOffsetMs(startMs: number, lagMs: number, fps: number): number {
  return Math.abs(frameToMs(msToFrame(startMs, fps), fps) - (startMs + lagMs));
}

function percentile95(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return round(sorted[Math.ceil(sorted.length * 0.95) - 1]!, 1);
}

interface Index {
  bytes: number;
  container: string;
  faststart: boolean;
  chapters: number;
}

async function readIndex(path: string): Promise<Index> {
  await using file = await open(path, 'r');
  const boxes = await listTopBoxes(file);
  const place = (type: string) => boxes.findIndex((box) => box.type === type);
  const moovAt = place('moov');
  if (moovAt < 0) throw new Error('no index');
  const moov = await readBox(file, boxes[moovAt]!);
  return {
    bytes: (await file.stat()).size,
    container: boxes[0]?.type === 'ftyp' ? 'mp4' : 'unknown',
    faststart: moovAt < place('mdat'),
    chapters: countChapters(moov),
  };
}

/** Samples of the text tracks that other tracks name as their chapters. */
function countChapters(moov: Buffer): number {
  const tracks = findBoxes(moov, ['trak']).map(({ start, end }) => moov.subarray(start, end));
  const named = tracks.flatMap((track) =>
    findBoxes(track, ['tref', 'chap']).map(({ body }) => track.readUInt32BE(body)),
  );
  return tracks
    .filter((track) =>
      findBoxes(track, ['tkhd']).some(({ body }) => named.includes(track.readUInt32BE(body + 12))),
    )
    .flatMap((track) =>
      findBoxes(track, ['mdia', 'minf', 'stbl', 'stsz']).map(({ body }) => track.readUInt32BE(body + 8)),
    )
    .reduce((sum, count) => sum + count, 0);
}

const profiles: Record<number, string> = {
  66: 'Baseline',
  578: 'Constrained Baseline',
  77: 'Main',
  100: 'High',
};

function describeVideo(track: VideoTrack | undefined): Report['video'] {
  if (track === undefined) {
    return {
      codec: 'none',
      profile: 'none',
      width: 0,
      height: 0,
      fps: 0,
      frames: 0,
      pixel_format: 'none',
      color: 'none',
      bit_rate: 0,
    };
  }
  const { primaries, transfer, matrix, range } = track.color;
  const isBt709 =
    primaries === AVCOL_PRI_BT709 &&
    transfer === AVCOL_TRC_BT709 &&
    matrix === AVCOL_SPC_BT709 &&
    range === AVCOL_RANGE_MPEG;
  return {
    codec: track.codec,
    profile: profiles[track.profile] ?? `${track.profile}`,
    width: track.width,
    height: track.height,
    fps: round(track.fps, 3),
    frames: track.frames,
    pixel_format: avGetPixFmtName(track.pixelFormat as AVPixelFormat) ?? 'unknown',
    color: isBt709
      ? 'BT.709'
      : `primaries ${primaries}, transfer ${transfer}, matrix ${matrix}, range ${range}`,
    bit_rate: track.bitRate,
  };
}

function missingPackets(track: VideoTrack | undefined): number {
  return track ? Math.abs(track.packets - track.frames) : 0;
}

function soundSpan(track: AudioTrack | undefined): Span {
  if (track === undefined) return { start: 0, end: 0 };
  return { start: track.startSample / track.sampleRate, end: track.endSample / track.sampleRate };
}

async function readable<Result>(signal: AbortSignal, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    signal.throwIfAborted();
    throw new AppError('inspection_failed', 'The finished video cannot be read.', { cause });
  }
}
