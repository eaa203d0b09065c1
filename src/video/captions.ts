// The words with their times as files for players and editors: WebVTT, SubRip and words.json.
import type { Timeline } from '../domain/timeline.ts';
import { touches } from '../domain/tokens.ts';

const longestCueChars = 64;
const longestCueMs = 5_000;

interface Cue {
  startMs: number;
  endMs: number;
  text: string;
}

export function toWebVtt(timeline: Timeline, language: string): string {
  const cues = cuesOf(timeline, language).map(
    ({ startMs, endMs, text }) =>
      `${clockTime(startMs, '.')} --> ${clockTime(endMs, '.')}\n${escapeVtt(text)}\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

export function toSubRip(timeline: Timeline, language: string): string {
  return cuesOf(timeline, language)
    .map(
      ({ startMs, endMs, text }, index) =>
        `${index + 1}\n${clockTime(startMs, ',')} --> ${clockTime(endMs, ',')}\n${withoutMarkup(text)}\n`,
    )
    .join('\n');
}

/** SubRip knows no escapes, and players take HTML's tags, ASS's braces and backslashes for orders: signs that look alike. */
const lookalikes: Record<string, string> = { '<': '‹', '>': '›', '{': '｛', '}': '｝', '\\': '＼' };

function withoutMarkup(text: string): string {
  return text.replaceAll(/[<>{}\\]/g, (sign) => lookalikes[sign]!);
}

/** Every word with its scene and its time in seconds. */
export function toWordsJson(timeline: Timeline): string {
  const words = timeline.scenes.flatMap((scene) =>
    scene.words.map(({ text, startMs, endMs }) => ({
      scene: scene.id,
      text,
      start: seconds(startMs),
      end: seconds(endMs),
    })),
  );
  return `${JSON.stringify({ words }, null, 2)}\n`;
}

/** Cues break at the ends of scenes and sentences, and where one would grow too long to read. */
function cuesOf(timeline: Timeline, language: string): Cue[] {
  return timeline.scenes.flatMap((scene) => {
    const cues: Cue[] = [];
    let open: Cue | undefined;
    const close = () => {
      if (open !== undefined) cues.push(open);
      open = undefined;
    };
    let before = '';
    for (const { text, startMs, endMs } of scene.words) {
      const glue = touches(before, text, language) ? '' : ' ';
      before = text;
      if (
        open !== undefined &&
        (open.text.length + glue.length + text.length > longestCueChars ||
          endMs - open.startMs > longestCueMs)
      )
        close();
      open =
        open === undefined ? { startMs, endMs, text } : { ...open, endMs, text: open.text + glue + text };
      if (/[.!?。！？؟।…]["'”’»)\]]*$/u.test(text)) close();
    }
    close();
    return cues;
  });
}

function clockTime(ms: number, separator: '.' | ','): string {
  const whole = Math.max(0, Math.round(ms));
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    Math.floor(whole / 1000) % 60,
  ];
  return `${two(h)}:${two(m)}:${two(s)}${separator}${String(whole % 1000).padStart(3, '0')}`;
}

function escapeVtt(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
