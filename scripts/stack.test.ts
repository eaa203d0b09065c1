// What npm run stack says when it cannot begin. The show itself is in test/prometheus.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

function stack(...args: string[]) {
  const script = resolve(import.meta.dirname, 'stack.ts');
  // Nothing is on this PATH.
  return spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    env: { PATH: import.meta.dirname },
  });
}

test('without Prometheus nothing is started, and it is said how to get it', () => {
  const { status, stdout, stderr } = stack();
  expect(status).toBe(4);
  expect(stdout).toBe('');
  expect(stderr).toContain(
    'Prometheus is not installed: nothing was started.\n→ Install it: apt-get install prometheus',
  );
});

test('an option that there is not is refused', () => {
  const { status, stderr } = stack('--fast');
  expect(status).toBe(2);
  expect(stderr).toContain('--stay');
});
