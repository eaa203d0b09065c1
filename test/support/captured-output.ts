// What the program prints while a test runs it in this process.
import { vi } from 'vitest';

/** From now on, until `vi.restoreAllMocks()`. */
export function captureOutput() {
  const printed = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed.out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.err += text;
    return true;
  });
  return printed;
}
