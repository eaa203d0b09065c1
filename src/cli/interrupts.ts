// Ctrl-C and its kin as an AbortSignal, so that a command can end what it began.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupts extends Disposable {
  /** Aborted by the first signal. A second Ctrl-C ends the process at once; other signals may come more than once. */
  readonly signal: AbortSignal;
}

export function catchInterrupts(): Interrupts {
  const controller = new AbortController();
  const release = () => {
    for (const name of signals) process.off(name, interrupt);
  };
  const interrupt = () => {
    // Only Ctrl-C twice is impatience: the others come to the whole group and, passed on by the parent, once more.
    process.off('SIGINT', interrupt);
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  return { signal: controller.signal, [Symbol.dispose]: release };
}
