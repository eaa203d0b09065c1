// Every instrument by name.
import * as drums from './drums.ts';
import * as keys from './keys.ts';
import * as leads from './leads.ts';
import * as pads from './pads.ts';
import * as plucks from './plucks.ts';

export const instruments = { ...pads, ...plucks, ...keys, ...leads, ...drums };
export type InstrumentName = keyof typeof instruments;
