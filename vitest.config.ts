// Test runner settings. Files run in parallel, each in its own process: media code is native and must not share one.
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/prometheus/**'],
    pool: 'forks',
    maxWorkers: 2,
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globals: false,
    // Read once by Google's library, before a double can make its certificate trusted.
    env: { GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: '' },
    globalSetup: ['./test/global-setup.ts'],
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
