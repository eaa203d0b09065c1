// Ctrl-C and its kin as an AbortSignal, so that a command can end what it began.

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupts extends Disposable {
  /** Aborted by the first signal; the second ends the process at once. */
  readonly signal: AbortSignal;
}

export function catchInterrupts(): Interrupts {
  const controller = new AbortController();
  const release = () => {
    for (const name of signals) process.off(name, interrupt);
  };
  const interrupt = () => {
    release();
    controller.abort();
  };
  for (const name of signals) process.on(name, interrupt);
  return { signal: controller.signal, [Symbol.dispose]: release };
}
