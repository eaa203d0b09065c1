// A complete request, as the API would have filled it in.
import type { VideoRequest } from '../../src/domain/video-request.ts';

export function requestOf(overrides: Partial<VideoRequest> = {}): VideoRequest {
  return {
    script: 'A lighthouse stands alone.',
    style: 'cinematic',
    mood: 'calm',
    aspect_ratio: '16:9',
    resolution: '720p',
    fps: 24,
    title_cards: true,
    captions: { enabled: true, position: 'bottom' },
    audio: { music: true, effects: true, loudness_lufs: -14 },
    rewrite: false,
    strict: false,
    approval: false,
    seed: 1,
    metadata: {},
    ...overrides,
  };
}
