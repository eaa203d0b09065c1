// The manifest: everything that went into a video, in wire form. Gathered here from what the steps gave.
import type { Storyboard } from '../domain/storyboard.ts';
import type { Timeline } from '../domain/timeline.ts';
import type { VideoRequest } from '../domain/video-request.ts';
import type { Makers } from '../ports/makers.ts';
import type { ToolFacts } from '../ports/media-tools.ts';
import type { StepRun } from '../ports/step-store.ts';

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

export interface Manifest {
  request: VideoRequest;
  /** Capability → maker and its version. */
  makers: Record<string, string>;
  versions: Record<string, string>;
  voice: string;
  music: { tempo_bpm: number; key: string } | null;
  seeds: { request: number; scenes: Record<string, number>; effects: number[] };
  fonts: ToolFacts['fonts'];
  /** Step instance → step key. */
  steps: Record<string, string>;
  media: MediaDigests;
  rights: { item: string; licence: string }[];
}

export interface ManifestInput {
  request: VideoRequest;
  makers: Makers;
  storyboard: Storyboard;
  timeline: Timeline;
  voice: string;
  score: { tempoBpm: number; key: string } | null;
  facts: ToolFacts;
  history: StepRun[];
  media: MediaDigests;
}

export function writeManifest(input: ManifestInput): Manifest {
  const { request, makers, storyboard, timeline, voice, score, facts, history, media } = input;
  return {
    request,
    makers: versionsOf(makers),
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

function versionsOf({
  language,
  speech,
  music,
  soundEffects,
  visuals,
  tools,
}: Makers): Record<string, string> {
  const named = { language, speech, music, sound_effects: soundEffects, visuals };
  const makers = Object.entries(named).map(([name, { id, version }]) => [name, `${id}@${version}`]);
  return { ...Object.fromEntries(makers), tools: tools.version };
}

function rightsOf({ makers, voice: voiceId, facts, media }: ManifestInput): Manifest['rights'] {
  const voice = makers.speech.voices().find((each) => each.voice === voiceId);
  const supplied = Object.keys(media.supplied ?? {});
  return [
    { item: `voice ${voiceId}`, licence: voice?.licence ?? 'unknown' },
    { item: 'music, sound effects and pictures', licence: 'made by AIPROD from the request; yours' },
    ...(supplied.length > 0
      ? [{ item: `pictures of ${supplied.join(', ')}`, licence: 'supplied by the user' }]
      : []),
    ...facts.fonts.map(({ package: name, licence }) => ({ item: `font ${name}`, licence })),
  ];
}
