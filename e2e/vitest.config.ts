import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['e2e/**/*.test.ts'],
    // Pods, schedulers and a cluster on a machine that may be small and busy: slow is not wrong.
    testTimeout: 900_000,
    hookTimeout: 1_800_000,
    pool: 'forks',
    fileParallelism: false,
    // Each case begins with what the ones before it have left running.
    sequence: { concurrent: false },
    // Those that say that they may run side by side.
    maxConcurrency: 6,
    bail: 0,
  },
});
