// Who makes sound effects when nobody else is asked: part of the key of every effect.
import type { Maker } from '../../ports/providers.ts';

/** A new version = effects are made again. */
export const foleyMaker: Maker = { id: 'offline/foley', version: '2' };
