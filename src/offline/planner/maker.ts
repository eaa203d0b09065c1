// Who plans when nobody else is asked: part of the key of every plan.
import type { Maker } from '../../ports/providers.ts';

/** A new version = scripts are planned again. */
export const planMaker: Maker = { id: 'offline/planner', version: '6' };
