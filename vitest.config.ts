// Test runner settings. Files run in parallel, each in its own process: media code is native and must not share one.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globals: false,
    globalSetup: ['./test/global-setup.ts'],
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
