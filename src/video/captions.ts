// The words with their times as files for players and editors: WebVTT, SubRip and words.json.
import type { Timeline, Word } from '../domain/timeline.ts';

const longestCueChars = 64;
const longestCueMs = 5_000;

interface Cue {
  startMs: number;
  endMs: number;
  text: string;
}

/** Languages written without spaces between words. */
const unspaced = new Set(['zh', 'ja', 'th', 'lo', 'km', 'my']);

export function toWebVtt(timeline: Timeline, language: string): string {
  const cues = cuesOf(timeline, language).map(
    ({ startMs, endMs, text }) =>
      `${clockTime(startMs, '.')} --> ${clockTime(endMs, '.')}\n${escapeVtt(text)}\n`,
  );
  return ['WEBVTT\n', ...cues].join('\n');
}

export function toSubRip(timeline: Timeline, language: string): string {
  return cuesOf(timeline, language)
    .map(({ startMs, endMs, text }, index) => {
      const shown = text.replaceAll('-->', '→');
      return `${index + 1}\n${clockTime(startMs, ',')} --> ${clockTime(endMs, ',')}\n${shown}\n`;
    })
    .join('\n');
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
  const glue = unspaced.has(language) ? '' : ' ';
  return timeline.scenes.flatMap((scene) => {
    const cues: Cue[] = [];
    let open: Word[] = [];
    const close = () => {
      const first = open[0];
      const last = open.at(-1);
      if (first === undefined || last === undefined) return;
      cues.push({ startMs: first.startMs, endMs: last.endMs, text: open.map(({ text }) => text).join(glue) });
      open = [];
    };
    for (const word of scene.words) {
      const chars = open.reduce((sum, { text }) => sum + text.length + glue.length, word.text.length);
      const first = open[0];
      if (first !== undefined && (chars > longestCueChars || word.endMs - first.startMs > longestCueMs))
        close();
      open.push(word);
      if (/[.!?。！？؟।…]["'”’»)\]]*$/u.test(word.text)) close();
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
