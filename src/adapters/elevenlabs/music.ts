// ElevenLabs as the composer: mood, style and the course of the scenes become a description of the score.
import { AppError } from '../../domain/errors.ts';
import { costMicroUsd } from '../../domain/prices.ts';
import type { MoodName, StyleName } from '../../domain/video-request.ts';
import type { Music, MusicInput } from '../../ports/providers.ts';
import { type Account, asSoundFile, usable } from './account.ts';

/** Raise it with every change of what is asked or of what becomes of the answer. */
const revision = 1;
const lengthMs = { least: 3_000, most: 600_000 };
const mostBytes = 64_000_000;
/** So many changes of energy are told; more would be noise to the model. */
const mostChanges = 12;
/** Scenes that differ by less belong together. */
const telling = 0.12;

const moods: Record<MoodName, string> = {
  dramatic: 'dramatic and intense, minor key, around 90 bpm, strings and low percussion that build',
  calm: 'calm and warm, major key, around 68 bpm, soft piano and gentle pads',
  uplifting: 'uplifting and hopeful, major key, around 112 bpm, piano, strings and light drums',
  tense: 'tense and restless, minor key, around 104 bpm, pulsing low strings and ticking percussion',
  mysterious: 'mysterious and spacious, modal, around 76 bpm, soft bells, low strings and airy textures',
  playful: 'playful and light, major key, around 124 bpm, pizzicato strings, marimba and hand percussion',
  melancholic: 'melancholic and tender, minor key, around 66 bpm, solo piano and cello',
  epic: 'epic and heroic, minor to major, around 96 bpm, full orchestra with brass and big drums',
  neutral: 'unobtrusive and even, major key, around 92 bpm, light guitar and soft keys',
};
const styles: Record<StyleName, string> = {
  cinematic: 'cinematic orchestral film score',
  documentary: 'organic documentary underscore with acoustic instruments',
  corporate: 'clean modern corporate background music',
  social: 'contemporary electronic pop beat for short videos',
  minimal: 'minimal, sparse, few notes',
  retro: 'retro synthesizers of the 1980s',
  nature: 'organic, acoustic, earthy instruments',
  noir: 'slow smoky jazz, muted trumpet, brushed drums and double bass',
};

export function createElevenlabsMusic(account: Account, { model }: { model: string }): Music {
  return {
    id: 'elevenlabs/music',
    version: `${model}+${revision}`,
    expectedMicroUsd: ({ videoSeconds }) =>
      costMicroUsd(account.prices.elevenlabs_music_per_minute, videoSeconds / 60),
    planBeats: async () => [],
    async compose(input, context) {
      const { durationMs, seed } = input;
      if (durationMs > lengthMs.most)
        throw new AppError('provider_refused', 'ElevenLabs composes at most 10 minutes.', {
          provider: 'elevenlabs',
          hint: 'Make a shorter video, or name another composer in AIPROD_MUSIC.',
        });
      const askedMs = Math.max(lengthMs.least, Math.ceil(durationMs));
      const answer = await account.pay(
        {
          name: 'music',
          path: '/v1/music',
          json: {
            prompt: describe(input),
            music_length_ms: askedMs,
            model_id: model,
            force_instrumental: true,
            seed: seed >>> 0,
          },
          costMicroUsd: costMicroUsd(account.prices.elevenlabs_music_per_minute, askedMs / 60_000),
          deadlineMs: 240_000,
          mostBytes,
          ...asSoundFile(context.scratch),
        },
        context,
      );
      const { audio } = await usable(
        account.tools.prepareSound({ source: answer.path, channels: 2, durationMs, trim: false }, context),
      );
      return { audio, tempoBpm: null, key: null };
    },
  };
}

function describe({ mood, style, durationMs, sections }: MusicInput): string {
  return [
    `Instrumental background music under a narrator: ${styles[style]}; ${moods[mood]}.`,
    `It lasts ${Math.round(durationMs / 1000)} seconds and ends with a clear final note.`,
    ...courseOf(sections),
    'Leave room for a speaking voice: no lead melody in the range of speech, no vocals.',
  ].join(' ');
}

/** How the energy goes, where it changes enough to be heard. */
function courseOf(sections: MusicInput['sections']): string[] {
  const changes: MusicInput['sections'] = [];
  for (const section of sections) {
    const before = changes.at(-1);
    if (before === undefined || Math.abs(before.energy - section.energy) >= telling) changes.push(section);
  }
  if (changes.length < 2) return [];
  const told = changes
    .slice(0, mostChanges)
    .map(({ startMs, energy }) => `from second ${Math.round(startMs / 1000)} ${strength(energy)}`);
  return [`Its course: ${told.join(', ')}.`];
}

function strength(energy: number): string {
  if (energy < 0.3) return 'sparse and quiet';
  if (energy < 0.5) return 'gentle';
  return energy < 0.75 ? 'fuller' : 'at full strength';
}
