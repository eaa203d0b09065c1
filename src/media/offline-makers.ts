// The offline makers and the media tools behind their ports: each call is one task of a media process.
import { musicMaker } from '../offline/composer/maker.ts';
import { foleyMaker } from '../offline/foley/maker.ts';
import { painterMaker } from '../offline/painter/maker.ts';
import { planMaker } from '../offline/planner/maker.ts';
import { speechMaker, voices } from '../offline/speaker/maker.ts';
import type { Makers } from '../ports/makers.ts';
import type { MediaPool } from './media-pool.ts';
import { mediaToolsVersion } from './version.ts';

export function createOfflineMakers({ run }: MediaPool): Makers {
  return {
    language: { ...planMaker, plan: (input, context) => run('plan', input, context) },
    speech: { ...speechMaker, voices: () => voices, speak: (input, context) => run('speak', input, context) },
    music: { ...musicMaker, compose: (input, context) => run('composeMusic', input, context) },
    soundEffects: { ...foleyMaker, make: (input, context) => run('makeEffect', input, context) },
    visuals: { ...painterMaker, illustrate: (input, context) => run('illustrate', input, context) },
    tools: {
      version: mediaToolsVersion,
      mixAudio: (input, context) => run('mixAudio', input, context),
      renderScene: (input, context) => run('renderScene', input, context),
      assemble: (input, context) => run('assemble', input, context),
      makeThumbnail: (input, context) => run('makeThumbnail', input, context),
      inspect: (input, context) => run('inspect', input, context),
      checkGlyphs: (input, context) => run('checkGlyphs', input, context),
      probeMedia: (input, context) => run('probeMedia', input, context),
      prepareMedia: (input, context) => run('prepareMedia', input, context),
    },
  };
}
