// What inspection measured on the finished file, in wire form, and the gates it must pass.

export interface Gate {
  name: string;
  passed: boolean;
  /** What was measured, with its unit in words: `-14.1 LUFS`. */
  measured: string;
  /** What was demanded: `-14 ±0.5 LUFS`. */
  required: string;
}

/** A stretch of time in the finished video, seconds. */
export interface Span {
  start: number;
  end: number;
}

export interface Report {
  duration: number;
  /** Seconds, measured minus requested; null when no duration was asked for. */
  duration_error: number | null;
  bytes: number;
  container: string;
  faststart: boolean;
  video: {
    codec: string;
    profile: string;
    width: number;
    height: number;
    fps: number;
    frames: number;
    pixel_format: string;
    color: string;
    bit_rate: number;
  };
  audio: { codec: string; sample_rate: number; channels: number; bit_rate: number };
  chapters: number;
  loudness: {
    integrated_lufs: number;
    true_peak_dbtp: number;
    range_lu: number;
    /** Narration loudness minus music loudness while somebody speaks, LU; null without music. */
    narration_to_music_lu: number | null;
  };
  silence: Span[];
  black: Span[];
  frozen: Span[];
  /** Per sentence: correlation 0..1 of the finished sound with the narration that should be in it. */
  narration: { scene: string; sentence: number; presence: number }[];
  captions: {
    words: number;
    /** 95th percentile of |caption shown − word spoken|, milliseconds; null when captions are off. */
    offset_p95_ms: number | null;
    /** Share 0..1 of the characters on screen that the fonts can draw. */
    glyph_coverage: number;
  };
  gates: Gate[];
}
