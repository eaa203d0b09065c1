// A neural voice that a user put into the models folder: what is known of it before anything is loaded. Light and plain
// data: it travels to the media process.

export type ModelKind = 'vits' | 'kokoro' | 'matcha';

export interface VoiceModel {
  /** `neural-` and the folder's name. */
  voice: string;
  name: string;
  /** BCP 47 primary tag. */
  language: string;
  licence: string;
  kind: ModelKind;
  /** Absolute paths by the library's own option names. */
  files: Record<string, string>;
  /** Which of the model's speakers. */
  speaker: number;
  sampleRate: number;
  /** Of all files together: an exchanged model is another voice. */
  digest: string;
}

/** A folder that holds no voice that can be used, and why. */
export interface BrokenModel {
  folder: string;
  fault: string;
}
