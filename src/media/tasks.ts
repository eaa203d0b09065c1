// Every task that a media process can do, by name: the offline makers and the media tools.
import { composeMusic } from '../offline/composer/compose-music.ts';
import { makeEffect } from '../offline/foley/make-effect.ts';
import { illustrate } from '../offline/painter/illustrate.ts';
import { plan } from '../offline/planner/plan.ts';
import { speak } from '../offline/speaker/speak.ts';
import { assemble } from '../render/assemble.ts';
import { checkGlyphs } from '../render/check-glyphs.ts';
import { describe } from '../render/describe.ts';
import { inspect } from '../render/inspect.ts';
import { prepareMedia } from '../render/media/prepare-media.ts';
import { prepareSound } from '../render/media/prepare-sound.ts';
import { probeMedia } from '../render/media/probe-media.ts';
import { renderScene } from '../render/render-scene.ts';
import { makeThumbnail } from '../render/thumbnail.ts';
import { joinSounds } from '../sound/join-sounds.ts';
import { mixAudio } from '../sound/mix-audio.ts';
import { paceSpeech } from '../sound/pace-speech.ts';
import { contactSheet } from './contact-sheet.ts';

export const tasks = {
  plan,
  speak,
  illustrate,
  composeMusic,
  makeEffect,
  paceSpeech,
  mixAudio,
  renderScene,
  assemble,
  makeThumbnail,
  inspect,
  checkGlyphs,
  describe,
  probeMedia,
  prepareMedia,
  prepareSound,
  joinSounds,
  contactSheet,
};

export type TaskName = keyof typeof tasks;
export type TaskInput<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[0];
export type TaskResult<Name extends TaskName> = Awaited<ReturnType<(typeof tasks)[Name]>>;
