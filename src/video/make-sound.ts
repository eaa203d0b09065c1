// Music and effects for a timeline, and the mix of both with the narration.
import type { Timeline } from '../domain/timeline.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { MusicInput } from '../ports/providers.ts';
import type { Kitchen } from './kitchen.ts';
import { composeMusicStep } from './steps/compose-music.ts';
import { findEffectStep } from './steps/find-effect.ts';
import { mixAudioStep } from './steps/mix-audio.ts';
import type { Narration } from './steps/narrate.ts';

/** The score is written for the scenes as first laid out; cuts then move to its beats, not its beats to them. */
export function musicFor(
  { mood, style, seed }: Pick<VideoRequest, 'mood' | 'style' | 'seed'>,
  { durationMs, scenes, format }: Timeline,
): MusicInput {
  const sections = scenes.map(({ startFrame, energy }) => ({
    startMs: (startFrame * 1000) / format.fps,
    energy,
  }));
  return { mood, style, durationMs, sections, seed };
}

/** The finished sound with its stems, the score (null without music), and the effects where they lie. */
export async function makeSound(
  request: VideoRequest,
  timeline: Timeline,
  music: MusicInput | null,
  narrations: Narration[],
  kitchen: Kitchen,
) {
  const { makers, run, progress } = kitchen;
  const { audio } = request;
  const { durationMs, scenes } = timeline;
  const cues = audio.effects ? timeline.effects : [];
  progress.expect('find_effects', cues.length);

  const [score, effects] = await Promise.all([
    music && run(composeMusicStep(makers.music), music),
    Promise.all(
      cues.map(async ({ kind, durationMs: lengthMs, startMs, intensity, role, seed: cueSeed }, index) => {
        const input = { kind, durationMs: lengthMs, seed: cueSeed };
        const effect = await run(findEffectStep(makers.soundEffects), input, `${index + 1}`);
        return { audio: effect.audio, startMs, intensity, role };
      }),
    ),
  ]);
  const mix = await run(mixAudioStep(makers.tools), {
    durationMs,
    narration: scenes.map(({ speechStartMs }, index) => ({
      audio: narrations[index]!.audio,
      startMs: speechStartMs,
    })),
    speech: scenes.map(({ speechStartMs, speechEndMs }) => ({ startMs: speechStartMs, endMs: speechEndMs })),
    music: score?.audio ?? null,
    effects,
    loudnessLufs: audio.loudness_lufs,
  });
  return { score, effects, mix };
}
