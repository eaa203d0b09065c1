// Ends the waiting for answers that do not come: the library's own requests have no deadline.

/** What `work` gives; throws when that takes longer than `limitMs`. The work itself is left alone. */
export async function unlessSilent<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  const silence = Promise.withResolvers<never>();
  const watch = watchForSilence(limitMs, silence.reject);
  try {
    return await Promise.race([work(), silence.promise]);
  } finally {
    watch.stop();
  }
}

/** Calls `onSilence` once when nothing was heard for `limitMs`. */
export function watchForSilence(limitMs: number, onSilence: (silence: Error) => void) {
  const timer = setTimeout(() => onSilence(new Error(`no answer within ${limitMs} ms`)), limitMs);
  return { heard: () => void timer.refresh(), stop: () => clearTimeout(timer) };
}
