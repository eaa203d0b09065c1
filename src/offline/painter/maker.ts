// Who paints pictures when nobody else is asked: part of the key of every scene's art.
import type { Maker } from '../../ports/providers.ts';

/** A new version = scenes are painted again. */
export const painterMaker: Maker = { id: 'offline/painter', version: '6' };
