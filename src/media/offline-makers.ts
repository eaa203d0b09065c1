// The offline makers and the media tools behind their ports: each call of weight is one task of a media process.
import { planBeats } from '../offline/composer/arrange.ts';
import { musicMaker } from '../offline/composer/maker.ts';
import { foleyMaker } from '../offline/foley/maker.ts';
import { painterMaker } from '../offline/painter/maker.ts';
import { planMaker } from '../offline/planner/maker.ts';
import { offlineVoices, speechMaker } from '../offline/speaker/maker.ts';
import type { VoiceModel } from '../offline/speaker/neural/voice-model.ts';
import type { Makers } from '../ports/makers.ts';
import type { MediaPool } from './media-pool.ts';
import { mediaToolsVersion } from './version.ts';

/** `voiceModels` are the neural voices that the user added. */
export function createOfflineMakers({ run }: MediaPool, voiceModels: readonly VoiceModel[] = []): Makers {
  const voices = offlineVoices(voiceModels);
  return {
    language: [{ ...planMaker, plan: (input, context) => run('plan', input, context) }],
    speech: [
      {
        ...speechMaker,
        voices: () => voices,
        speak(input, context) {
          const model = voiceModels.find(({ voice }) => voice === input.voice);
          return run('speak', model ? { ...input, model } : input, context);
        },
      },
    ],
    music: [
      {
        ...musicMaker,
        // A moment's arithmetic: not worth the wait for a process.
        planBeats: async (input) => planBeats(input),
        compose: (input, context) => run('composeMusic', input, context),
      },
    ],
    soundEffects: [{ ...foleyMaker, make: (input, context) => run('makeEffect', input, context) }],
    visuals: [{ ...painterMaker, illustrate: (input, context) => run('illustrate', input, context) }],
    tools: {
      version: mediaToolsVersion,
      paceSpeech: (input, context) => run('paceSpeech', input, context),
      mixAudio: (input, context) => run('mixAudio', input, context),
      renderScene: (input, context) => run('renderScene', input, context),
      assemble: (input, context) => run('assemble', input, context),
      makeThumbnail: (input, context) => run('makeThumbnail', input, context),
      inspect: (input, context) => run('inspect', input, context),
      describe: (input, context) => run('describe', input, context),
      checkGlyphs: (input, context) => run('checkGlyphs', input, context),
      probeMedia: (input, context) => run('probeMedia', input, context),
      prepareMedia: (input, context) => run('prepareMedia', input, context),
      prepareSound: (input, context) => run('prepareSound', input, context),
      joinSounds: (input, context) => run('joinSounds', input, context),
    },
  };
}
