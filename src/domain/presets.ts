// Named sets of a request's fields for common uses, in wire form: what people send who do not want to choose each field.
import type { VideoRequest } from './video-request.ts';

type PresetRequest = Pick<
  VideoRequest,
  'style' | 'mood' | 'aspect_ratio' | 'resolution' | 'fps' | 'title_cards' | 'captions' | 'audio'
>;

interface Preset {
  title: string;
  description: string;
  /** To be sent with a script; each field can be replaced. */
  request: PresetRequest;
}

const wide = { aspect_ratio: '16:9', resolution: '1080p', fps: 30, title_cards: true } as const;
const tall = { aspect_ratio: '9:16', resolution: '1080p', fps: 30, title_cards: false } as const;
const allSound = { music: true, effects: true, loudness_lufs: -14 };

export const presets = {
  short: {
    title: 'Short for social media',
    description:
      'Upright, quick and bright, with big captions that follow the voice; no title card to swipe past.',
    request: {
      ...tall,
      style: 'social',
      mood: 'playful',
      captions: { enabled: true, style: 'karaoke', position: 'middle' },
      audio: allSound,
    },
  },
  feed: {
    title: 'Post in a feed',
    description:
      'Four to five, which fills a feed on a phone, with captions for those who listen without sound.',
    request: {
      ...tall,
      aspect_ratio: '4:5',
      style: 'social',
      mood: 'uplifting',
      captions: { enabled: true, style: 'bold', position: 'bottom' },
      audio: allSound,
    },
  },
  story: {
    title: 'Story',
    description: 'Told like a film: bars, dissolves, swelling music and the sounds of the place.',
    request: {
      ...wide,
      fps: 24,
      style: 'cinematic',
      mood: 'dramatic',
      captions: { enabled: true, style: 'clean', position: 'bottom' },
      audio: allSound,
    },
  },
  documentary: {
    title: 'Documentary',
    description: 'Patient pictures and plain captions under an even voice; music keeps to the background.',
    request: {
      ...wide,
      fps: 25,
      style: 'documentary',
      mood: 'neutral',
      captions: { enabled: true, style: 'clean', position: 'bottom' },
      audio: { ...allSound, loudness_lufs: -16 },
    },
  },
  lesson: {
    title: 'Lesson',
    description:
      'Few shapes and much air, boxed captions to read along, calm music and no effects in the way.',
    request: {
      ...wide,
      style: 'minimal',
      mood: 'calm',
      captions: { enabled: true, style: 'boxed', position: 'bottom' },
      audio: { ...allSound, effects: false, loudness_lufs: -16 },
    },
  },
  news: {
    title: 'News',
    description: 'Clear pictures, boxed captions, a voice without music or effects.',
    request: {
      ...wide,
      style: 'corporate',
      mood: 'neutral',
      captions: { enabled: true, style: 'boxed', position: 'bottom' },
      audio: { music: false, effects: false, loudness_lufs: -16 },
    },
  },
  advertisement: {
    title: 'Advertisement',
    description: 'Square, bright and confident, with rising music and bold words.',
    request: {
      ...tall,
      aspect_ratio: '1:1',
      style: 'corporate',
      mood: 'uplifting',
      captions: { enabled: true, style: 'bold', position: 'bottom' },
      audio: allSound,
    },
  },
  trailer: {
    title: 'Trailer',
    description: 'Wide chords and drums, huge skies, hits on the cuts; no captions.',
    request: {
      ...wide,
      fps: 24,
      style: 'cinematic',
      mood: 'epic',
      captions: { enabled: false, position: 'bottom' },
      audio: allSound,
    },
  },
  meditation: {
    title: 'Meditation',
    description: 'Greens, water and mist, slow music and the sounds of nature; no captions.',
    request: {
      ...wide,
      style: 'nature',
      mood: 'calm',
      captions: { enabled: false, position: 'bottom' },
      audio: { ...allSound, loudness_lufs: -18 },
    },
  },
} as const satisfies Record<string, Preset>;
