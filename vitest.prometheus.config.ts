// The tests that need Debian's package `prometheus`: a command of their own, so that `npm test` needs none.
import { defineConfig } from 'vitest/config';

import main from './vitest.config.ts';

export default defineConfig({
  test: {
    ...main.test,
    include: ['test/prometheus/**/*.test.ts'],
    exclude: [],
    testTimeout: 180_000,
    globalSetup: ['./test/prometheus/needs-prometheus.ts', './test/global-setup.ts'],
  },
});
