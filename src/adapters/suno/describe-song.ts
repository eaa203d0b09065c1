// Puts mood, style and the course of the scenes into the words that Suno takes. No word of the user's goes to the broker.
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import type { MusicInput } from '../../ports/providers.ts';

const moodWords: Record<MoodName, string> = {
  dramatic: 'dramatic, minor key, swelling, 90 bpm',
  calm: 'calm, warm, slow, 70 bpm',
  uplifting: 'uplifting, bright, major key, 112 bpm',
  tense: 'tense, pulsing, restless, 100 bpm',
  mysterious: 'mysterious, hovering, sparse, 78 bpm',
  playful: 'playful, light, bouncing, 120 bpm',
  melancholic: 'melancholic, tender, minor key, 66 bpm',
  epic: 'epic, heroic, powerful drums, 96 bpm',
  neutral: 'even, unobtrusive, steady, 92 bpm',
};

const styleWords: Record<StyleName, string> = {
  cinematic: 'orchestral film score',
  documentary: 'acoustic documentary underscore, piano and strings',
  corporate: 'clean modern corporate, muted guitar and soft synth',
  social: 'contemporary electronic pop beat',
  minimal: 'minimalist piano and soft pads',
  retro: '1980s analogue synthwave',
  nature: 'organic folk ambient, acoustic guitar and flute',
  noir: 'smoky noir jazz, brushed drums, double bass, muted trumpet',
};

/** The oldest models take no more. */
const longest = { style: 200, title: 80 };

export interface SongWords {
  title: string;
  style: string;
  prompt: string;
  negativeTags: string;
}

export function describeSong({ mood, style, durationMs, sections }: MusicInput): SongWords {
  const course = courseOf(sections, durationMs);
  const words = `instrumental background score, ${styleWords[style]}, ${moodWords[mood]}, ${course}`;
  return {
    title: `${capital(mood)} ${style} score`.slice(0, longest.title),
    style: words.slice(0, longest.style),
    prompt: `Background music for a narrated video of ${Math.round(durationMs / 1000)} seconds: ${words}.`,
    negativeTags: 'vocals, singing, spoken word, lead melody over everything',
  };
}

/** Where the music is to be loudest, in a few words. */
function courseOf(sections: MusicInput['sections'], durationMs: number): string {
  const energies = sections.map(({ energy }) => energy);
  const most = Math.max(...energies);
  if (most - Math.min(...energies) < 0.2) return 'even throughout';
  const at = sections[energies.indexOf(most)]!.startMs / durationMs;
  if (at < 0.25) return 'strong from the start';
  return at < 0.6 ? 'builds to the middle' : 'builds to the end';
}

function capital(word: string): string {
  return `${word[0]!.toUpperCase()}${word.slice(1)}`;
}
