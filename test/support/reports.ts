// A report as inspection writes it, for tests that only carry one.
import type { Report } from '../../src/domain/report.ts';

export function reportOf(): Report {
  return {
    duration: 30.02,
    duration_error: 0.02,
    bytes: 1000,
    container: 'mov,mp4',
    faststart: true,
    video: {
      codec: 'h264',
      profile: 'Main',
      width: 1280,
      height: 720,
      fps: 24,
      frames: 720,
      pixel_format: 'yuv420p',
      color: 'bt709',
      bit_rate: 2_000_000,
    },
    audio: { codec: 'aac', sample_rate: 48_000, channels: 2, bit_rate: 192_000 },
    chapters: 2,
    loudness: { integrated_lufs: -14, true_peak_dbtp: -1.4, range_lu: 5.5, narration_to_music_lu: 12.1 },
    silence: [{ start: 0, end: 0.4 }],
    black: [],
    frozen: [],
    narration: [{ scene: 's01', sentence: 1, presence: 0.97 }],
    captions: { words: 4, offset_p95_ms: 12, glyph_coverage: 1 },
    gates: [{ name: 'loudness', passed: true, measured: '-14.0 LUFS', required: '-14 ±0.5 LUFS' }],
  };
}
