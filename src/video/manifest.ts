// The manifest: everything that went into a video, in wire form. Gathered here from what the steps gave.
import type { Storyboard } from '../domain/storyboard.ts';
import type { Timeline } from '../domain/timeline.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { Makers } from '../ports/makers.ts';
import type { ToolFacts } from '../ports/media-tools.ts';
import type { Credit } from '../ports/providers.ts';
import type { StepRun } from '../ports/step-store.ts';
import type { MakersUsed } from './makers-used.ts';

/** The user's own images and clips, by scene. */
export type SuppliedMedia = Record<
  string,
  { source: { asset_id: string } | { url: string }; digest: string; media_type: string }
>;

/** SHA-256 of what the finished file was made from. */
interface MediaDigests {
  /** Per scene, in order; the layers of its picture from far to near. */
  narration: string[];
  pictures: string[][];
  music: string | null;
  effects: string[];
  mix: string;
  scenes: string[];
  video: string;
  thumbnail: string;
  supplied?: SuppliedMedia;
}

/** On what terms something is in the video; author and where to find it where somebody else's work was taken. */
export interface Right {
  item: string;
  licence: string;
  licence_url?: string;
  author?: string;
  url?: string;
}

export interface Manifest {
  request: VideoRequest;
  /** Capability → the makers whose work is in the video, with their versions; and the media tools. */
  makers: Record<string, string[]>;
  versions: Record<string, string>;
  voice: string;
  music: { tempo_bpm: number | null; key: string | null } | null;
  seeds: { request: number; scenes: Record<string, number>; effects: number[] };
  fonts: ToolFacts['fonts'];
  /** Step instance → step key. */
  steps: Record<string, string>;
  media: MediaDigests;
  rights: Right[];
}

export interface ManifestInput {
  request: VideoRequest;
  makers: Makers;
  used: MakersUsed;
  credits: Credit[];
  storyboard: Storyboard;
  timeline: Timeline;
  voice: string;
  score: { tempoBpm: number | null; key: string | null } | null;
  facts: ToolFacts;
  history: StepRun[];
  media: MediaDigests;
}

export function writeManifest(input: ManifestInput): Manifest {
  const { request, makers, used, storyboard, timeline, voice, score, facts, history, media } = input;
  return {
    request,
    makers: { ...used.list(), tools: [makers.tools.version] },
    versions: facts.versions,
    voice,
    music: score && { tempo_bpm: score.tempoBpm, key: score.key },
    seeds: {
      request: request.seed,
      scenes: Object.fromEntries(storyboard.scenes.map(({ id, seed }) => [id, seed])),
      effects: request.audio.effects ? timeline.effects.map(({ seed }) => seed) : [],
    },
    fonts: facts.fonts,
    steps: Object.fromEntries(
      history.map(({ stepId, stepKey }) => [stepId, stepKey] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    media,
    rights: rightsOf(input),
  };
}

/** What is not our own is listed piece by piece. */
function rightsOf({ makers, used, credits, voice: voiceId, facts, media }: ManifestInput): Right[] {
  const voice = makers.speech.flatMap((speech) => speech.voices()).find((each) => each.voice === voiceId);
  const supplied = Object.keys(media.supplied ?? {});
  const made = Object.entries(used.list()).filter(([capability]) => capability !== 'voice');
  return [
    { item: `voice ${voiceId}`, licence: voice?.licence ?? 'unknown' },
    ...made.map(([capability, ids]) => ({
      item: capability.replace('_', ' '),
      licence: ids.every((id) => id.startsWith('offline/'))
        ? 'made by AIPROD from the request; yours'
        : `from ${ids.map((id) => id.split('@')[0]).join(', ')}, on the terms of each`,
    })),
    ...oncePerWork(credits).map(({ title, author, licence, licenceUrl, url }) => ({
      item: title,
      licence,
      ...(licenceUrl !== undefined && { licence_url: licenceUrl }),
      author,
      url,
    })),
    ...(supplied.length > 0
      ? [{ item: `pictures of ${supplied.join(', ')}`, licence: 'supplied by the user' }]
      : []),
    ...facts.fonts.map(({ package: name, licence }) => ({ item: `font ${name}`, licence })),
  ];
}

/** A work that is used several times is credited once. */
function oncePerWork(credits: Credit[]): Credit[] {
  return [...new Map(credits.map((credit) => [`${credit.url}\n${credit.title}`, credit])).values()];
}
