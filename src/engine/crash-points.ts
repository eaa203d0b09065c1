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
/** Around the whole job, in order. */
export const jobCrashPoints = ['after-claim', 'before-complete', 'after-complete'] as const;

export type CrashPoint = `${(typeof stepCrashPoints)[number]}:${string}` | (typeof jobCrashPoints)[number];

export type PassCrashPoint = (point: CrashPoint) => void;

export const passNoCrash: PassCrashPoint = () => {};
