// ElevenLabs as the maker of sound effects: a description of each kind becomes a sound.
import { costMicroUsd } from '../../domain/prices.ts';
import type { EffectKind } from '../../domain/storyboard.ts';
import type { SoundEffects } from '../../ports/providers.ts';
import { type Account, asSoundFile, usable } from './account.ts';

/** Raise it with every change of what is asked or of what becomes of the answer. */
const revision = 1;
const seconds = { least: 0.5, most: 30 };
const mostBytes = 16_000_000;

/** What each kind is, in words that leave no room for music or voices. */
const descriptions: Record<EffectKind, string> = {
  whoosh: 'A fast airy whoosh passing by, clean, cinematic transition sound',
  impact: 'A single deep cinematic impact hit with a short tail',
  riser: 'A cinematic riser that builds tension steadily and stops at its peak',
  rain: 'Steady rain falling outdoors, natural ambience without thunder',
  thunder: 'A single close clap of thunder rolling away into the distance',
  wind: 'Wind blowing over an open landscape, natural ambience',
  waves: 'Sea waves rolling onto a beach, natural ambience',
  fire: 'A campfire crackling, close and warm ambience',
  birds: 'Songbirds in a quiet forest in the morning, natural ambience',
  city: 'Distant city street ambience with traffic, no voices close by',
  crowd: 'A large crowd murmuring in a hall, no words to be understood',
  heartbeat: 'A slow human heartbeat, deep and close',
  clock: 'A mechanical clock ticking steadily in a quiet room',
  chime: 'A single soft bell chime with a gentle ring',
  click: 'A single crisp mechanical button click',
  typing: 'Fingers typing on a computer keyboard, close',
  sparkle: 'A short magical sparkle of tiny bells',
  footsteps: 'Footsteps of one person walking on a hard floor',
  engine: 'A car engine running steadily, heard from inside',
  applause: 'An audience applauding in a concert hall',
  drone: 'A dark, low, sustained atmospheric drone without melody',
};

/** Hits are shorter, ambiences longer. */
const usualSeconds = 6;

/** A longer one is heard again from its start, as ambiences can be. */
export function createElevenlabsSoundEffects(account: Account, { model }: { model: string }): SoundEffects {
  return {
    id: 'elevenlabs/sound-effects',
    version: `${model}+${revision}`,
    expectedMicroUsd: ({ effects }) =>
      effects * costMicroUsd(account.prices.elevenlabs_sound_effects_per_minute, usualSeconds / 60),
    async make({ kind, durationMs }, context) {
      const asked = Math.min(seconds.most, Math.max(seconds.least, Math.ceil(durationMs / 100) / 10));
      const answer = await account.pay(
        {
          name: 'effect',
          path: '/v1/sound-generation',
          json: {
            text: `${descriptions[kind]}. No music, no speech.`,
            model_id: model,
            duration_seconds: asked,
            prompt_influence: 0.5,
            loop: durationMs > seconds.most * 1000,
          },
          costMicroUsd: costMicroUsd(account.prices.elevenlabs_sound_effects_per_minute, asked / 60),
          deadlineMs: 90_000,
          mostBytes,
          ...asSoundFile(context.scratch),
        },
        context,
      );
      const { audio } = await usable(
        account.tools.prepareSound(
          {
            source: answer.path,
            channels: 2,
            durationMs,
            trim: true,
            repeat: durationMs > seconds.most * 1000,
          },
          context,
        ),
      );
      return { audio };
    },
  };
}
