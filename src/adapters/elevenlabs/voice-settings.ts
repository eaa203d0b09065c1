// How a text is meant to be said, in ElevenLabs' terms.
import type { MoodName } from '../../domain/video-request.ts';
import type { Delivery } from '../../ports/providers.ts';
import type { SpeechModel } from './models.ts';

/** Low stability is lively and uneven; style exaggerates the voice's own. */
const manners: Record<MoodName, { stability: number; style: number }> = {
  dramatic: { stability: 0.4, style: 0.35 },
  calm: { stability: 0.65, style: 0.05 },
  uplifting: { stability: 0.45, style: 0.25 },
  tense: { stability: 0.4, style: 0.3 },
  mysterious: { stability: 0.5, style: 0.3 },
  playful: { stability: 0.35, style: 0.4 },
  melancholic: { stability: 0.55, style: 0.2 },
  epic: { stability: 0.4, style: 0.4 },
  neutral: { stability: 0.55, style: 0 },
};
/** How much livelier the most energetic scene is than one of the middle. */
const energySwing = 0.2;

/** No `speed`: pace is MediaTools.paceSpeech's work. */
export function voiceSettings(delivery: Delivery | undefined, { takesStyle, coarseStability }: SpeechModel) {
  const { mood, energy } = delivery ?? { mood: 'neutral', energy: 0.5 };
  const { stability, style } = manners[mood];
  const livelier = (energy - 0.5) * energySwing;
  const steady = Math.min(1, Math.max(0, stability - livelier));
  return {
    stability: coarseStability ? Math.round(steady * 2) / 2 : rounded(steady),
    similarity_boost: 0.75,
    ...(takesStyle && { style: rounded(Math.min(1, Math.max(0, style + livelier))) }),
  };
}

const rounded = (share: number) => Math.round(share * 100) / 100;
