// Who composes when nobody else is asked: part of the key of every score.
import type { Maker } from '../../ports/providers.ts';

/** A new version = scores are composed again. */
export const musicMaker: Maker = { id: 'offline/composer', version: '3' };
