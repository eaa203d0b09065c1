// The places at which a process may die with a different amount of work saved. The crash suite kills a real worker
// at each of them; in production `pass` does nothing.

/** Within every step, in order. */
export const stepCrashPoints = [
  'before-make',
  'after-make',
  'after-blobs',
  'after-result',
  'after-record',
] as const;
/** Within a paid call, in order; between the first and the second of a step's own. */
export const paidCrashPoints = [
  'after-reserve',
  'before-send',
  'after-send',
  'after-accept',
  'after-collect',
  'after-settle',
] as const;
/** Around the whole job, in order. */
export const jobCrashPoints = ['after-claim', 'before-complete', 'after-complete'] as const;

export type CrashPoint =
  | `${(typeof stepCrashPoints)[number] | (typeof paidCrashPoints)[number]}:${string}`
  | (typeof jobCrashPoints)[number];

export type PassCrashPoint = (point: CrashPoint) => void;

export const passNoCrash: PassCrashPoint = () => {};
