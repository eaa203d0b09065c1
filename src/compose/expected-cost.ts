// What a request will cost with the makers that are asked first, before anything is planned.
import { estimateWork } from '../domain/estimate.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { Makers } from '../ports/makers.ts';
import type { Maker, PlannedWork } from '../ports/providers.ts';

export interface ExpectedCost {
  totalMicroUsd: number;
  byProvider: Record<string, number>;
}

/** The user's own pictures cost nothing, nor does what the request leaves out. */
export function expectedCost(
  { language, speech, music, soundEffects, visuals }: Makers,
  request: VideoRequest,
): ExpectedCost {
  const { scenes, videoSeconds } = estimateWork(request, {});
  const texts = request.scenes?.map(({ text }) => text) ?? [request.script];
  const supplied = request.scenes?.filter(({ media }) => media !== undefined).length ?? 0;
  const work: PlannedWork = {
    characters: texts.reduce((sum, text) => sum + text.length, 0),
    scenes: scenes - supplied,
    videoSeconds,
    effects: scenes,
  };
  const asked: Maker[] = [language[0], speech[0], visuals[0]];
  if (request.audio.music) asked.push(music[0]);
  if (request.audio.effects) asked.push(soundEffects[0]);
  const byProvider: Record<string, number> = {};
  for (const maker of asked) {
    const cost = Math.ceil(maker.expectedMicroUsd?.(work) ?? 0);
    const provider = maker.id.split('/')[0]!;
    if (cost > 0) byProvider[provider] = (byProvider[provider] ?? 0) + cost;
  }
  return { totalMicroUsd: Object.values(byProvider).reduce((sum, cost) => sum + cost, 0), byProvider };
}
