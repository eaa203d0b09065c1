// Music and effects for a timeline, and the mix of both with the narration.
import type { Timeline } from '../domain/timeline.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { BlobRef } from '../ports/blob-store.ts';
import type { MusicInput } from '../ports/providers.ts';
import { firstThatWorks } from './first-that-works.ts';
import type { Kitchen } from './kitchen.ts';
import type { PacedNarration } from './narrate-scenes.ts';
import { composeMusicStep } from './steps/compose-music.ts';
import { findEffectStep } from './steps/find-effect.ts';
import { mixAudioStep } from './steps/mix-audio.ts';
import { paceNarrationStep } from './steps/pace-narration.ts';

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
  narrations: PacedNarration[],
  kitchen: Kitchen,
) {
  const { makers, run, progress } = kitchen;
  const { audio } = request;
  const { durationMs, scenes } = timeline;
  const cues = audio.effects ? timeline.effects : [];
  progress.expect('find_effects', cues.length);

  const [voices, score, found] = await Promise.all([
    Promise.all(narrations.map((narration, index) => atPace(narration, scenes[index]!.id, kitchen))),
    music && firstThatWorks('music', makers.music, kitchen, (maker) => run(composeMusicStep(maker), music)),
    Promise.all(
      cues.map(async ({ kind, durationMs: lengthMs, startMs, intensity, role, seed: cueSeed }, index) => {
        const input = { kind, durationMs: lengthMs, seed: cueSeed };
        const { audio, credits } = await firstThatWorks(
          'sound_effects',
          makers.soundEffects,
          kitchen,
          (maker) => run(findEffectStep(maker), input, `${index + 1}`),
        );
        return { effect: { audio, startMs, intensity, role }, credits };
      }),
    ),
  ]);
  const effects = found.map(({ effect }) => effect);
  const mix = await run(mixAudioStep(makers.tools), {
    durationMs,
    narration: scenes.map(({ speechStartMs }, index) => ({
      audio: voices[index]!,
      startMs: speechStartMs,
    })),
    speech: scenes.map(({ speechStartMs, speechEndMs }) => ({ startMs: speechStartMs, endMs: speechEndMs })),
    music: score?.audio ?? null,
    effects,
    loudnessLufs: audio.loudness_lufs,
  });
  const credits = [...(score?.credits ?? []), ...found.flatMap(({ credits }) => credits)];
  return { score, effects, mix, credits };
}

/** A voice is paced here, beside what else there is to do: its words' times are known without its sound. */
async function atPace(
  { audio, pace }: PacedNarration,
  sceneId: string,
  { makers, run }: Kitchen,
): Promise<BlobRef> {
  if (pace === 1) return audio;
  return (await run(paceNarrationStep(makers.tools), { audio, pace }, sceneId)).audio;
}
